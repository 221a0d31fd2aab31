import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type ErrorDetails, type Failure, KnownError } from '../../lib/errors.ts'
import type { AggregateTable } from '../../tables/aggregate-table.ts'
import { packTable } from '../../tables/packed-table.ts'
import type { CsvDialect } from '../../tables/table-result.ts'
import { isStreamed, type TableResult } from '../../tables/table-result.ts'
import type { StagedTable } from './stage.ts'
import { type TableWriter, type WriterOptions, writeInTurn } from './table-writer.ts'

/** What a thread writes all tables with. */
export interface WriterTask {
  readonly staging: string
  readonly dialect: CsvDialect
}

/** What a thread says: once that it is there, and then what became of each table. */
export type WriterMessage =
  | { readonly isReady: true }
  | { readonly written: StagedTable }
  | { readonly failed: PackedError }

/** A KnownError on its way from one thread to another. */
interface PackedError {
  readonly failure: Failure
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  readonly details: ErrorDetails
}

export function packError({ failure, code, message, hint, details }: KnownError): PackedError {
  return { failure, code, message, hint, details }
}

function unpackError({ failure, code, message, hint, details }: PackedError): KnownError {
  return new KnownError(failure, code, message, { ...details, ...(hint === undefined ? {} : { hint }) })
}

/** Beside this file, where the program has been built. */
const ENTRY = new URL('./write-worker.js', import.meta.url)
/** Most rows of tables that wait while another one is written. */
const MOST_WAITING = 2_000_000

export interface ThreadWriterOptions extends WriterOptions {
  readonly signal: AbortSignal | undefined
}

/** A writer in a thread of its own; undefined if there can be none. */
export function writeInThread(options: ThreadWriterOptions): TableWriter | undefined {
  if (!existsSync(fileURLToPath(ENTRY))) return undefined
  const { staging, dialect } = options
  const task: WriterTask = { staging, dialect }
  try {
    return new ThreadWriter(new Worker(ENTRY, { workerData: task }), options)
  } catch {
    return undefined
  }
}

/** Has tables written by the thread while further ones are computed. */
class ThreadWriter implements TableWriter {
  readonly #worker: Worker
  readonly #options: ThreadWriterOptions
  /** For what the thread cannot take, since it has ended without being told to. */
  readonly #inTurn: TableWriter
  /** Given before the thread was there. */
  readonly #early: AggregateTable[] = []
  /** The tables in the thread's hands: the first is being written, the others wait. */
  readonly #handed: { readonly table: string; readonly rows: number }[] = []
  #failure: { readonly error: unknown } | undefined
  #isReady = false
  #hasEnded = false
  #wake = () => {}

  constructor(worker: Worker, options: ThreadWriterOptions) {
    this.#worker = worker
    this.#options = options
    this.#inTurn = writeInTurn(options)
    worker.on('message', (message: WriterMessage) => this.#took(message))
    worker.on('messageerror', (error) => this.#lost(error))
    worker.on('error', (error) => this.#lost(error))
    worker.on('exit', () => {
      this.#hasEnded = true
      this.#lost(lostTable(this.#handed[0]?.table))
    })
    options.signal?.addEventListener('abort', this.#interrupt)
  }

  async write(table: TableResult): Promise<void> {
    if (isStreamed(table)) {
      // In the order of the tables; of a stream there is nothing to be computed meanwhile.
      await this.finish()
      await this.#inTurn.write(table)
      return
    }
    await this.#until(() => this.#hasEnded || this.#hasRoomFor(table.rowCount))
    this.#early.push(table)
    if (this.#hasEnded) await this.#writeEarly()
    else if (this.#isReady) this.#handOver()
  }

  async finish(): Promise<void> {
    await this.#until(() => this.#hasEnded || (this.#isReady && this.#handed.length === 0))
    await this.#writeEarly()
  }

  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#interrupt)
    await this.#worker.terminate()
  }

  #hasRoomFor(tableRows: number): boolean {
    const rows = [...this.#handed.map((table) => table.rows), ...this.#early.map((table) => table.rowCount)]
    const waiting = rows.slice(1)
    return rows.length === 0 || waiting.reduce((sum, more) => sum + more, tableRows) <= MOST_WAITING
  }

  #handOver(): void {
    try {
      for (const table of this.#early.splice(0)) {
        const { rowCount: rows } = table
        const { packed, memory } = packTable(table)
        this.#worker.postMessage(packed, memory)
        this.#handed.push({ table: packed.name, rows })
      }
    } catch (error) {
      this.#failed(error)
    }
  }

  async #writeEarly(): Promise<void> {
    for (const table of this.#early.splice(0)) await this.#inTurn.write(table)
  }

  /** Waits for the thread. Rejects with the first thing that stands against a table. */
  async #until(isSo: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      if (isSo()) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #took(message: WriterMessage): void {
    if (this.#failure !== undefined) return
    if ('failed' in message) this.#failed(unpackError(message.failed))
    else if ('isReady' in message) {
      this.#isReady = true
      this.#handOver()
    } else {
      this.#handed.shift()
      this.#options.onWritten(message.written)
    }
    this.#wake()
  }

  /** The thread ends; without a table in its hands nothing is lost. */
  #lost(error: unknown): void {
    if (this.#handed.length > 0) this.#failed(error)
    this.#wake()
  }

  #failed(error: unknown): void {
    this.#failure ??= { error }
    this.#wake()
  }

  readonly #interrupt = () => this.#failed(this.#options.signal?.reason)
}

function lostTable(table = 'a table'): KnownError {
  return new KnownError(
    'internal',
    'writer_ended',
    `the thread that writes tables ended before ${table} was written; nothing was published`,
    {
      table,
      hint: 'run it again, and if that does not help with --threads 1: the old results are still there',
    },
  )
}
