import { TEXT_SEED } from '../collections/texts/dictionary.ts'
import type { KnownError } from '../lib/errors.ts'
import type { ToWallClock } from '../lib/times/time-zone.ts'
import type { RawTable } from '../raw/define.ts'
import type { SourceRows } from '../sources/rows/source-rows.ts'
import { sourceRows } from '../sources/table-source.ts'
import { type BatchLayout, batchLayout } from './batch/batch-layout.ts'
import { RecordBatch } from './batch/record-batch.ts'
import type { Header } from './headers/header.ts'
import { BatchWriter } from './lanes/batch-writer.ts'
import { fastLane } from './lanes/fast/fast-lane.ts'
import { GrammarFault, SCAN_PADDING } from './lanes/fast/kernel/record-scanner.ts'
import type { MakeLane } from './lanes/lane.ts'
import { mappedLane } from './lanes/mapped/mapped-lane.ts'
import type { OpenFile, OpenTable, ReadOptions, Shared } from './load-options.ts'
import type { ReadReport, SourceFile } from './loaded-table.ts'
import { readText } from './records/file-text.ts'
import { grammarError } from './records/grammar-error.ts'
import {
  CHUNK_BYTES,
  checkUnchanged,
  checkWhole,
  DiskHash,
  type InputFile,
  readAt,
} from './records/input-file.ts'
import { isPlainBytes } from './records/record-form.ts'
import { READER_BYTES, type ReadFrom, RecordReader } from './records/record-reader.ts'
import type { RowTaker } from './rows/row-taker.ts'
import { RecordScans } from './scans/record-scans.ts'
import { mergeScans, NOTHING_FOUND, type ScanResults } from './scans/scan-results.ts'
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
  /** What reads the records that no thread reads; by default what suits the table. */
  readonly lane?: MakeLane
}

export function layoutOf(
  { table, source }: OpenTable,
  header: Header,
  { filters }: Shared,
  { keep }: ReadOptions,
): BatchLayout {
  return batchLayout(table, header, keep.get(table.name) ?? new Set(), filters.asked(table), source.isMapped)
}

/** Reads one table, file after file. @throws KnownError as readTables does */
export async function readTable<T extends RowTaker>(toRead: TableToRead, taker: T): Promise<ReadTable<T>> {
  const started = performance.now()
  const { open } = toRead
  const { table } = open
  const progress = new TableProgress(toRead, taker)
  const rows = sourceRows(open.source)
  const files: SourceFile[] = []
  const found: ScanResults[] = []
  for (const file of open.files) {
    if (files.length > 0) rows?.nextFile()
    const reading = new FileReading({ ...toRead, rows }, file, taker, progress)
    const { name, path, bytes } = file.input
    files.push({ name, path, bytes, sha256: await reading.read() })
    found.push(reading.found)
    progress.ended(file.input)
  }
  taker.end()
  return {
    table,
    files,
    accounting: taker.accounting,
    missingColumns: namesOf(open.files, ({ missing }) => missing),
    unknownColumns: namesOf(open.files, ({ unknown }) => unknown),
    found: mergeScans(found),
    seconds: (performance.now() - started) / 1000,
    taker,
  }
}

/** Each once, in the order of the files. */
function namesOf(files: readonly OpenFile[], names: (header: Header) => readonly string[]): string[] {
  return [...new Set(files.flatMap(({ header }) => names(header)))]
}

/** How far the files of one table have been read. */
class TableProgress {
  readonly #options: ReadOptions
  readonly #table: string
  readonly #ofBytes: number
  /** Of the files that are read to their end. */
  #before = 0
  readonly #taker: RowTaker
  #isExpected = false

  constructor({ open, options }: TableToRead, taker: RowTaker) {
    this.#options = options
    this.#table = open.table.name
    this.#ofBytes = open.files.reduce((sum, { input }) => sum + input.bytes, 0)
    this.#taker = taker
  }

  /** @param bytes of the file at hand */
  report(bytes: number): void {
    const { onProgress, signal } = this.#options
    signal?.throwIfAborted()
    onProgress({ table: this.#table, bytes: this.#before + bytes, ofBytes: this.#ofBytes })
  }

  ended({ bytes }: InputFile): void {
    this.#before += bytes
  }

  /** Makes room for the rows that the files should have, a few more than by the first bytes. */
  expect(ofBytes: number): void {
    if (this.#isExpected) return
    this.#isExpected = true
    const { read, rejected } = this.#taker.accounting
    const rows = ((read - rejected) / ofBytes) * this.#ofBytes * 1.03
    this.#taker.expect(Math.ceil(Math.min(rows, this.#ofBytes / LEAST_ROW_BYTES)))
  }
}

/** One file on its way to what takes its rows. */
class FileReading {
  readonly #scans: RecordScans | undefined
  readonly #table: RawTable
  readonly #file: OpenFile
  readonly #options: ReadOptions
  readonly #threads: PieceThreads | undefined
  readonly #taker: RowTaker
  readonly #progress: TableProgress
  readonly #layout: BatchLayout
  #batch: RecordBatch | undefined
  readonly #lane: MakeLane
  readonly #toWallClock: ToWallClock
  readonly #rows: SourceRows | undefined

  constructor(
    toRead: TableToRead & { readonly rows: SourceRows | undefined },
    file: OpenFile,
    taker: RowTaker,
    progress: TableProgress,
  ) {
    const { open, shared, options, threads, rows } = toRead
    const { lane = open.source.isMapped ? mappedLane : fastLane } = toRead
    this.#rows = rows
    this.#table = open.table
    this.#file = file
    this.#options = options
    this.#threads = threads
    this.#taker = taker
    this.#progress = progress
    this.#lane = lane
    this.#toWallClock = shared.toWallClock
    const { rules, findPersonalData } = options
    this.#scans = RecordScans.of({ table: open.table, header: file.header, rules, findPersonalData })
    this.#layout = layoutOf(open, file.header, shared, options)
  }

  get found(): ScanResults {
    return this.#scans?.results() ?? NOTHING_FOUND
  }

  /** @returns the sha256 of the bytes on disk */
  async read(): Promise<string> {
    const threads = this.#threads
    const { input, number } = this.#file
    try {
      const inPieces = threads !== undefined && threads.piecesOf(number).length > 0
      return inPieces ? await this.#inPieces(threads) : await this.#fromStart()
    } catch (error) {
      // What was read of a file that changed meanwhile proves nothing against it.
      if (error instanceof GrammarFault || (error as KnownError).failure === 'data')
        await checkUnchanged(input, this.#table.name)
      throw error instanceof GrammarFault ? grammarError(error, input, this.#table, this.#file.form) : error
    }
  }

  /** In this thread, unzipped if need be. */
  async #fromStart(): Promise<string> {
    const { input, form } = this.#file
    const { name } = this.#table
    const hash = new DiskHash()
    const reader = this.#reader()
    const report = (bytes: number) => this.#progress.report(bytes)
    for await (const chunk of readText(input, name, form, report, hash)) {
      reader.push(chunk)
      if (!input.isGzip && isPlainBytes(form)) this.#progress.expect(chunk.length)
    }
    reader.finish()
    return hash.finish(input, name)
  }

  /**
   * As other threads have read it ahead. A piece counts if it starts just where the records before it end;
   * all that others could not read, or took for the wrong records, is read here.
   */
  async #inPieces(threads: PieceThreads): Promise<string> {
    const { input, number } = this.#file
    let position = 0
    let line = 1
    for (const piece of threads.piecesOf(number)) {
      const read = await threads.take(piece)
      if (read?.start === position) {
        const { batch, at, start, next } = read
        threads.digest(number, batch.bytes.subarray(at, at + next - start), piece)
        this.#taker.take(batch, line - 1, input.name)
        this.#scans?.add(read.scans)
        position = next
        line += read.lines
      }
      threads.release(piece)
      if (position < piece.until)
        ({ position, line } = await this.#readOn({ position, line, until: piece.until }, threads))
      // The file ends before it should.
      if (position < piece.until) break
      this.#progress.expect(position)
      this.#progress.report(position)
    }
    await checkWhole(input, this.#table.name, position)
    // A thread that ended early takes its sum with it.
    return (await threads.sha256(number)) ?? new DiskHash().finish(input, this.#table.name)
  }

  /** Reads the records up to a piece's end. @returns where the next one starts */
  async #readOn(from: ReadFrom, threads: PieceThreads): Promise<{ position: number; line: number }> {
    const { input, number } = this.#file
    const reader = this.#reader(from, (bytes) => threads.digest(number, bytes))
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    for (let at = from.position; !reader.stopped; ) {
      const rest = chunk.subarray(0, Math.min(chunk.length, input.bytes - at))
      const bytesRead = await readAt(input, this.#table.name, rest, at)
      if (bytesRead === 0) {
        reader.finish()
        break
      }
      reader.push(chunk.subarray(0, bytesRead))
      at += bytesRead
    }
    return reader
  }

  /** A reader that fills this thread's batch, and has the taker take it. */
  #reader(from?: ReadFrom, onBytes: (bytes: Uint8Array) => void = () => {}): RecordReader {
    const { input, header, form } = this.#file
    const batch = this.#batch ?? new RecordBatch(this.#layout, readerBytes(this.#file))
    this.#batch = batch
    const takeBatch = () => {
      batch.prepare(TEXT_SEED)
      this.#taker.take(batch, 0, input.name)
      batch.clear()
      return true
    }
    const writer = new BatchWriter({
      lane: this.#lane,
      table: this.#table,
      header,
      rules: this.#options.rules,
      form,
      toWallClock: this.#toWallClock,
      scans: this.#scans,
      batch,
      sourceRows: this.#rows,
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
    return new RecordReader(header.fieldCount, handler, from, batch.bytes, form)
  }
}

/** Of a small file no more than it needs: a file that has grown meanwhile gives itself away by one byte. */
function readerBytes({ input: { bytes, isGzip }, form }: OpenFile): number {
  return isGzip || !isPlainBytes(form) ? READER_BYTES : Math.min(READER_BYTES, bytes + 2 + SCAN_PADDING)
}
