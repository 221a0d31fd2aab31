import { TEXT_SEED } from '../collections/texts/dictionary.ts'
import type { KnownError } from '../lib/errors.ts'
import type { ToWallClock } from '../lib/times/time-zone.ts'
import type { RawTable } from '../raw/define.ts'
import { type BatchLayout, batchLayout } from './batch/batch-layout.ts'
import { RecordBatch } from './batch/record-batch.ts'
import { BatchWriter } from './lanes/batch-writer.ts'
import { fastLane } from './lanes/fast/fast-lane.ts'
import { GrammarFault, SCAN_PADDING } from './lanes/fast/kernel/record-scanner.ts'
import type { MakeLane } from './lanes/lane.ts'
import type { OpenTable, ReadOptions, Shared } from './load-options.ts'
import type { ReadReport } from './loaded-table.ts'
import { grammarError, type Header } from './records/header.ts'
import {
  CHUNK_BYTES,
  checkUnchanged,
  checkWhole,
  DiskHash,
  type InputFile,
  readAt,
  readChunks,
} from './records/input-file.ts'
import { READER_BYTES, type ReadFrom, RecordReader } from './records/record-reader.ts'
import { NOTHING_FOUND, RecordScans } from './records/record-scans.ts'
import type { RowTaker } from './rows/row-taker.ts'
import type { PieceThreads } from './threads/piece-threads.ts'

/** Fewest bytes of a row that are counted on: room must not be made for rows that will hardly come. */
const LEAST_ROW_BYTES = 8

/** One raw table that has been read, with what took its rows. */
export interface ReadTable<T extends RowTaker> extends ReadReport {
  readonly taker: T
}

/** A table to be read, and how. */
export interface TableToRead {
  readonly open: OpenTable
  readonly shared: Shared
  readonly options: ReadOptions
  readonly threads: PieceThreads | undefined
  /** What reads the records that no thread reads. */
  readonly lane?: MakeLane
}

export function layoutOf(
  table: RawTable,
  header: Header,
  { filters }: Shared,
  { keep }: ReadOptions,
): BatchLayout {
  return batchLayout(table, header, keep.get(table.name) ?? new Set(), filters.asked(table))
}

/** Reads one table. @throws KnownError as readTables does */
export async function readTable<T extends RowTaker>(toRead: TableToRead, taker: T): Promise<ReadTable<T>> {
  const started = performance.now()
  const { open, threads } = toRead
  const { table, input, header } = open
  const reading = new TableReading(toRead, taker)
  try {
    const inPieces = threads !== undefined && threads.piecesOf(table.name).length > 0
    const sha256 = inPieces ? await reading.inPieces(threads) : await reading.fromStart()
    taker.end()
    return {
      table,
      file: { path: input.path, bytes: input.bytes, sha256 },
      accounting: taker.accounting,
      missingColumns: header.missing,
      unknownColumns: header.unknown,
      found: reading.scans?.results() ?? NOTHING_FOUND,
      seconds: (performance.now() - started) / 1000,
      taker,
    }
  } catch (error) {
    // What was read of a file that changed meanwhile proves nothing against it.
    if (error instanceof GrammarFault || (error as KnownError).failure === 'data')
      await checkUnchanged(input, table.name)
    throw error instanceof GrammarFault ? grammarError(error, input, table) : error
  }
}

/** One file on its way to what takes its rows. */
class TableReading {
  readonly scans: RecordScans | undefined
  readonly #open: OpenTable
  readonly #options: ReadOptions
  readonly #taker: RowTaker
  readonly #layout: BatchLayout
  #batch: RecordBatch | undefined
  readonly #lane: MakeLane
  readonly #toWallClock: ToWallClock
  #isExpected = false

  constructor({ open, shared, options, lane = fastLane }: TableToRead, taker: RowTaker) {
    const { table, header } = open
    this.#open = open
    this.#options = options
    this.#taker = taker
    this.#lane = lane
    this.#toWallClock = shared.toWallClock
    const { rules, findPersonalData } = options
    this.scans = RecordScans.of({ table, header, rules, findPersonalData })
    this.#layout = layoutOf(table, header, shared, options)
  }

  /** In this thread, unzipped if need be. @returns the sha256 of the bytes on disk */
  async fromStart(): Promise<string> {
    const { table, input } = this.#open
    const hash = new DiskHash()
    const reader = this.#reader()
    const report = (bytes: number) => this.#report(bytes)
    for await (const chunk of readChunks(input, table.name, report, hash)) {
      reader.push(chunk)
      if (!input.isGzip) this.#expect(chunk.length)
    }
    reader.finish()
    return hash.finish(input, table.name)
  }

  /**
   * As other threads have read it ahead. A piece counts if it starts just where the records before it end;
   * all that others could not read, or took for the wrong records, is read here.
   *
   * @returns the sha256 of the bytes on disk
   */
  async inPieces(threads: PieceThreads): Promise<string> {
    const { table, input } = this.#open
    let position = 0
    let line = 1
    for (const piece of threads.piecesOf(table.name)) {
      const read = await threads.take(piece)
      if (read?.start === position) {
        const { batch, at, start, next } = read
        threads.digest(table.name, batch.bytes.subarray(at, at + next - start), piece)
        this.#taker.take(batch, line - 1)
        this.scans?.add(read.scans)
        position = next
        line += read.lines
      }
      threads.release(piece)
      if (position < piece.until)
        ({ position, line } = await this.#readOn({ position, line, until: piece.until }, threads))
      // The file ends before it should.
      if (position < piece.until) break
      this.#expect(position)
      this.#report(position)
    }
    await checkWhole(input, table.name, position)
    // A thread that ended early takes its sum with it.
    return (await threads.sha256(table.name)) ?? new DiskHash().finish(input, table.name)
  }

  /** Reads the records up to a piece's end. @returns where the next one starts */
  async #readOn(from: ReadFrom, threads: PieceThreads): Promise<{ position: number; line: number }> {
    const { table, input } = this.#open
    const reader = this.#reader(from, (bytes) => threads.digest(table.name, bytes))
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    for (let at = from.position; !reader.stopped; ) {
      const rest = chunk.subarray(0, Math.min(chunk.length, input.bytes - at))
      const bytesRead = await readAt(input, table.name, rest, at)
      if (bytesRead === 0) {
        reader.finish()
        break
      }
      reader.push(chunk.subarray(0, bytesRead))
      at += bytesRead
    }
    return reader
  }

  /** A reader that fills this thread's batch, and has the parser take it. */
  #reader(from?: ReadFrom, onBytes: (bytes: Uint8Array) => void = () => {}): RecordReader {
    const { table, header } = this.#open
    const batch = this.#batch ?? new RecordBatch(this.#layout, readerBytes(this.#open.input))
    this.#batch = batch
    const takeBatch = () => {
      batch.prepare(TEXT_SEED)
      this.#taker.take(batch, 0)
      batch.clear()
      return true
    }
    const writer = new BatchWriter({
      lane: this.#lane,
      table,
      header,
      rules: this.#options.rules,
      toWallClock: this.#toWallClock,
      scans: this.scans,
      batch,
      seed: TEXT_SEED,
      startsWithHeader: (from?.position ?? 0) === 0,
      onFull: takeBatch,
    })
    const handler = {
      record: writer.record.bind(writer),
      oversized: writer.oversized.bind(writer),
      settle: (bytes: Uint8Array, to: number) => {
        onBytes(bytes.subarray(0, to))
        takeBatch()
      },
    }
    return new RecordReader(header.fieldCount, handler, from, batch.bytes)
  }

  /** Makes room for the rows that the file should have, a few more than by its first bytes. */
  #expect(ofBytes: number): void {
    if (this.#isExpected) return
    this.#isExpected = true
    const { bytes } = this.#open.input
    const { read, rejected } = this.#taker.accounting
    const rows = ((read - rejected) / ofBytes) * bytes * 1.03
    this.#taker.expect(Math.ceil(Math.min(rows, bytes / LEAST_ROW_BYTES)))
  }

  #report(bytes: number): void {
    const { onProgress, signal } = this.#options
    signal?.throwIfAborted()
    onProgress({ table: this.#open.table.name, bytes, ofBytes: this.#open.input.bytes })
  }
}

/** Of a small file no more than it needs: a file that has grown meanwhile gives itself away by one byte. */
function readerBytes({ bytes, isGzip }: InputFile): number {
  return isGzip ? READER_BYTES : Math.min(READER_BYTES, bytes + 2 + SCAN_PADDING)
}
