import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Packed } from '../../history/format/sections.ts'
import type { KeptDay, NextHistory } from '../../history/next-history.ts'
import { historyFile, PieceFile, type WrittenFile } from '../../history/piece-file.ts'
import { HISTORY_VERSION, type HistoryState, type Piece } from '../../history/state.ts'
import type { HistoryStore } from '../../history/store.ts'
import { errnoName } from '../../lib/errno.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { filesOf } from '../commit/history-folder.ts'
import type { StagedFile } from '../commit/publish.ts'
import { cannotPublish } from '../lock/work-folder.ts'

/** Bytes that no day needs any more, up to which files are not rewritten. */
const TOLERATED_WASTE = 16 << 20
/** More files than this are joined, unless the caller says otherwise. */
const MOST_FILES = 400

/** What is kept for the next run, in the staging folder. */
export interface StagedHistory {
  /** In the order in which they are put in place, before the tables; the state file by itself. */
  readonly pieces: readonly StagedFile[]
  readonly state: StagedFile
  /** Bytes of all files that the state refers to. */
  readonly bytes: number
}

/** The files of a history that a run adds, in its staging folder. Close it in the end. */
export class HistoryStage {
  readonly #folder: string
  readonly #store: HistoryStore
  readonly #days: PieceFile
  readonly #whole: PieceFile

  /** @throws KnownError cannot_publish (create) */
  constructor(staging: string, runId: string, store: HistoryStore) {
    this.#folder = join(staging, 'history')
    this.#store = store
    try {
      mkdirSync(this.#folder, { mode: 0o750 })
    } catch (cause) {
      throw cannotPublish(staging, `no folder can be made in it (${errnoName(cause)})`, cause)
    }
    const onBegun = (name: string, path: string) => store.stagedAt(name, path)
    this.#days = new PieceFile(this.#folder, `days-${runId}.bin`, onBegun)
    this.#whole = new PieceFile(this.#folder, `whole-${runId}.bin`, onBegun)
  }

  readonly addDay = (packed: Packed): Piece => this.#days.add(packed)
  readonly addUndated = (packed: Packed): Piece => this.#whole.add(packed)

  /**
   * The same days, all of them in this run's file if more than half of the bytes of older files is of days
   * that were replaced, or there are very many files.
   */
  joinFiles(days: readonly KeptDay[], mostFiles = MOST_FILES): KeptDay[] {
    const old = days.filter(({ piece }) => piece.file !== this.#days.name)
    const files = [...new Set(old.map(({ piece }) => piece.file))]
    const size = files.reduce((sum, file) => sum + statSync(join(this.#store.folder, file)).size, 0)
    const used = old.reduce((sum, { piece }) => sum + piece.bytes, 0)
    if (files.length <= mostFiles && size - used <= Math.max(TOLERATED_WASTE, used)) return [...days]
    return days.map((day) => {
      const { piece } = day
      if (piece.file === this.#days.name) return day
      return { ...day, piece: this.addDay({ ...piece, bytes: this.#store.readAt(piece)(0, piece.bytes) }) }
    })
  }

  /** Forces the files to disk, the state file with them. */
  finish(
    { days, undated }: Pick<NextHistory, 'days' | 'undated'>,
    head: Omit<HistoryState, 'schema_version' | 'history_version' | 'days' | 'undated'>,
  ): StagedHistory {
    const state: HistoryState = {
      schema_version: 2,
      history_version: HISTORY_VERSION,
      ...head,
      days: days.map(({ day, piece }) => ({ date: formatDay(day!), piece })),
      undated: undated.piece,
    }
    const pieces = [this.#days, this.#whole].flatMap((file) => file.finish())
    const written = this.#writeState(state)
    const own = new Set(pieces.map(({ name }) => name))
    const others = filesOf(state).filter((file) => !own.has(file))
    const bytes =
      others.reduce((sum, file) => sum + statSync(join(this.#store.folder, file)).size, 0) +
      [...pieces, written].reduce((sum, piece) => sum + piece.bytes, 0)
    return { pieces: pieces.map(asStaged), state: asStaged(written), bytes }
  }

  close(): void {
    this.#days.close()
    this.#whole.close()
  }

  #writeState(state: HistoryState): WrittenFile {
    const sink = historyFile(this.#folder, 'state.json')
    try {
      sink.write(Buffer.from(`${JSON.stringify(state)}\n`, 'utf8'))
      return { name: 'state.json', sha256: sink.finish(), bytes: sink.bytes }
    } finally {
      sink.close()
    }
  }
}

function asStaged({ name, ...file }: WrittenFile): StagedFile {
  return { name: `history/${name}`, ...file }
}
