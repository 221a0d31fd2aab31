import type { RawTableName } from '../../raw/index.ts'
import { presetNamed, presetsFor } from './index.ts'
import { type Preset, tablesOf } from './preset.ts'

type Values = Readonly<Record<string, unknown>>

/** A preset that cannot be used where it stands. */
export interface PresetProblem {
  readonly path: readonly string[]
  readonly message: string
  readonly found: string
  readonly allowed: string
}

/** Settings in which the presets are filled in. */
export interface Expanded {
  readonly given: Values
  readonly problems: readonly PresetProblem[]
}

/**
 * Fills in what the presets of the raw tables say. What the shop has written wins: each key of a table, and of
 * its `columns` each target. Whatever is no settings at all is left to the schema.
 *
 * @param given settings as a file holds them, not checked yet
 * @example expandPresets({ rawTables: { order_table: { preset: 'shopify_orders', files: 'o.csv' } } })
 */
export function expandPresets(given: Values): Expanded {
  const { rawTables } = given
  if (!isObject(rawTables)) return { given, problems: [] }
  const problems: PresetProblem[] = []
  const filled = Object.entries(rawTables).map(([table, own]): [string, unknown] => {
    const preset = isObject(own) ? presetNamed(own.preset) : undefined
    if (preset === undefined) return [table, own]
    const settings = preset.tables[table as RawTableName]
    if (settings !== undefined) return [table, merged(settings, own as Values)]
    problems.push(notFilled(preset, table))
    return [table, own]
  })
  return { given: { ...given, rawTables: Object.fromEntries(filled) }, problems }
}

function merged(preset: Values, own: Values): Values {
  const { columns } = own
  const all = { ...preset, ...withoutUndefined(own) }
  if (!isObject(columns) || !isObject(preset.columns)) return all
  return { ...all, columns: { ...preset.columns, ...withoutUndefined(columns) } }
}

/** In TypeScript, a key may be there without a value, which is as if it were not. */
function withoutUndefined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function notFilled(preset: Preset, table: string): PresetProblem {
  const others = presetsFor(table).map(({ name }) => name)
  const fills = tablesOf(preset).join(', ')
  return {
    path: ['rawTables', table, 'preset'],
    message: `${preset.name} does not fill ${table}, but ${fills}; ${others.length === 0 ? 'no preset does' : `those that do: ${others.join(', ')}`}`,
    found: preset.name,
    allowed: others.length === 0 ? 'no preset' : others.join(', '),
  }
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
