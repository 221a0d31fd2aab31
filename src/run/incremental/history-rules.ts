import { keyId, shownRules } from '../../config/hash-key.ts'
import type { RunOptions } from '../../config/run-options.ts'
import type { Contract } from '../../custom/contract.ts'
import type { HistoryState } from '../../history/state.ts'
import { storedColumns } from '../../history/stored-columns.ts'
import { KnownError } from '../../lib/errors.ts'
import { SOURCE_SETTINGS } from '../../rules/sources/table.ts'

/**
 * Settings by which tables are computed and judged. All tables are computed from kept rows in each run, so
 * these may change at any time; all others say how rows are read, and old days were read by the old ones.
 */
const BY_RUN = [
  'maxRejectRate',
  'funnel',
  'timeOnPageCap',
  'rfm',
  'purchaseFrequencyBuckets',
  'channels',
  'coupons',
  'couponTolerance',
  'listPrices',
  'totalPrice',
]

/** Those among them that change no number. */
const WITHOUT_NUMBERS = ['maxRejectRate', 'listPrices', 'totalPrice']

/** Settings of a raw table that may change: old days stay as they were read from the exports of then. */
const BY_DELIVERY = ['maxRejectRate', ...SOURCE_SETTINGS]

const REBUILD = 'build everything anew from all raw files with: ecomagg process --full'

/** The settings that a history was made with, as its state file holds them. */
export function historyRules(options: RunOptions): Record<string, unknown> {
  return JSON.parse(JSON.stringify(shownRules(options.rules, options.hashKey))) as Record<string, unknown>
}

/**
 * Refuses to add to a history whose rows were read by other settings: past days would be read in one way and
 * new ones in another.
 *
 * @throws KnownError history_rules_changed (config)
 */
export function checkHistoryRules(options: RunOptions, contract: Contract, state: HistoryState): void {
  const changed = changedSettings(options, contract, state)
  if (changed.length === 0) return
  const message = `the rows that the history in ${options.outputFolder} keeps were read by other settings: ${changed.join('; ')}`
  throw new KnownError('config', 'history_rules_changed', message, {
    file: options.outputFolder,
    found: changed.join('; '),
    allowed: 'the settings that the kept rows were read by',
    hint: `take the settings back, or ${REBUILD}`,
  })
}

/** The settings that differ from those of the run before and by which past dates are computed anew. */
export function newSettings(options: RunOptions, state: HistoryState): string[] {
  const now = historyRules(options)
  return BY_RUN.filter((name) => !WITHOUT_NUMBERS.includes(name) && !isSame(state.rules[name], now[name]))
}

function changedSettings(options: RunOptions, contract: Contract, state: HistoryState): string[] {
  // A table that the history does not hold is told of by its columns.
  const tables = contract.rawTables
    .map(({ name }) => name)
    .filter((name) => state.columns[name] !== undefined)
  const before = comparable(state.rules, tables)
  const now = comparable(historyRules(options), tables)
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  const differences = names
    .filter((name) => !isSame(before[name], now[name]))
    .map((name) => `${name} (${shown(before[name])} before, ${shown(now[name])} now)`)
  if (state.hash_key_id !== keyId(options.hashKey)) differences.push('the key that ids are hashed with')
  const lacking = [...storedColumns(contract, options.rules)].flatMap(([table, columns]) =>
    columns
      .filter((column) => state.columns[table]?.includes(column) !== true)
      .map((column) => `${table}.${column}`),
  )
  if (lacking.length > 0) differences.push(`columns that the history does not hold: ${lacking.join(', ')}`)
  return differences
}

/**
 * Settings by name, nested ones by their path, without those that say nothing of how rows are read.
 *
 * @param tables the raw tables that are read; settings for others change nothing
 */
function comparable(rules: Record<string, unknown>, tables: readonly string[]): Record<string, unknown> {
  const { rawTables, privacy, filters, ...others } = rules as {
    rawTables?: Record<string, Record<string, unknown>>
    filters?: { columns?: readonly { readonly table: string }[] }
    privacy?: { hashIds?: unknown }
  } & Record<string, unknown>
  const result = Object.fromEntries(Object.entries(others).filter(([name]) => !BY_RUN.includes(name)))
  for (const [table, settings] of Object.entries(rawTables ?? {})) {
    if (!tables.includes(table)) continue
    const others = Object.entries(settings).filter(([name]) => !BY_DELIVERY.includes(name))
    result[`rawTables.${table}`] = Object.fromEntries(others)
  }
  const asked = filters?.columns?.filter(({ table }) => tables.includes(table))
  result.filters = { ...filters, ...(asked === undefined ? {} : { columns: asked }) }
  result['privacy.hashIds'] = privacy?.hashIds
  return result
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`
}
