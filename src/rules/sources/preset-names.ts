import * as z from 'zod'

/** Systems whose exports ecomagg knows; `sources/presets/` says what each is. */
export const PRESET_NAMES = [
  'shopify_orders',
  'woocommerce_orders',
  'matomo',
  'ga4_bigquery',
  'google_ads',
  'meta_ads',
  'microsoft_ads',
] as const
export type PresetName = (typeof PRESET_NAMES)[number]

/** Which preset the settings of a raw table start from; they are filled in before the schema sees them. */
export const presetSchema = z
  .enum(PRESET_NAMES)
  .describe('The system that the export comes from: its settings hold where none are written here.')
