import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { neededColumns } from '../checks/needed-columns.ts'
import type { Contract } from '../custom/contract.ts'
import { noExtensions } from '../custom/extensions.ts'
import type { InputReport, LoadedRun } from '../engines/engine.ts'
import { inputReports } from '../engines/input-reports.ts'
import { loadThreads } from '../engines/load-threads.ts'
import { memoryRun } from '../engines/memory/index.ts'
import { keysOutOfFileOrder } from '../history/delivery/file-order.ts'
import { type DayPiece, loadKept } from '../history/load-kept.ts'
import { findLostRows } from '../history/delivery/lost-rows.ts'
import { deliveredDays, type NextHistory, nextHistory } from '../history/next-history.ts'
import { type Delivery, readDelivery } from '../history/delivery/read-delivery.ts'
import { SliceAccounting } from '../history/delivery/slice-accounting.ts'
import type { HistoryState, Piece } from '../history/state.ts'
import { HistoryStore, readingHistory } from '../history/store.ts'
import { storedColumns } from '../history/stored-columns.ts'
import { plural } from '../lib/grouped.ts'
import { packageVersion } from '../lib/version.ts'
import { formatDay, parseDay } from '../lib/wall-clock.ts'
import type { LoadedTable } from '../parsers/loaded-table.ts'
import type { RawTable } from '../raw/define.ts'
import { keyId } from './hash-key.ts'
import { prepareHistory, readableState, readState } from './history-folder.ts'
import { checkHistoryRules, historyRules, newSettings } from './history-rules.ts'
import { tellLost, tellUpdate, type Update } from './incremental-report.ts'
import { engineOptions } from './load-options.ts'
import type { RunOptions } from './options.ts'
import { type StagedSet, stageTables } from './process-plain.ts'
import { faultOfSet, readManifest } from './published-set.ts'
import { checkRejectLimit } from './reject-limit.ts'
import type { RejectsFile } from './rejects-file.ts'
import { checkReplacedSet, datesBefore } from './replaced-set.ts'
import type { RunState } from './run-state.ts'
import { NO_CHANGES, revenueByDate, setChanges, traceOf } from './set-changes.ts'
import { checkLostDates, checkLostRows } from './slice-checks.ts'
import { stagedFile } from './stage.ts'
import { HistoryStage } from './stage-history.ts'
import { historyFolder } from './work-folder.ts'

/** What the steps of an incremental run share. */
interface Job {
  readonly options: RunOptions
  readonly contract: Contract
  readonly staging: string
  readonly state: RunState
  readonly rejects: RejectsFile
  /** What the slice is added to; undefined if everything is built anew. */
  readonly before: HistoryState | undefined
  readonly seed: number
  readonly store: HistoryStore
  readonly stage: HistoryStage
}

/** The kept rows of a run, judged. */
interface Kept {
  readonly next: NextHistory
  readonly tables: readonly LoadedTable[]
  /** How long it took to read and judge them. */
  readonly seconds: number
  readonly run: LoadedRun
}

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
  if (mayBeSpared(options) && isPublished(job, next, run)) return tellUnchanged(kept, state)
  const revenue: Record<string, string> = {}
  const staged = await stageTables(run, options, staging, state, (table) => {
    Object.assign(revenue, revenueByDate(table))
  })
  if (isPublished(job, next, run) && isSameSet(options.outputFolder, state)) return tellUnchanged(kept, state)
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
  const mergeDays = options.mergeDays === true
  tellUpdate({ ...updateOf(kept), historyBytes: history.bytes, changes, mergeDays }, state)
  return {
    files: [...history.pieces, ...state.record.outputs.map(stagedFile), history.state],
    rowsByDate: run.rowsByDate,
    history: { bytes: history.state.bytes, sha256: history.state.sha256 },
  }
}

/** Reads the slice, makes the new history, and judges all rows of it. */
async function keepRows(job: Job): Promise<Kept> {
  const { options, contract, state, rejects, store } = job
  const inputs: InputReport[] = []
  let run: LoadedRun | undefined
  let seconds = 0
  state.enter('load')
  try {
    const { next, accounting } = await addDelivery(job, inputs)
    const tables = await readingHistory(store.folder, async () => {
      const started = performance.now()
      const loaded = await loadAll(job, next, accounting.take.bind(accounting))
      seconds = (performance.now() - started) / 1000
      accounting.finish((reject) => rejects.write(reject))
      tellFileOrder(accounting, next, job)
      return loaded
    })
    run = memoryRun(tables, inputs, { contract, rules: options.rules, asOf: options.asOf })
    // Rows that conflict with those of other dates count as well.
    checkRejectLimit(inputs, options.rules, options.showValues)
    return { next, tables, seconds, run }
  } finally {
    rejects.finish()
    state.record.rejects_file = rejects.path ?? null
    state.tookInputs(inputs, run?.asOf)
  }
}

/** What was delivered is needed no more once it has been added. @param inputs gets what is reported of it */
async function addDelivery(
  job: Job,
  inputs: InputReport[],
): Promise<{ next: NextHistory; accounting: SliceAccounting }> {
  const { options, contract, before, seed, rejects, store } = job
  const { rules } = options
  const engine = engineOptions(options, contract, rejects)
  const delivery = await readDelivery(
    {
      ...engine,
      folder: engine.inputFolder,
      tables: contract.rawTables,
      threads: loadThreads(engine.threads),
    },
    storedColumns(contract, rules),
    seed,
  )
  inputs.push(...inputReports(delivery.reports))
  checkRejectLimit(inputs, rules, options.showValues)
  return readingHistory(store.folder, async () => {
    if (before !== undefined && options.mergeDays !== true) await checkLost(job, before, delivery)
    const next = makeHistory(job, delivery)
    if (before === undefined) checkDates(job, next)
    return { next, accounting: new SliceAccounting(delivery, next, rules) }
  })
}

function makeHistory({ options, before, store, stage }: Job, delivery: Delivery): NextHistory {
  const next = nextHistory({
    delivered: delivery.tables,
    before: before === undefined ? undefined : { days: piecesByDay(before), undated: before.undated },
    store,
    mergeDays: options.mergeDays === true,
    rules: options.rules,
    addDay: stage.addDay,
    addUndated: stage.addUndated,
  })
  return next.isChanged ? { ...next, days: stage.joinFiles(next.days, options.mostHistoryFiles) } : next
}

function piecesByDay({ days }: HistoryState): Map<number, Piece> {
  return new Map(days.map(({ date, piece }) => [parseDay(date)!, piece]))
}

/** Rows that counted and that the slice lacks must not go without a word. */
async function checkLost(job: Job, before: HistoryState, { tables }: Delivery): Promise<void> {
  const { options, store, state } = job
  const pieces = piecesByDay(before)
  const days = new Set(deliveredDays(tables))
  const replaced = new Map([...pieces].filter(([day]) => days.has(day)))
  const lost = await findLostRows({
    delivered: tables,
    replaced,
    store,
    rules: options.rules,
    fatesBefore: async () => {
      const fates = new Map<string, Uint8Array>()
      const kept = {
        days: [...pieces].map(([day, piece]) => ({ day, piece })),
        undated: { day: undefined, piece: before.undated },
      }
      await loadAll(job, kept, (table, day, of) => {
        if (day !== undefined && replaced.has(day)) fates.set(`${day} ${table.name}`, of.slice())
      })
      return (table, day) => fates.get(`${day} ${table.name}`)!
    },
  })
  if (options.allowShrink === true) tellLost(lost, state)
  else checkLostRows(lost, options.outputFolder)
}

/** A history that is built anew must have the dates of the one before. */
function checkDates({ options }: Job, { days }: NextHistory): void {
  if (options.allowShrink === true) return
  const dates = days.map(({ day }) => formatDay(day!))
  checkLostDates(dates, datesBefore(options.outputFolder), options.outputFolder)
}

function loadAll(
  { options, contract, store }: Job,
  { days, undated }: { readonly days: readonly DayPiece[]; readonly undated: DayPiece },
  onJudged: (table: RawTable, day: number | undefined, fates: Uint8Array) => void,
): Promise<LoadedTable[]> {
  const { rules, signal } = options
  const tables = contract.rawTables
  return loadKept({ tables, keep: neededColumns(contract), rules, store, days, undated, onJudged, signal })
}

/** The first row of a key is that of the earliest date; says where that is not the first in the file. */
function tellFileOrder(accounting: SliceAccounting, next: NextHistory, { store, state }: Job): void {
  for (const [table, rows] of accounting.repeated()) {
    const keys = keysOutOfFileOrder(table, rows, next, store)
    if (keys > 0)
      state.notice(
        `${table.name}: ${plural(keys, 'key')} of the raw files stand on several dates; the row of the earliest date counts, which is not the first in the file`,
      )
  }
}

/** Own code may read what no setting tells, and findings would have to be looked for. */
function mayBeSpared({ strict, extensions = noExtensions }: RunOptions): boolean {
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
