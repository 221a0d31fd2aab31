import type { Contract } from '../custom/contract.ts'
import { storedColumns } from '../engines/incremental/stored-columns.ts'
import { HISTORY_VERSION, type HistoryState } from '../history/state.ts'
import { KnownError } from '../lib/errors.ts'
import { keyId, shownRules } from './hash-key.ts'
import { otherVersion } from './history-folder.ts'
import type { RunOptions } from './options.ts'

/** Settings that judge a run or hang on the as-of date alone: the tables of a history do not depend on them. */
const WITHOUT_HISTORY = [
  'maxRejectRate',
  'totalPrice',
  'listPrices',
  'couponTolerance',
  'coupons',
  'rfm',
  'purchaseFrequencyBuckets',
]

const REBUILD = 'build everything anew from all raw files with: ecomagg process --full'

/** The settings that a history was made with, as its state file holds them. */
export function historyRules(options: RunOptions): Record<string, unknown> {
  return JSON.parse(JSON.stringify(shownRules(options.rules, options.hashKey))) as Record<string, unknown>
}

/**
 * Refuses to add to a history that was made with other settings, or by a version that counted otherwise:
 * the tables would be neither those of the old settings nor those of the new ones.
 *
 * @throws KnownError history_rules_changed (config), history_version (data)
 */
export function checkHistoryRules(options: RunOptions, contract: Contract, state: HistoryState): void {
  if (state.history_version !== HISTORY_VERSION)
    throw otherVersion(
      options.outputFolder,
      `version ${state.history_version} of the history, by ecomagg ${state.version}`,
    )
  const changed = changedSettings(options, contract, state)
  if (changed.length === 0) return
  const message = `the history in ${options.outputFolder} was made with other settings, and past dates would change: ${changed.join('; ')}`
  throw new KnownError('config', 'history_rules_changed', message, {
    file: options.outputFolder,
    found: changed.join('; '),
    allowed: 'the settings that the history was made with',
    hint: `take the settings back, or ${REBUILD}`,
  })
}

function changedSettings(options: RunOptions, contract: Contract, state: HistoryState): string[] {
  const before = comparable(state.rules)
  const now = comparable(historyRules(options))
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
  const differences = changed.map(
    (name) => `${name} (${shown(before[name])} before, ${shown(now[name])} now)`,
  )
  if (state.hash_key_id !== keyId(options.hashKey)) differences.push('the key that ids are hashed with')
  const { bom, escape_formulas: escapes } = state.dialect
  if (bom !== options.bom) differences.push(`--bom (${bom ? 'on' : 'off'} before)`)
  if (escapes !== options.escapeFormulas)
    differences.push(`--no-escape-formulas (${escapes ? 'not given' : 'given'} before)`)
  const lacking = [...storedColumns(contract, options.rules)].flatMap(([table, columns]) =>
    columns
      .filter((column) => state.columns[table]?.includes(column) !== true)
      .map((column) => `${table}.${column}`),
  )
  if (lacking.length > 0) differences.push(`columns that the history does not hold: ${lacking.join(', ')}`)
  return differences
}

/** Settings by name, nested ones by their path, without those that change no past date. */
function comparable(rules: Record<string, unknown>): Record<string, unknown> {
  const { rawTables, privacy, coupons, couponTolerance, ...others } = rules as {
    rawTables?: Record<string, Record<string, unknown>>
    privacy?: { hashIds?: unknown }
    coupons?: Record<string, { action?: string }>
    couponTolerance?: unknown
  } & Record<string, unknown>
  const result = Object.fromEntries(
    Object.entries(others).filter(([name]) => !WITHOUT_HISTORY.includes(name)),
  )
  for (const [table, { maxRejectRate: _, ...rest }] of Object.entries(rawTables ?? {}))
    result[`rawTables.${table}`] = rest
  result['privacy.hashIds'] = privacy?.hashIds
  const correcting = Object.entries(coupons ?? {}).filter(([, { action }]) => action === 'correct')
  if (correcting.length > 0) {
    result.coupons = Object.fromEntries(correcting)
    result.couponTolerance = couponTolerance
  }
  return result
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`
}
