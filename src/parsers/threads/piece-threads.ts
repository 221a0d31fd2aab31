import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { NUMBERED_BYTES, NumberedTexts } from '../../collections/texts/numbered-texts.ts'
import { RecordBatch } from '../batch/record-batch.ts'
import { cutFile } from './cut-file.ts'
import { type FilePieces, PIECE_ROOM, type Piece, type PieceGroup, type PieceReading } from './read-piece.ts'

/** How many threads may read raw tables beside the one that takes their rows. */
export interface LoadThreads {
  /** 1: none beside it. */
  readonly count: number
  /** Whether somebody asked for that many: then threads also read small tables. */
  readonly isAsked: boolean
}

/** A file of which threads read pieces. */
export interface PieceFile extends FilePieces {
  /** By which the file is known to whoever takes the pieces. */
  readonly number: number
  /** The number of its group. */
  readonly group: number
  /** The byte behind its header. */
  readonly headerEnd: number
}

/** What a thread is told at its start. */
export interface PieceThreadData {
  readonly groups: readonly PieceGroup[]
  readonly files: readonly PieceFile[]
  /** Shared by all threads; each holds one piece at a time. */
  readonly memories: readonly SharedArrayBuffer[]
  /** By group: where this thread's numbered texts stand, NUMBERED_BYTES for each column that is looked up. */
  readonly numbered: readonly SharedArrayBuffer[]
}

/** What a thread is to do. */
export type PieceOrder =
  /** Read a piece. */
  | { readonly piece: Piece; readonly number: number; readonly file: number; readonly memory: number }
  /** Take the next bytes of a file into its sha256: those of a piece, or others. */
  | { readonly digest: Uint8Array; readonly number: number; readonly file: number }
  /** Say the sha256 of a file. */
  | { readonly finish: number }

/** What a thread has done. */
export type PieceMessage =
  | { readonly number: number; readonly reading: PieceReading | undefined }
  | { readonly digested: number }
  | { readonly file: number; readonly sha256: string }

/** A piece that has been read by a thread. */
export interface ReadPiece extends PieceReading {
  readonly batch: RecordBatch
}

/** Beside this file, where the program has been built. */
const ENTRY = new URL('./load-worker.js', import.meta.url)
/** Bytes of raw tables from which on threads pay. */
const WORTHWHILE = 16e6
/** Pieces that a thread reads ahead of the one who takes them. */
const MEMORIES = 4

interface Planned extends Piece {
  readonly number: number
  /** The place of its file among those that are read in pieces. */
  readonly file: number
  thread: PieceThread | undefined
  memory: number
  /** How many still look at its memory. */
  users: number
  isDone: boolean
  reading: PieceReading | undefined
  onDone: (() => void) | undefined
}

interface PieceThread {
  readonly worker: Worker
  /** The numbers of the memories that it may read into now. */
  readonly free: number[]
  /** What it has numbered, by group and column that is looked up. */
  readonly numbered: readonly (readonly NumberedTexts[])[]
  /** Those whose bytes it has still to take into a sha256. */
  readonly digesting: Set<Planned>
  isAlive: boolean
}

/**
 * Threads that read pieces of raw files ahead of the one thread that takes them, in file order and table
 * after table. Whatever a thread cannot read is left to that one. They take the files' sha256, too, each
 * of the bytes in which the records were found.
 */
export class PieceThreads {
  readonly #groups: readonly PieceGroup[]
  readonly #files: readonly PieceFile[]
  readonly #pieces: readonly Planned[]
  readonly #memories: readonly SharedArrayBuffer[]
  readonly #threads: PieceThread[] = []
  readonly #batches = new Map<string, RecordBatch>()
  readonly #onSha256 = new Map<number, (sha256: string | undefined) => void>()
  #next = 0

  private constructor(groups: readonly PieceGroup[], files: readonly PieceFile[], count: number) {
    this.#groups = groups
    this.#files = files
    this.#pieces = planAll(groups, files, count)
    const bytes = Math.max(...groups.map(({ layout }) => RecordBatch.bytesOf(layout, PIECE_ROOM)))
    this.#memories = Array.from({ length: count * MEMORIES }, () => new SharedArrayBuffer(bytes))
  }

  /** Undefined if threads would not pay, or cannot be had. */
  static start(
    groups: readonly PieceGroup[],
    files: readonly PieceFile[],
    { count, isAsked }: LoadThreads,
  ): PieceThreads | undefined {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    if (bytes === 0 || count < 2 || !(isAsked || bytes >= WORTHWHILE)) return undefined
    if (!existsSync(fileURLToPath(ENTRY))) return undefined
    try {
      const threads = new PieceThreads(groups, files, count)
      threads.#startAll(count)
      return threads
    } catch {
      // There is not enough memory for theirs.
      return undefined
    }
  }

  /** The pieces of a file, in its order; none if it is not read in pieces. @param number of the file */
  piecesOf(number: number): readonly Piece[] {
    return this.#pieces.filter(({ file }) => this.#files[file]!.number === number)
  }

  /**
   * What was read of a piece; the pieces before it must have been released.
   *
   * @returns undefined if no thread could read it
   */
  async take(piece: Piece): Promise<ReadPiece | undefined> {
    const planned = piece as Planned
    if (!planned.isDone && this.#hasAlive)
      await new Promise<void>((resolve) => {
        planned.onDone = resolve
      })
    const { reading, memory, file, thread } = planned
    if (reading === undefined || thread === undefined) return undefined
    const batch = this.#batchOf(memory, this.#files[file]!.group, thread)
    batch.clear()
    batch.count = reading.count
    batch.read = reading.read
    batch.rejected = reading.rejected
    batch.leftOut = reading.leftOut
    return { ...reading, batch }
  }

  /** Nobody here looks at a piece any more. */
  release(piece: Piece): void {
    const planned = piece as Planned
    planned.reading = undefined
    if (--planned.users > 0 || planned.thread === undefined) return
    planned.thread.free.push(planned.memory)
    this.#order()
  }

  /**
   * Takes the next bytes of a file into its sha256.
   *
   * @param number of the file
   * @param piece in whose memory they lie; bytes that lie in none are copied
   */
  digest(number: number, digest: Uint8Array, piece?: Piece): void {
    const file = this.#placeOf(number)
    const { worker, digesting, isAlive } = this.#digester(file)
    if (!isAlive) return
    const planned = piece as Planned | undefined
    const bytes = planned === undefined ? digest.slice() : digest
    worker.postMessage({ digest: bytes, file, number: planned?.number ?? -1 } satisfies PieceOrder)
    if (planned === undefined) return
    planned.users++
    digesting.add(planned)
  }

  /** The sha256 of all bytes of a file that were given; undefined if the thread that knows it has ended. */
  sha256(number: number): Promise<string | undefined> {
    const file = this.#placeOf(number)
    const { worker, isAlive } = this.#digester(file)
    if (!isAlive) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#onSha256.set(file, resolve)
      worker.postMessage({ finish: file } satisfies PieceOrder)
    })
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  get #hasAlive(): boolean {
    return this.#threads.some(({ isAlive }) => isAlive)
  }

  #placeOf(number: number): number {
    return this.#files.findIndex((file) => file.number === number)
  }

  /** One thread takes all bytes of a file, in their order. */
  #digester(file: number): PieceThread {
    return this.#threads[file % this.#threads.length]!
  }

  #batchOf(memory: number, group: number, { numbered }: PieceThread): RecordBatch {
    const key = `${memory} ${group}`
    const known = this.#batches.get(key)
    if (known !== undefined) return known
    const { layout } = this.#groups[group]!
    const batch = new RecordBatch(layout, PIECE_ROOM, this.#memories[memory], numbered[group])
    this.#batches.set(key, batch)
    return batch
  }

  /** Those that can be had: one is enough. */
  #startAll(count: number): void {
    try {
      while (this.#threads.length < count) this.#threads.push(this.#start(this.#threads.length))
    } catch (error) {
      if (this.#threads.length === 0) throw error
    }
    this.#order()
  }

  #start(number: number): PieceThread {
    const lookedUp = this.#groups.map(({ layout }) => layout.lookedUp)
    const texts = lookedUp.map((columns) => new SharedArrayBuffer(NUMBERED_BYTES * columns.length))
    const numbered = lookedUp.map((columns, group) =>
      columns.map((_, place) => new NumberedTexts(texts[group]!, place)),
    )
    const workerData: PieceThreadData = {
      groups: this.#groups,
      files: this.#files,
      memories: this.#memories,
      numbered: texts,
    }
    const worker = new Worker(ENTRY, { workerData })
    const free = Array.from({ length: MEMORIES }, (_, i) => number * MEMORIES + i)
    const thread: PieceThread = { worker, free, numbered, digesting: new Set(), isAlive: true }
    worker.on('message', (message: PieceMessage) => this.#hear(message, thread))
    worker.on('error', () => this.#lose(thread))
    worker.on('exit', () => this.#lose(thread))
    return thread
  }

  #hear(message: PieceMessage, { digesting }: PieceThread): void {
    if ('sha256' in message) this.#onSha256.get(message.file)?.(message.sha256)
    else if ('digested' in message) {
      const piece = this.#pieces[message.digested]!
      // A word of a thread that has ended may come late.
      if (digesting.delete(piece)) this.release(piece)
    } else this.#done(this.#pieces[message.number]!, message.reading)
  }

  /** Gives the next pieces to threads that have memory for them, those with most of it first. */
  #order(): void {
    for (; this.#next < this.#pieces.length; this.#next++) {
      const [thread] = this.#threads
        .filter(({ isAlive, free }) => isAlive && free.length > 0)
        .sort((a, b) => b.free.length - a.free.length)
      if (thread === undefined) return
      const piece = this.#pieces[this.#next]!
      piece.thread = thread
      piece.memory = thread.free.pop()!
      const { from, until, number, file, memory } = piece
      thread.worker.postMessage({ piece: { from, until }, number, file, memory } satisfies PieceOrder)
    }
  }

  #done(piece: Planned, reading: PieceReading | undefined): void {
    if (piece.isDone) return
    piece.reading = reading
    piece.isDone = true
    piece.onDone?.()
  }

  /** What a thread that has ended has not done, nobody will. */
  #lose(thread: PieceThread): void {
    if (!thread.isAlive) return
    thread.isAlive = false
    for (const piece of this.#pieces)
      if (!piece.isDone && (piece.thread === thread || !this.#hasAlive)) this.#done(piece, undefined)
    const undigested = [...thread.digesting]
    thread.digesting.clear()
    for (const piece of undigested) this.release(piece)
    for (const [file, resolve] of this.#onSha256) if (this.#digester(file) === thread) resolve(undefined)
    this.#order()
  }
}

function planAll(groups: readonly PieceGroup[], files: readonly PieceFile[], threads: number): Planned[] {
  const bytes = new Map<string, number>()
  for (const file of files) {
    const { name } = groups[file.group]!.table
    bytes.set(name, (bytes.get(name) ?? 0) + file.bytes)
  }
  const pieces = files.flatMap((file, i) => {
    const tableBytes = bytes.get(groups[file.group]!.table.name)!
    const { headerEnd } = file
    return cutFile(file, { tableBytes, headerEnd, threads }).map((piece) => ({ ...piece, file: i }))
  })
  return pieces.map((piece, number) => ({
    ...piece,
    number,
    thread: undefined,
    memory: -1,
    users: 1,
    isDone: false,
    reading: undefined,
    onDone: undefined,
  }))
}
