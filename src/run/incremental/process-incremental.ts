import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { keyId } from '../../config/hash-key.ts'
import type { RunOptions } from '../../config/run-options.ts'
import type { Contract } from '../../custom/contract.ts'
import type { LoadedRun } from '../../engines/engine.ts'
import type { NextHistory } from '../../history/next-history.ts'
import { HistoryStore } from '../../history/store.ts'
import { storedColumns } from '../../history/stored-columns.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { packageVersion } from '../../lib/version.ts'
import { prepareHistory, readableState, readState } from '../commit/history-folder.ts'
import { faultOfSet, readManifest } from '../commit/published-set.ts'
import { stagedFile } from '../commit/stage.ts'
import { type StagedSet, stageTables } from '../compute/process-plain.ts'
import { historyFolder } from '../lock/work-folder.ts'
import type { RejectsFile } from '../logs/rejects-file.ts'
import type { RunState } from '../logs/run-state.ts'
import { checkHistoryRules, historyRules, newSettings } from './history-rules.ts'
import { tellUpdate, type Update } from './incremental-report.ts'
import { type Job, type Kept, keepRows } from './keep-rows.ts'
import { checkReplacedSet } from './replaced-set.ts'
import { NO_CHANGES, revenueByDate, setChanges, traceOf } from './set-changes.ts'
import { HistoryStage } from './stage-history.ts'

/**
 * Adds a slice of days to the rows that are kept, or keeps the rows of all raw files (mode full); then
 * computes all tables from all kept rows.
 *
 * @returns undefined if the published set is already what this run would publish
 * @throws KnownError no_history, history_version, history_damaged, slice_loses_rows, full_loses_dates,
 *   set_not_whole (data); history_rules_changed (config); whatever reading and judging throws
 */
export async function stageIncremental(
  options: RunOptions,
  contract: Contract,
  staging: string,
  state: RunState,
  rejects: RejectsFile,
): Promise<StagedSet | undefined> {
  const { outputFolder } = options
  // What is built anew need not be read.
  const published = await (options.mode === 'full' ? readableState(outputFolder) : readState(outputFolder))
  const before = options.mode === 'full' ? undefined : published
  if (options.mode === 'incremental') checkReplacedSet(outputFolder, published)
  if (before !== undefined) {
    checkHistoryRules(options, contract, before)
    const fault = faultOfSet(outputFolder, readManifest(outputFolder), false)
    if (fault !== undefined) throw fault
  }
  prepareHistory(outputFolder, published)
  const store = new HistoryStore(historyFolder(outputFolder))
  const stage = new HistoryStage(staging, state.record.run_id, store)
  const seed = before?.seed ?? randomInt(0x7fff_ffff)
  try {
    return await stageSet({ options, contract, staging, state, rejects, before, seed, store, stage })
  } finally {
    stage.close()
    store.close()
  }
}

async function stageSet(job: Job): Promise<StagedSet | undefined> {
  const { options, contract, staging, state, before, stage } = job
  const kept = await keepRows(job)
  const { next, run } = kept
  const isOfSameRows = isPublished(job, next, run)
  if (isOfSameRows && mayBeSpared(options)) return tellUnchanged(kept, state)
  const revenue: Record<string, string> = {}
  const staged = await stageTables(run, options, staging, state, (table) => {
    Object.assign(revenue, revenueByDate(table))
  })
  if (isOfSameRows && isSameSet(options.outputFolder, state)) return tellUnchanged(kept, state)
  const trace = traceOf(staged, revenue)
  const history = stage.finish(next, {
    version: packageVersion(),
    run_id: state.record.run_id,
    seed: job.seed,
    rules: historyRules(options),
    hash_key_id: keyId(options.hashKey),
    columns: Object.fromEntries(
      [...storedColumns(contract, options.rules)].map(([table, columns]) => [table, [...columns]]),
    ),
    ...trace,
  })
  const settings = before === undefined ? [] : newSettings(options, before)
  if (settings.length > 0)
    state.notice(`settings changed since the run before, and count for all dates: ${settings.join(', ')}`)
  const changes = before === undefined ? undefined : setChanges(before, trace)
  const { mergeDays } = options
  tellUpdate({ ...updateOf(kept), historyBytes: history.bytes, changes, mergeDays }, state)
  return {
    files: [...history.pieces, ...state.record.outputs.map(stagedFile), history.state],
    rowsByDate: run.rowsByDate,
    history: { bytes: history.state.bytes, sha256: history.state.sha256 },
  }
}

/** Own code may read what no setting tells, and findings would have to be looked for. */
function mayBeSpared({ strict, extensions }: RunOptions): boolean {
  return !strict && extensions.metrics.length === 0 && extensions.tables.length === 0
}

/** Whether the published set was made of the same rows, by the same settings and for the same as-of date. */
function isPublished({ options, before }: Job, { isChanged }: NextHistory, { asOf }: LoadedRun): boolean {
  if (before === undefined || isChanged) return false
  const { outputFolder, bom, escapeFormulas } = options
  const manifest = readManifest(outputFolder)
  const now = {
    version: packageVersion(),
    as_of: asOf === undefined ? null : formatDay(asOf),
    as_of_given: options.asOf !== undefined,
    dialect: { bom, escape_formulas: escapeFormulas },
    rules: historyRules(options),
    hash_key_id: keyId(options.hashKey),
  }
  const { version, as_of, as_of_given, dialect, rules, hash_key_id } = manifest
  return (
    isDeepStrictEqual({ version, as_of, as_of_given, dialect, rules, hash_key_id }, now) &&
    faultOfSet(outputFolder, manifest) === undefined
  )
}

/** Whether the tables that were computed are those that are published. */
function isSameSet(outputFolder: string, { record }: RunState): boolean {
  return isDeepStrictEqual(readManifest(outputFolder).files, record.outputs)
}

function tellUnchanged(kept: Kept, state: RunState): undefined {
  tellUpdate({ ...updateOf(kept), historyBytes: 0, changes: NO_CHANGES, mergeDays: false }, state)
  state.record.outputs = []
}

function updateOf({ next, tables, seconds }: Kept): Pick<Update, 'next' | 'loaded' | 'historySeconds'> {
  return { next, loaded: tables, historySeconds: seconds }
}
