import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AggregateRows, OutputColumns } from '../aggregators/define.ts'
import type { Contract } from '../custom/contract.ts'
import { IncrementalRun } from '../engines/incremental/compute.ts'
import { planIncremental } from '../engines/incremental/plan.ts'
import { loadSlice } from '../engines/incremental/slice.ts'
import type { BlockState, HistoryState } from '../history/state.ts'
import { HistoryStore, readingHistory } from '../history/store.ts'
import { packageVersion } from '../lib/version.ts'
import { keyId } from './hash-key.ts'
import { prepareHistory, readState } from './history-folder.ts'
import { checkHistoryRules, historyRules } from './history-rules.ts'
import { UpdateReport } from './incremental-report.ts'
import { judge } from './judge.ts'
import { dialectOf, engineOptions } from './load-options.ts'
import { type Manifest, publishedManifest, type RowsByDate } from './manifest.ts'
import type { RunOptions } from './options.ts'
import type { StagedFile } from './publish.ts'
import { checkRejectLimit } from './reject-limit.ts'
import type { RejectsFile } from './rejects-file.ts'
import { checkReplacedSet } from './replaced-set.ts'
import type { RunState } from './run-state.ts'
import { checkLostDates, checkLostRows } from './slice-checks.ts'
import { stagedFile, stageTable } from './stage.ts'
import { type PublishedBlocks, stageBlocks } from './stage-blocks.ts'
import { stageHistory } from './stage-history.ts'
import { historyFolder } from './work-folder.ts'

/** A set in the staging folder, ready to be published. */
export interface StagedSet {
  /** Those put in place before the tables, the tables, and those after. */
  readonly files: readonly StagedFile[]
  readonly rowsByDate: RowsByDate
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
  const runId = state.record.run_id
  const published = readState(outputFolder)
  const before = options.mode === 'full' ? undefined : published
  if (options.mode === 'incremental') checkReplacedSet(outputFolder, published)
  if (before !== undefined) checkHistoryRules(options, contract, before)
  prepareHistory(outputFolder, published)
  const seed = before?.seed ?? randomInt(0x7fff_ffff)

  state.enter('load')
  const slice = await loadSlice(engineOptions(options, contract, rejects), seed)
  let run: IncrementalRun | undefined
  const store = new HistoryStore(historyFolder(outputFolder))
  const reading = <T>(read: () => T): T => readingHistory(store.folder, read)
  try {
    checkRejectLimit(slice.inputs, options.rules, options.showValues)
    run = reading(() => {
      const engine = engineOptions(options, contract, rejects)
      const mergeDays = options.mergeDays === true
      const plan = planIncremental({ engine, slice, store, state: before, seed, mergeDays })
      return new IncrementalRun(plan, options.asOf)
    })
  } finally {
    rejects.finish()
    state.record.rejects_file = rejects.path ?? null
    state.tookInputs(slice.inputs, run?.asOf)
  }
  checkRejectLimit(slice.inputs, options.rules, options.showValues)
  const report = new UpdateReport(run)
  if (options.allowShrink === true) report.tellLost(state)
  else if (options.mode === 'full' && published !== undefined)
    checkLostDates(run.plan, published, outputFolder)
  else checkLostRows(run.plan, outputFolder)

  state.enter('aggregate')
  const blocks: Record<string, BlockState[]> = {}
  const carried: Record<string, AggregateRows<OutputColumns>> = {}
  const manifest = publishedManifest(outputFolder)
  const steps = run.aggregate(new Map(Object.entries(before?.blocks ?? {})))
  for (;;) {
    const next = reading(() => steps.next())
    if (next.done === true) {
      judge(next.value, options.strict, state)
      break
    }
    const computed = next.value
    const { name } = computed.table.definition
    if (computed.dates === undefined) {
      if (computed.carried !== undefined) carried[name] = computed.carried
      state.record.outputs.push(stageTable(staging, computed.table, dialectOf(options)))
    } else {
      const old = publishedBlocks(outputFolder, name, before, manifest)
      const staged = stageBlocks(staging, computed, dialectOf(options), old)
      blocks[name] = staged.blocks
      state.record.outputs.push(staged.file)
      report.took(name, staged.changed, computed.dates.replaced)
    }
    state.log('table computed', state.record.outputs.at(-1))
    await nextTurn()
    options.signal?.throwIfAborted()
  }
  const { bom, escapeFormulas } = options
  const history = reading(() =>
    stageHistory({
      staging,
      runId,
      run: run as IncrementalRun,
      blocks,
      carried,
      head: {
        version: packageVersion(),
        seed,
        rules: historyRules(options),
        hash_key_id: keyId(options.hashKey),
        dialect: { bom, escape_formulas: escapeFormulas },
        columns: Object.fromEntries([...slice.stored].map(([table, columns]) => [table, [...columns]])),
      },
    }),
  )
  report.tell(state, history.days.length, history.bytes, before !== undefined)
  return {
    files: [...history.pieces, ...state.record.outputs.map(stagedFile), history.state],
    rowsByDate: rowsByDate(history.days),
  }
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
