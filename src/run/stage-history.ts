import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AggregateRows, OutputColumns } from '../aggregators/define.ts'
import type { IncrementalRun } from '../engines/incremental/compute.ts'
import { packDays, packUndated } from '../engines/incremental/pack.ts'
import { packCarried } from '../history/carried-rows.ts'
import type { Packed } from '../history/sections.ts'
import {
  type BlockState,
  type DayState,
  HISTORY_VERSION,
  type HistoryState,
  type Piece,
} from '../history/state.ts'
import { FileSink } from '../lib/file-sink.ts'
import { formatDay, parseDay } from '../lib/wall-clock.ts'
import { filesOf } from './history-folder.ts'
import type { StagedFile } from './publish.ts'

const HISTORY_MODE = 0o640
/** Bytes that no day needs any more, up to which files are not rewritten. */
const TOLERATED_WASTE = 16 << 20
/** More files than this are joined, unless the caller says otherwise. */
const MOST_FILES = 400

/** Rows that are carried to the next run, and the column that tells them apart. */
export interface CarriedRows {
  readonly key: string
  readonly rows: AggregateRows<OutputColumns>
}

export interface HistoryToStage {
  readonly staging: string
  readonly runId: string
  readonly run: IncrementalRun
  readonly mostFiles: number | undefined
  readonly blocks: Readonly<Record<string, BlockState[]>>
  readonly carried: Readonly<Record<string, CarriedRows>>
  readonly head: Pick<HistoryState, 'version' | 'seed' | 'rules' | 'hash_key_id' | 'dialect' | 'columns'>
}

/** What is kept for the next run, in the staging folder. */
export interface StagedHistory {
  /** In the order in which they are put in place, before the tables; the state file by itself. */
  readonly pieces: readonly StagedFile[]
  readonly state: StagedFile
  readonly days: readonly DayState[]
  /** Bytes of all files that the state refers to. */
  readonly bytes: number
}

/** Writes the kept rows of a run into the staging folder and forces them to disk. */
export function stageHistory(given: HistoryToStage): StagedHistory {
  const { staging, runId, run, head } = given
  mkdirSync(join(staging, 'history'), { mode: 0o750 })
  const daysFile = new PieceFile(staging, `days-${runId}.bin`)
  const wholeFile = new PieceFile(staging, `whole-${runId}.bin`)
  try {
    const days = stageDays(run, daysFile, given.mostFiles ?? MOST_FILES)
    const undated = wholeFile.add(packUndated(run.plan))
    const carried = Object.fromEntries(
      Object.entries(given.carried).map(([table, { key, rows }]) => [
        table,
        wholeFile.add(packCarried(rows, key)),
      ]),
    )
    const state: HistoryState = {
      schema_version: 1,
      history_version: HISTORY_VERSION,
      run_id: runId,
      ...head,
      days,
      undated: { piece: undated, rows: undatedCounts(run) },
      carried,
      blocks: given.blocks,
      shadowed: run.plan.kept.shadowed(),
    }
    const pieces = [daysFile, wholeFile].flatMap((file) => file.finish())
    const text = Buffer.from(`${JSON.stringify(state)}\n`, 'utf8')
    const staged = writeStaged(staging, 'state.json', text)
    const own = new Set(pieces.map(({ name }) => name.slice('history/'.length)))
    const others = filesOf(state).filter((file) => !own.has(file))
    const { store } = run.plan.options
    const bytes =
      others.reduce((sum, file) => sum + statSync(join(store.folder, file)).size, 0) +
      [...pieces, staged].reduce((sum, piece) => sum + piece.bytes, 0)
    return { pieces, state: staged, days, bytes }
  } finally {
    daysFile.close()
    wholeFile.close()
  }
}

function undatedCounts(run: IncrementalRun): Record<string, number> {
  return Object.fromEntries(
    run.plan.pools
      .filter(({ days }) => days === undefined)
      .map(({ table, live }) => [table.name, live.rowCount]),
  )
}

/** The days of the history: changed ones are written, all others stay where they are, or move with their bytes. */
function stageDays(run: IncrementalRun, file: PieceFile, mostFiles: number): DayState[] {
  const { plan, facts } = run
  const { store, state } = plan.options
  const packed = new Map<number, Piece>()
  const filtered = new Map<number, boolean>()
  for (const { day, hasFiltered, ...bytes } of packDays(plan)) {
    packed.set(day, file.add(bytes))
    filtered.set(day, hasFiltered)
  }
  const kept = new Map(state?.days.map((day) => [parseDay(day.date)!, day]))
  const staying = [...facts.keys()].filter((day) => !packed.has(day) && kept.has(day))
  const moves = shouldRewrite(
    run,
    staying.map((day) => kept.get(day)!.piece),
    mostFiles,
  )
  return [...facts].flatMap(([day, { rows, accepted }]) => {
    const before = kept.get(day)
    let piece = packed.get(day)
    if (piece === undefined) {
      if (before === undefined) return []
      const { piece: kept } = before
      piece = moves ? file.add({ ...kept, bytes: store.readAt(kept)(0, kept.bytes) }) : kept
    }
    return [
      {
        date: formatDay(day),
        piece,
        rows: { ...rows },
        has_filtered: filtered.get(day) ?? before?.has_filtered ?? false,
        accepted: { ...accepted },
      },
    ]
  })
}

/** Whether more than half of the kept files is of days that were replaced, or there are very many files. */
function shouldRewrite(run: IncrementalRun, pieces: readonly Piece[], mostFiles: number): boolean {
  const { folder } = run.plan.options.store
  const files = [...new Set(pieces.map(({ file }) => file))]
  if (files.length > mostFiles) return true
  const size = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
  const used = pieces.reduce((sum, { bytes }) => sum + bytes, 0)
  return size - used > Math.max(TOLERATED_WASTE, used)
}

/** A file of pieces that is begun when the first comes. */
class PieceFile {
  readonly #staging: string
  readonly #name: string
  #sink: FileSink | undefined

  constructor(staging: string, name: string) {
    this.#staging = staging
    this.#name = name
  }

  add({ bytes, lead, check }: Packed): Piece {
    this.#sink ??= new FileSink(join(this.#staging, 'history', this.#name), HISTORY_MODE)
    const offset = this.#sink.bytes
    this.#sink.write(bytes)
    return { file: this.#name, offset, bytes: bytes.length, lead, check }
  }

  finish(): StagedFile[] {
    if (this.#sink === undefined) return []
    const sha256 = this.#sink.finish()
    return [{ name: `history/${this.#name}`, bytes: this.#sink.bytes, sha256 }]
  }

  close(): void {
    this.#sink?.close()
  }
}

function writeStaged(staging: string, name: string, content: Buffer): StagedFile {
  const sink = new FileSink(join(staging, 'history', name), HISTORY_MODE)
  try {
    sink.write(content)
    return { name: `history/${name}`, sha256: sink.finish(), bytes: sink.bytes }
  } finally {
    sink.close()
  }
}
