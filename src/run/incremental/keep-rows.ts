import { neededColumns } from '../../checks/needed-columns.ts'
import type { RunOptions } from '../../config/run-options.ts'
import type { Contract } from '../../custom/contract.ts'
import type { Engine, InputReport, LoadedRun } from '../../engines/engine.ts'
import { engines } from '../../engines/index.ts'
import { inputReports } from '../../engines/input-reports.ts'
import { loadThreads } from '../../engines/load-threads.ts'
import { type Delivery, readDelivery } from '../../history/delivery/read-delivery.ts'
import { type DayPiece, loadKept } from '../../history/load-kept.ts'
import { deliveredDays, type NextHistory, nextHistory } from '../../history/next-history.ts'
import { keysOutOfFileOrder } from '../../history/slices/file-order.ts'
import { findLostRows, type LostRows } from '../../history/slices/lost-rows.ts'
import { SliceAccounting } from '../../history/slices/slice-accounting.ts'
import type { HistoryState, Piece } from '../../history/state.ts'
import { type HistoryStore, readingHistory } from '../../history/store.ts'
import { storedColumns } from '../../history/stored-columns.ts'
import { KnownError } from '../../lib/errors.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { formatDay, parseDay } from '../../lib/times/wall-clock.ts'
import type { LoadedTable } from '../../parsers/loaded-table.ts'
import type { RawTable } from '../../raw/define.ts'
import { keepsLast } from '../../rules/rules.ts'
import { engineOptions } from '../compute/load-options.ts'
import { tellUnneeded } from '../compute/unneeded-files.ts'
import { checkRejectLimit } from '../judge/reject-limit.ts'
import { checkLostDates, checkLostRows } from '../judge/slice-checks.ts'
import type { RejectsFile } from '../logs/rejects-file.ts'
import type { RunState } from '../logs/run-state.ts'
import { tellLost } from './incremental-report.ts'
import { datesBefore } from './replaced-set.ts'
import type { HistoryStage } from './stage-history.ts'

/** What the steps of an incremental run share. */
export interface Job {
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
export interface Kept {
  readonly next: NextHistory
  readonly tables: readonly LoadedTable[]
  /** How long it took to read and judge them. */
  readonly seconds: number
  readonly run: LoadedRun
}

/**
 * Reads the slice, makes the new history, and judges all rows of it.
 *
 * @throws KnownError history_damaged, slice_loses_rows, full_loses_dates (data); whatever reading throws
 */
export async function keepRows(job: Job): Promise<Kept> {
  const { options, contract, state, rejects, store } = job
  const inputs: InputReport[] = []
  let run: LoadedRun | undefined
  let seconds = 0
  state.enter('load')
  tellUnneeded(options.inputFolder, contract, state)
  try {
    const { next, accounting, lost } = await addDelivery(job, inputs)
    const tables = await readingHistory(store.folder, async () => {
      const started = performance.now()
      const loaded = await loadAll(job, next, accounting.take.bind(accounting))
      seconds = (performance.now() - started) / 1000
      accounting.finish((reject) => rejects.write(reject))
      tellFileOrder(accounting, next, job)
      return loaded
    })
    const { rules, asOf, showValues } = options
    run = engineForHistory(options)(tables, inputs, { contract, rules, asOf, showValues })
    // Only now is each row of the slice accounted for, those that conflict with rows of other dates too.
    checkRejectLimit(inputs, options.rules, options.showValues)
    if (options.allowShrink) tellLost(lost, state)
    else {
      checkLostRows(lost, options.outputFolder)
      if (job.before === undefined) checkDates(job, next)
    }
    return { next, tables, seconds, run }
  } finally {
    rejects.finish()
    state.record.rejects_file = rejects.path ?? null
    state.tookInputs(inputs, run?.asOf)
  }
}

/** @throws KnownError engine_without_history (config) */
function engineForHistory({ engine }: RunOptions): NonNullable<Engine['over']> {
  const { name, over } = engine
  if (over !== undefined) return over
  throw new KnownError(
    'config',
    'engine_without_history',
    `the engine ${name} computes from raw files alone`,
    {
      found: name,
      allowed: engines.flatMap((one) => (one.over === undefined ? [] : [one.name])).join(', '),
      hint: 'choose another engine, or leave out --incremental and --full',
    },
  )
}

/** What was delivered is needed no more once it has been added. @param inputs gets what is reported of it */
async function addDelivery(
  job: Job,
  inputs: InputReport[],
): Promise<{ next: NextHistory; accounting: SliceAccounting; lost: LostRows[] }> {
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
  return readingHistory(store.folder, async () => {
    const replaces = before !== undefined && !options.mergeDays
    const lost = replaces ? await lostRows(job, before, delivery) : []
    const next = makeHistory(job, delivery)
    return { next, accounting: new SliceAccounting(delivery, next, rules), lost }
  })
}

function makeHistory({ options, before, store, stage }: Job, delivery: Delivery): NextHistory {
  const next = nextHistory({
    delivered: delivery.tables,
    before: before === undefined ? undefined : { days: piecesByDay(before), undated: before.undated },
    store,
    mergeDays: options.mergeDays,
    rules: options.rules,
    addDay: stage.addDay,
    addUndated: stage.addUndated,
  })
  return next.isChanged ? { ...next, days: stage.joinFiles(next.days, options.mostHistoryFiles) } : next
}

function piecesByDay({ days }: HistoryState): Map<number, Piece> {
  return new Map(days.map(({ date, piece }) => [parseDay(date)!, piece]))
}

/** Rows that counted and that the slice lacks of the dates that it replaces. */
function lostRows(job: Job, before: HistoryState, { tables }: Delivery): Promise<LostRows[]> {
  const { options, store } = job
  const pieces = piecesByDay(before)
  const days = new Set(deliveredDays(tables))
  const replaced = new Map([...pieces].filter(([day]) => days.has(day)))
  return findLostRows({
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
}

/** A history that is built anew must have the dates of the one before. */
function checkDates({ options }: Job, { days }: NextHistory): void {
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

/** The first row of a key is that of the earliest date; says where that is not the first in the file. Or the last. */
function tellFileOrder(accounting: SliceAccounting, next: NextHistory, { options, store, state }: Job): void {
  for (const [table, rows] of accounting.repeated()) {
    const isLast = keepsLast(options.rules, table.name)
    const keys = keysOutOfFileOrder(table, rows, next, store, options.rules)
    const [day, place] = isLast ? ['latest', 'last'] : ['earliest', 'first']
    if (keys > 0)
      state.notice(
        `${table.name}: ${plural(keys, 'key')} of the raw files stand on several dates; the row of the ${day} date counts, which is not the ${place} in the file`,
      )
  }
}
