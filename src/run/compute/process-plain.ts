import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunOptions } from '../../config/run-options.ts'
import type { Contract } from '../../custom/contract.ts'
import type { LoadedRun, Verdict } from '../../engines/engine.ts'
import { usualThreads } from '../../lib/threads/threads.ts'
import type { TableResult } from '../../tables/table-result.ts'
import type { SetFacts } from '../commit/manifest.ts'
import type { StagedFile } from '../commit/publish.ts'
import { type StagedTable, stagedFile } from '../commit/stage.ts'
import { type TableWriter, type WriterOptions, writeInTurn } from '../commit/table-writer.ts'
import { writeInThread } from '../commit/write-in-thread.ts'
import { judge } from '../judge/judge.ts'
import { checkRejectLimit } from '../judge/reject-limit.ts'
import type { RejectsFile } from '../logs/rejects-file.ts'
import type { RunState } from '../logs/run-state.ts'
import { dialectOf, engineOptions } from './load-options.ts'
import { tellUnneeded } from './unneeded-files.ts'

/** Accepted rows of all raw tables with dates from which on a thread for writing pays. */
const WORTHWHILE = 1_000_000

/** A set in the staging folder, ready to be published. */
export interface StagedSet extends SetFacts {
  /** Those put in place before the tables, the tables, and those after. */
  readonly files: readonly StagedFile[]
}

/** A set of which the raw files are all there is. */
export async function stagePlain(
  options: RunOptions,
  contract: Contract,
  staging: string,
  state: RunState,
  rejects: RejectsFile,
): Promise<StagedSet> {
  const loaded = await load(options, contract, state, rejects)
  await stageTables(loaded, options, staging, state)
  return {
    files: state.record.outputs.map(stagedFile),
    rowsByDate: loaded.rowsByDate,
    history: undefined,
  }
}

/**
 * Computes all tables, writes them into the staging folder and judges the set.
 *
 * @param onTable told of each table before it is given away to be written
 * @throws KnownError what writing and judging throw
 */
export async function stageTables(
  loaded: LoadedRun,
  options: RunOptions,
  staging: string,
  state: RunState,
  onTable: (table: TableResult) => void = () => {},
): Promise<StagedTable[]> {
  state.enter('aggregate')
  const staged: StagedTable[] = []
  const writer = writerFor(loaded, options, {
    staging,
    dialect: dialectOf(options),
    onWritten: (table) => {
      staged.push(table)
      state.record.outputs.push(table.file)
      state.log('table computed', table.file)
    },
  })
  try {
    const verdict = await writeAll(loaded, options, writer, onTable)
    state.enter('check')
    state.tookVerdict(verdict)
    judge(verdict, options.strict)
  } finally {
    await writer.close()
  }
  return staged
}

/** By a thread if somebody asked for several, or if there is enough to write. */
function writerFor(
  { rowsByDate }: LoadedRun,
  { threads, signal }: RunOptions,
  writing: WriterOptions,
): TableWriter {
  const counts = Object.values(rowsByDate).flatMap((dates) => Object.values(dates))
  const rows = counts.reduce((sum, count) => sum + count, 0)
  const isWorthwhile = threads !== undefined || rows >= WORTHWHILE
  const thread =
    isWorthwhile && (threads ?? usualThreads()) > 1 ? writeInThread({ ...writing, signal }) : undefined
  return thread ?? writeInTurn(writing)
}

async function writeAll(
  loaded: LoadedRun,
  options: RunOptions,
  writer: TableWriter,
  onTable: (table: TableResult) => void,
): Promise<Verdict> {
  try {
    const verdict = await eachTable(loaded, options, (table) => {
      onTable(table)
      return writer.write(table)
    })
    await writer.finish()
    return verdict
  } catch (error) {
    // What stands against a table is told, and not what was found in a later one meanwhile.
    await writer.finish()
    throw error
  }
}

/** Reads the raw tables, with the accounting of every row. */
export async function load(
  options: RunOptions,
  contract: Contract,
  state: RunState,
  rejects: RejectsFile,
): Promise<LoadedRun> {
  state.enter('load')
  tellUnneeded(options.inputFolder, contract, state)
  const loaded = await options.engine.load(engineOptions(options, contract, rejects))
  rejects.finish()
  state.record.rejects_file = rejects.path ?? null
  state.tookInputs(loaded.inputs, loaded.asOf)
  checkRejectLimit(loaded.inputs, options.rules, options.showValues)
  return loaded
}

/** Computes one table after the other; between them signals are heard. */
export async function eachTable(
  loaded: LoadedRun,
  options: RunOptions,
  take: (table: TableResult) => Promise<void>,
): Promise<Verdict> {
  const tables = loaded.aggregate()
  for (;;) {
    const next = await tables.next()
    if (next.done === true) return next.value
    await take(next.value)
    await nextTurn()
    options.signal?.throwIfAborted()
  }
}
