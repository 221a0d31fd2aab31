import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { NUMBERED_BYTES, NumberedTexts } from '../../collections/texts/numbered-texts.ts'
import { RecordBatch } from '../batch/record-batch.ts'
import { cutFile } from './cut-file.ts'
import { PIECE_ROOM, type Piece, type PieceReading, type PieceTable } from './read-piece.ts'

/** How many threads may read raw tables beside the one that takes their rows. */
export interface LoadThreads {
  /** 1: none beside it. */
  readonly count: number
  /** Whether somebody asked for that many: then threads also read small tables. */
  readonly isAsked: boolean
}

/** What a thread is told at its start. */
export interface PieceThreadData {
  readonly tables: readonly PieceTable[]
  /** Shared by all threads; each holds one piece at a time. */
  readonly memories: readonly SharedArrayBuffer[]
  /** By table: where this thread's numbered texts stand, NUMBERED_BYTES for each column that is looked up. */
  readonly numbered: readonly SharedArrayBuffer[]
}

/** What a thread is to do. */
export type PieceOrder =
  /** Read a piece. */
  | { readonly piece: Piece; readonly number: number; readonly table: number; readonly memory: number }
  /** Take the next bytes of a file into its sha256: those of a piece, or others. */
  | { readonly digest: Uint8Array; readonly number: number; readonly table: number }
  /** Say the sha256 of a file. */
  | { readonly finish: number }

/** What a thread has done. */
export type PieceMessage =
  | { readonly number: number; readonly reading: PieceReading | undefined }
  | { readonly digested: number }
  | { readonly table: number; readonly sha256: string }

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
  readonly table: number
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
  /** What it has numbered, by table and column that is looked up. */
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
  readonly #tables: readonly PieceTable[]
  readonly #pieces: readonly Planned[]
  readonly #memories: readonly SharedArrayBuffer[]
  readonly #threads: PieceThread[] = []
  readonly #batches = new Map<string, RecordBatch>()
  readonly #onSha256 = new Map<number, (sha256: string | undefined) => void>()
  #next = 0

  private constructor(tables: readonly PieceTable[], count: number) {
    this.#tables = tables
    this.#pieces = planAll(tables, count)
    const bytes = Math.max(...tables.map(({ layout }) => RecordBatch.bytesOf(layout, PIECE_ROOM)))
    this.#memories = Array.from({ length: count * MEMORIES }, () => new SharedArrayBuffer(bytes))
  }

  /** Undefined if threads would not pay, or cannot be had. */
  static start(tables: readonly PieceTable[], { count, isAsked }: LoadThreads): PieceThreads | undefined {
    const bytes = tables.reduce((sum, table) => sum + table.bytes, 0)
    if (bytes === 0 || count < 2 || !(isAsked || bytes >= WORTHWHILE)) return undefined
    if (!existsSync(fileURLToPath(ENTRY))) return undefined
    try {
      const threads = new PieceThreads(tables, count)
      threads.#startAll(count)
      return threads
    } catch {
      // There is not enough memory for theirs.
      return undefined
    }
  }

  /** The pieces of a table, in file order; none if it is not read in pieces. */
  piecesOf(name: string): readonly Piece[] {
    return this.#pieces.filter(({ table }) => this.#tables[table]!.table.name === name)
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
    const { reading, memory, table, thread } = planned
    if (reading === undefined || thread === undefined) return undefined
    const batch = this.#batchOf(memory, table, thread)
    batch.clear()
    batch.count = reading.count
    batch.read = reading.read
    batch.rejected = reading.rejected
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
   * Takes the next bytes of a table's file into its sha256.
   *
   * @param piece in whose memory they lie; bytes that lie in none are copied
   */
  digest(name: string, digest: Uint8Array, piece?: Piece): void {
    const table = this.#numberOf(name)
    const { worker, digesting, isAlive } = this.#digester(table)
    if (!isAlive) return
    const planned = piece as Planned | undefined
    const bytes = planned === undefined ? digest.slice() : digest
    worker.postMessage({ digest: bytes, table, number: planned?.number ?? -1 } satisfies PieceOrder)
    if (planned === undefined) return
    planned.users++
    digesting.add(planned)
  }

  /** The sha256 of all bytes of a file that were given; undefined if the thread that knows it has ended. */
  sha256(name: string): Promise<string | undefined> {
    const table = this.#numberOf(name)
    const { worker, isAlive } = this.#digester(table)
    if (!isAlive) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.#onSha256.set(table, resolve)
      worker.postMessage({ finish: table } satisfies PieceOrder)
    })
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  get #hasAlive(): boolean {
    return this.#threads.some(({ isAlive }) => isAlive)
  }

  #numberOf(name: string): number {
    return this.#tables.findIndex(({ table }) => table.name === name)
  }

  /** One thread takes all bytes of a file, in their order. */
  #digester(table: number): PieceThread {
    return this.#threads[table % this.#threads.length]!
  }

  #batchOf(memory: number, table: number, { numbered }: PieceThread): RecordBatch {
    const key = `${memory} ${table}`
    const known = this.#batches.get(key)
    if (known !== undefined) return known
    const { layout } = this.#tables[table]!
    const batch = new RecordBatch(layout, PIECE_ROOM, this.#memories[memory], numbered[table])
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
    const lookedUp = this.#tables.map(({ layout }) => layout.lookedUp)
    const texts = lookedUp.map((columns) => new SharedArrayBuffer(NUMBERED_BYTES * columns.length))
    const numbered = lookedUp.map((columns, table) =>
      columns.map((_, place) => new NumberedTexts(texts[table]!, place)),
    )
    const workerData: PieceThreadData = { tables: this.#tables, memories: this.#memories, numbered: texts }
    const worker = new Worker(ENTRY, { workerData })
    const free = Array.from({ length: MEMORIES }, (_, i) => number * MEMORIES + i)
    const thread: PieceThread = { worker, free, numbered, digesting: new Set(), isAlive: true }
    worker.on('message', (message: PieceMessage) => this.#hear(message, thread))
    worker.on('error', () => this.#lose(thread))
    worker.on('exit', () => this.#lose(thread))
    return thread
  }

  #hear(message: PieceMessage, { digesting }: PieceThread): void {
    if ('sha256' in message) this.#onSha256.get(message.table)?.(message.sha256)
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
      const { from, until, number, table, memory } = piece
      thread.worker.postMessage({ piece: { from, until }, number, table, memory } satisfies PieceOrder)
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
    for (const [table, resolve] of this.#onSha256) if (this.#digester(table) === thread) resolve(undefined)
    this.#order()
  }
}

function planAll(tables: readonly PieceTable[], threads: number): Planned[] {
  const pieces = tables.flatMap((table, i) =>
    cutFile(table, threads).map((piece) => ({ ...piece, table: i })),
  )
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
