import type { RawTableName } from '../../raw/index.ts'
import { ga4_bigquery } from './ga4_bigquery.ts'
import { google_ads } from './google_ads.ts'
import { matomo } from './matomo.ts'
import { meta_ads } from './meta_ads.ts'
import { microsoft_ads } from './microsoft_ads.ts'
import type { Preset } from './preset.ts'
import { shopify_orders } from './shopify_orders.ts'
import { woocommerce_orders } from './woocommerce_orders.ts'

/** All presets, in the order of their names in the settings. */
export const presets: readonly Preset[] = [
  shopify_orders,
  woocommerce_orders,
  matomo,
  ga4_bigquery,
  google_ads,
  meta_ads,
  microsoft_ads,
]

/** The preset of a name; undefined if there is none. */
export function presetNamed(name: unknown): Preset | undefined {
  return presets.find((preset) => preset.name === name)
}

/** The presets that fill a raw table. */
export function presetsFor(table: string): readonly Preset[] {
  return presets.filter(({ tables }) => tables[table as RawTableName] !== undefined)
}
