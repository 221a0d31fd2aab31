import { KEY_NUMBERS, type KeyCells, prepareKeys } from '../../collections/keys/key-cells.ts'
import type { NumberedTexts, TextNumberer } from '../../collections/texts/numbered-texts.ts'
import {
  type Cells,
  IS_NULL,
  IS_SAME,
  IS_TEXT,
  prepareTexts,
  type TextCells,
} from '../../collections/texts/text-cells.ts'
import type { Whole } from '../../lib/numbers/exact.ts'
import type { RowReason } from '../../sources/rows/source-rows.ts'
import type { RejectReason } from '../accounting/accounting.ts'
import { QUOTE } from '../lanes/fast/kernel/record-scanner.ts'
import { MAX_RECORD_BYTES } from '../records/record-walk.ts'
import type { BatchLayout } from './batch-layout.ts'

/** Most rows of a batch. */
export const BATCH_ROWS = 65_536
/** Most rejected records of a batch, which cost far more than rows, the more so on their way between threads. */
const MOST_REJECTED = 4096

/** Cells of which there are ever more. */
type Counted<C extends Cells> = Omit<C, 'count'> & { count: number }

/** A record that is rejected, whatever other records there are. */
export interface RejectedRecord {
  /** How many rows of the batch come before it. */
  readonly row: number
  readonly line: number
  /** As the file names it. */
  readonly column: string | undefined
  /** The declared column, if the file names it otherwise. */
  readonly target?: string | undefined
  readonly reason: Exclude<RejectReason, 'conflicting_duplicate'>
  readonly cell: string | undefined
  /** Of its time, if its cells can be told apart and that one can be read. */
  readonly day: number | undefined
  /** What it is worth, as far as it can be read, without its sign. */
  readonly worth: Whole
}

/**
 * Rows of one raw table whose records are acceptable, column by column, between the one who checks records
 * and the one who keeps rows. It lies in memory of its own, which threads may share, and is used again.
 */
export class RecordBatch {
  /** The bytes of the file, and behind them those of decoded records; texts lie in both. */
  readonly bytes: Uint8Array
  /** How many bytes of the file there is room for. */
  readonly fileBytes: number
  readonly #rows: number
  /** By column number; undefined if the batch does not hold it. */
  readonly starts: readonly (Int32Array | undefined)[]
  readonly ends: readonly (Int32Array | undefined)[]
  readonly numbers: readonly (Float64Array | undefined)[]
  /** By column number, of texts that are looked up. */
  readonly #texts: readonly (Counted<TextCells> | undefined)[]
  readonly #keys: Counted<KeyCells> | undefined
  /** The physical line where each record starts, counted from where reading began. */
  readonly lines: Int32Array
  /** Two halves of each row's fingerprint; empty if nobody compares. */
  readonly highs: Int32Array
  readonly lows: Int32Array
  count = 0
  /** How many records were looked at. */
  read = 0
  rejected: RejectedRecord[] = []
  /** How many records are no rows, by the reason. */
  leftOut = new Map<RowReason, number>()
  /** Most bytes that one record may add to those of the file. */
  readonly #most: number
  #decodedTo = 0
  /** How many rows can be looked up. */
  #prepared = 0

  /**
   * @param fileBytes how many bytes of the file it has room for
   * @param memory at least bytesOf(layout, fileBytes); by default the batch's own
   * @param numbered where another thread fills it and numbers texts: those of the columns that are looked up
   */
  constructor(
    layout: BatchLayout,
    fileBytes: number,
    memory: ArrayBufferLike = new ArrayBuffer(RecordBatch.bytesOf(layout, fileBytes)),
    numbered: readonly NumberedTexts[] = [],
  ) {
    const rows = rowsIn(fileBytes)
    this.#rows = rows
    let at = 0
    const take = (bytes: number) => {
      at += bytes
      return at - bytes
    }
    const floats = () => new Float64Array(memory, take(8 * rows), rows)
    const integers = () => new Int32Array(memory, take(4 * rows), rows)
    const flags = () => new Uint8Array(memory, take(rows), rows)
    const columns = Array.from({ length: layout.columns }, (_, i) => i)
    this.numbers = columns.map((i) => (layout.numbers.includes(i) ? floats() : undefined))
    this.starts = columns.map((i) => (layout.texts.includes(i) ? integers() : undefined))
    this.ends = columns.map((i) => (layout.texts.includes(i) ? integers() : undefined))
    this.lines = integers()
    this.highs = layout.hasFingerprints ? integers() : new Int32Array(0)
    this.lows = layout.hasFingerprints ? integers() : new Int32Array(0)
    const { lookedUp, ownKey } = layout
    const hashes = lookedUp.map(integers)
    const keys = ownKey < 0 ? 0 : rows
    const keyNumbers = new Int32Array(memory, take(4 * KEY_NUMBERS * keys), KEY_NUMBERS * keys)
    const kinds = lookedUp.map(flags)
    const isUuid = new Uint8Array(memory, take(keys), keys)
    this.fileBytes = fileBytes
    this.#most = mostAdded(layout, fileBytes)
    this.bytes = new Uint8Array(memory, at, fileBytes + decodedBytes(layout, fileBytes))
    this.#texts = columns.map((i) => {
      const place = lookedUp.indexOf(i)
      if (place < 0) return undefined
      return textCells(this.cells(i), kinds[place]!, hashes[place]!, numbered[place])
    })
    this.#keys = ownKey < 0 ? undefined : keyCells(this.cells(ownKey), isUuid, keyNumbers)
    this.clear()
  }

  /** The memory that a batch needs. */
  static bytesOf(layout: BatchLayout, fileBytes: number): number {
    const { numbers, texts, lookedUp, ownKey, hasFingerprints } = layout
    const keys = ownKey < 0 ? 0 : 1
    const integers = 2 * texts.length + (hasFingerprints ? 3 : 1) + lookedUp.length + keys * KEY_NUMBERS
    const flags = lookedUp.length + keys
    return (
      rowsIn(fileBytes) * (8 * numbers.length + 4 * integers + flags) +
      fileBytes +
      decodedBytes(layout, fileBytes)
    )
  }

  clear(): void {
    this.count = 0
    this.read = 0
    this.rejected = []
    if (this.leftOut.size > 0) this.leftOut = new Map()
    this.#decodedTo = this.fileBytes
    this.#prepared = 0
  }

  /** Whether it may have no room for another record. */
  get isFull(): boolean {
    if (this.count === this.#rows || this.rejected.length >= MOST_REJECTED) return true
    return this.bytes.length - this.#decodedTo < this.#most
  }

  noteLeftOut(reason: RowReason): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1)
  }

  /** How many bytes stand beside those of the file. */
  get addedBytes(): number {
    return this.#decodedTo - this.fileBytes
  }

  /** Puts bytes of a mapped cell beside those of the file. @returns where they start */
  addMapped(bytes: Uint8Array, from: number, length: number): number {
    const start = this.#decodedTo
    const to = this.bytes
    for (let i = 0; i < length; i++) to[start + i] = bytes[from + i]!
    this.#decodedTo = start + length
    return start
  }

  /** Puts bytes that are not in the file beside those that are. @returns where they start */
  addDecoded(bytes: Uint8Array): number {
    const start = this.#decodedTo
    this.bytes.set(bytes, start)
    this.#decodedTo += bytes.length
    return start
  }

  /** Puts a cell beside the bytes of the file, with one quote for each two. @returns where it starts and ends */
  addHalved(from: number, to: number): [start: number, end: number] {
    const { bytes } = this
    const start = this.#decodedTo
    let at = start
    for (let i = from; i < to; i++) {
      bytes[at++] = bytes[i]!
      if (bytes[i] === QUOTE) i++
    }
    this.#decodedTo = at
    return [start, at]
  }

  /**
   * Finds out of all texts and keys what looking them up will need, for the rows that came since it was
   * called last; best while their bytes are still in the caches.
   *
   * @param seed TEXT_SEED of the run
   * @param numberers of the columns that are looked up, if whoever looks them up can read their numbers
   */
  prepare(seed: number, numberers: readonly TextNumberer[] = []): void {
    let place = 0
    for (const texts of this.#texts) {
      if (texts === undefined) continue
      texts.count = this.count
      prepareTexts(texts, seed, this.#prepared, numberers[place++])
    }
    if (this.#keys !== undefined) prepareKeys(this.keys(), seed, this.#prepared)
    this.#prepared = this.count
  }

  /** The cells of a text column, which the batch must hold. */
  cells(column: number): Cells {
    const { bytes, count } = this
    return { bytes, starts: this.starts[column]!, ends: this.ends[column]!, count }
  }

  /** Those of a column that is looked up; changed by whatever changes the batch. */
  texts(column: number): TextCells {
    const texts = this.#texts[column]!
    texts.count = this.count
    return texts
  }

  /** The table's own keys; changed by whatever changes the batch. */
  keys(): KeyCells {
    const keys = this.#keys!
    keys.count = this.count
    return keys
  }

  /** Leaves a null in the place of a cell; call forgetSame before. */
  erase(column: number, row: number): void {
    const [starts, ends, texts] = [this.starts[column], this.ends[column], this.#texts[column]]
    if (starts !== undefined) starts[row] = ends![row]!
    if (texts !== undefined) texts.kinds[row] = IS_NULL
    const numbers = this.numbers[column]
    if (numbers !== undefined) numbers[row] = Number.NaN
  }

  /** Cells are no longer known to be the same as others, so that others may be erased or left out. */
  forgetSame(): void {
    for (const texts of this.#texts) if (texts !== undefined) forgetSame(texts.kinds, this.count)
  }

  /** Leaves out the rows at whose place a 0 stands, in the arrays given, too; of own keys nothing is left. */
  keepOnly(isKept: Uint8Array, besides: readonly (Int32Array | Uint8Array)[]): void {
    const { numbers, starts, ends, lines } = this
    const lookedUp = this.#texts.flatMap((texts) => texts ?? [])
    this.forgetSame()
    const all = [...numbers, ...starts, ...ends, lines, ...besides]
    for (const { kinds, hashes } of lookedUp) all.push(kinds, hashes)
    for (const values of all) if (values !== undefined) closeUp(values, isKept, this.count)
    let kept = 0
    for (let row = 0; row < this.count; row++) if (isKept[row] !== 0) kept++
    this.count = kept
  }
}

/** Written out: what is made by spreading has another hidden class each time, which slows hot loops down. */
function textCells(
  { bytes, starts, ends, count }: Cells,
  kinds: Uint8Array,
  hashes: Int32Array,
  numbered: NumberedTexts | undefined,
): Counted<TextCells> {
  return { bytes, starts, ends, count, kinds, hashes, numbered }
}

function keyCells(
  { bytes, starts, ends, count }: Cells,
  isUuid: Uint8Array,
  numbers: Int32Array,
): Counted<KeyCells> {
  return { bytes, starts, ends, count, isUuid, numbers }
}

/** A row takes two bytes at least; a multiple of 8, so that all arrays lie as they must. */
function rowsIn(fileBytes: number): number {
  return Math.min(BATCH_ROWS, Math.ceil(fileBytes / 16) * 8)
}

/**
 * Bytes behind those of the file for the cells of records that csv-parse had to split, which take no more
 * there than in the file: room for two of the longest. The batch is full if the next might find none.
 */
function decodedBytes(layout: BatchLayout, fileBytes: number): number {
  return (layout.isMapped ? Math.ceil(fileBytes / 2) : 0) + 2 * mostAdded(layout, fileBytes)
}

/**
 * Most bytes that one record may add. Mapped cells may be longer than what they are made of: those of a record stop
 * once they exceed a record's length, the last of them being as long at most; besides, the record may be decoded.
 */
function mostAdded({ isMapped }: BatchLayout, fileBytes: number): number {
  const decoded = Math.min(MAX_RECORD_BYTES, fileBytes)
  return isMapped ? 3 * MAX_RECORD_BYTES + decoded : decoded
}

function forgetSame(kinds: Uint8Array, count: number): void {
  for (let row = 0; row < count; row++) if (kinds[row] === IS_SAME) kinds[row] = IS_TEXT
}

function closeUp(values: Float64Array | Int32Array | Uint8Array, isKept: Uint8Array, count: number): void {
  let to = 0
  for (let row = 0; row < count; row++) if (isKept[row] !== 0) values[to++] = values[row]!
}
