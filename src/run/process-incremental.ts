import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Contract } from '../custom/contract.ts'
import { IncrementalRun } from '../engines/incremental/compute.ts'
import { planIncremental } from '../engines/incremental/plan.ts'
import { loadSlice } from '../engines/incremental/slice.ts'
import type { BlockState, HistoryState } from '../history/state.ts'
import { HistoryStore, readingHistory } from '../history/store.ts'
import { packageVersion } from '../lib/version.ts'
import { keyId } from './hash-key.ts'
import { prepareHistory, readableState, readState } from './history-folder.ts'
import { checkHistoryRules, historyRules } from './history-rules.ts'
import { UpdateReport } from './incremental-report.ts'
import { judge } from './judge.ts'
import { dialectOf, engineOptions } from './load-options.ts'
import { type Manifest, publishedManifest, type RowsByDate, type SetFacts } from './manifest.ts'
import type { RunOptions } from './options.ts'
import type { StagedFile } from './publish.ts'
import { faultOfSet, readManifest } from './published-set.ts'
import { checkRejectLimit } from './reject-limit.ts'
import type { RejectsFile } from './rejects-file.ts'
import { checkReplacedSet } from './replaced-set.ts'
import type { RunState } from './run-state.ts'
import { checkLostDates, checkLostRows } from './slice-checks.ts'
import { stagedFile, stageTable } from './stage.ts'
import { type PublishedBlocks, stageBlocks } from './stage-blocks.ts'
import { type CarriedRows, type StagedHistory, stageHistory } from './stage-history.ts'
import { historyFolder } from './work-folder.ts'

/** A set in the staging folder, ready to be published. */
export interface StagedSet extends SetFacts {
  /** Those put in place before the tables, the tables, and those after. */
  readonly files: readonly StagedFile[]
}

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
}

/**
 * Adds a slice of days to what was aggregated before, or builds everything anew with a history (mode full).
 *
 * @throws KnownError no_history, history_version, history_damaged, slice_loses_rows, full_loses_dates,
 *   set_not_whole (data); history_rules_changed (config); whatever reading and judging throws
 */
export async function stageIncremental(
  options: RunOptions,
  contract: Contract,
  staging: string,
  state: RunState,
  rejects: RejectsFile,
): Promise<StagedSet> {
  const { outputFolder } = options
  // What is built anew need not be read.
  const published = options.mode === 'full' ? readableState(outputFolder) : readState(outputFolder)
  const before = options.mode === 'full' ? undefined : published
  if (options.mode === 'incremental') checkReplacedSet(outputFolder, published)
  if (before !== undefined) {
    checkHistoryRules(options, contract, before)
    // Their bytes are looked at when they are taken over.
    const fault = faultOfSet(outputFolder, readManifest(outputFolder), false)
    if (fault !== undefined) throw fault
  }
  prepareHistory(outputFolder, published)
  const store = new HistoryStore(historyFolder(outputFolder))
  const seed = before?.seed ?? randomInt(0x7fff_ffff)
  const job: Job = { options, contract, staging, state, rejects, before, seed, store }
  try {
    const run = await planRun(job)
    const report = new UpdateReport(run)
    if (options.allowShrink === true) report.tellLost(state)
    else checkNothingLost(job, run)
    const { blocks, carried } = await stageTables(job, run, report)
    const history = readingHistory(store.folder, () => stageKept(job, run, blocks, carried))
    report.tell(state, history.days.length, history.bytes, before !== undefined)
    return {
      files: [...history.pieces, ...state.record.outputs.map(stagedFile), history.state],
      rowsByDate: rowsByDate(history.days),
      history: { bytes: history.state.bytes, sha256: history.state.sha256 },
    }
  } finally {
    store.close()
  }
}

/** Reads the slice, and of the history what it reaches. */
async function planRun({
  options,
  contract,
  state,
  rejects,
  before,
  seed,
  store,
}: Job): Promise<IncrementalRun> {
  state.enter('load')
  const engine = engineOptions(options, contract, rejects)
  const slice = await loadSlice(engine, seed)
  const checkRejects = () => checkRejectLimit(slice.inputs, options.rules, options.showValues)
  let run: IncrementalRun | undefined
  try {
    checkRejects()
    const mergeDays = options.mergeDays === true
    run = readingHistory(store.folder, () => {
      const plan = planIncremental({ engine, slice, store, state: before, seed, mergeDays })
      return new IncrementalRun(plan, options.asOf)
    })
  } finally {
    rejects.finish()
    state.record.rejects_file = rejects.path ?? null
    state.tookInputs(slice.inputs, run?.asOf)
  }
  // Rows that conflict with kept ones count as well.
  checkRejects()
  return run
}

function checkNothingLost({ options, before }: Job, { plan }: IncrementalRun): void {
  const manifest = publishedManifest(options.outputFolder)
  if (before === undefined && manifest?.history !== undefined)
    checkLostDates(plan, manifest.rows_by_date ?? {}, options.outputFolder)
  else checkLostRows(plan, options.outputFolder)
}

/** Computes the tables, and writes each into the staging folder. */
async function stageTables(job: Job, run: IncrementalRun, report: UpdateReport) {
  const { options, staging, state, before, store } = job
  state.enter('aggregate')
  const blocks: Record<string, BlockState[]> = {}
  const carried: Record<string, CarriedRows> = {}
  const manifest = publishedManifest(options.outputFolder)
  const steps = run.aggregate(new Map(Object.entries(before?.blocks ?? {})))
  for (;;) {
    const next = readingHistory(store.folder, () => steps.next())
    if (next.done === true) {
      judge(next.value, options.strict, state)
      return { blocks, carried }
    }
    const computed = next.value
    const { name } = computed.table.definition
    if (computed.carried !== undefined)
      carried[name] = { key: computed.output.carried!.key, rows: computed.carried }
    if (computed.dates === undefined) {
      state.record.outputs.push(stageTable(staging, computed.table, dialectOf(options)))
    } else {
      const old = publishedBlocks(options.outputFolder, name, before, manifest)
      const staged = stageBlocks(staging, computed, dialectOf(options), old)
      blocks[name] = staged.blocks
      state.record.outputs.push(staged.file)
      report.took(name, staged.changed, computed.dates.replaced)
    }
    state.log('table computed', state.record.outputs.at(-1))
    await nextTurn()
    options.signal?.throwIfAborted()
  }
}

function stageKept(
  { options, staging, state, seed }: Job,
  run: IncrementalRun,
  blocks: Record<string, BlockState[]>,
  carried: Record<string, CarriedRows>,
): StagedHistory {
  const { stored } = run.plan.options.slice
  return stageHistory({
    staging,
    runId: state.record.run_id,
    run,
    mostFiles: options.mostHistoryFiles,
    blocks,
    carried,
    head: {
      version: packageVersion(),
      seed,
      rules: historyRules(options),
      hash_key_id: keyId(options.hashKey),
      dialect: { bom: options.bom, escape_formulas: options.escapeFormulas },
      columns: Object.fromEntries([...stored].map(([table, columns]) => [table, [...columns]])),
    },
  })
}

/** The published CSV of a table, to take the other dates over from. */
function publishedBlocks(
  outputFolder: string,
  table: string,
  before: HistoryState | undefined,
  manifest: Manifest | undefined,
): PublishedBlocks | undefined {
  const blocks = before?.blocks[table]
  if (blocks === undefined) return undefined
  const file = manifest?.files.find((one) => one.table === table)
  return file === undefined ? undefined : { path: join(outputFolder, file.file), file, blocks }
}

function rowsByDate(days: readonly { date: string; rows: Record<string, number> }[]): RowsByDate {
  const tables: Record<string, Record<string, number>> = {}
  for (const { date, rows } of days) {
    for (const [table, count] of Object.entries(rows)) {
      if (count === 0) continue
      tables[table] ??= {}
      tables[table][date] = count
    }
  }
  return tables
}
