import { Growing } from '../lib/numbers/growing.ts'
import type { NumberKind } from '../raw/kinds.ts'
import { type Encoder, NO_CODE } from './texts/dictionary.ts'
import type { TextCells } from './texts/text-cells.ts'
import { NO_FLAG, NO_INTEGER, type TextVector, type Vector } from './vectors.ts'

/** Codes of texts while the column grows; the dictionary may be shared with other tables. */
export class TextStore {
  readonly encoder: Encoder
  readonly #codes = new Growing(Int32Array)

  constructor(encoder: Encoder) {
    this.encoder = encoder
  }

  /** Makes room for that many cells in all. */
  expect(cells: number): void {
    this.#codes.reserve(cells)
  }

  append(cells: TextCells): void {
    const codes = this.#codes
    codes.reserve(codes.length + cells.count)
    this.encoder.encodeCells(cells, codes.values, codes.length)
    codes.length += cells.count
  }

  /** Appends the first codes of an array, all of the encoder's dictionary. */
  appendCodes(codes: Int32Array, count: number): void {
    const { length } = this.#codes
    this.#codes.reserve(length + count)
    this.#codes.values.set(codes.subarray(0, count), length)
    this.#codes.length += count
  }

  /** Whether the cell of a row is what stands from start to end; nothing is null. */
  isAt(row: number, bytes: Uint8Array, start: number, end: number): boolean {
    const code = this.#codes.values[row]!
    return code === NO_CODE || start === end
      ? code === NO_CODE && start === end
      : code === this.encoder.find(bytes, start, end)
  }

  finish(): TextVector {
    return { codes: this.#codes.trim(), dictionary: this.encoder.dictionary }
  }
}

/** Numbers of one kind while the column grows; NaN stands for null until it is stored. */
export class NumberStore {
  readonly #values: Growing<Float64Array> | Growing<Int32Array> | Growing<Int8Array>
  readonly #nullValue: number

  constructor(kind: NumberKind) {
    if (isFloat(kind)) this.#values = new Growing(Float64Array)
    else if (kind === 'flag') this.#values = new Growing(Int8Array)
    else this.#values = new Growing(Int32Array)
    this.#nullValue =
      kind === 'flag' ? NO_FLAG : kind === 'integer' || kind === 'percent' ? NO_INTEGER : Number.NaN
  }

  /** Makes room for that many cells in all. */
  expect(cells: number): void {
    this.#values.reserve(cells)
  }

  /** Appends the first numbers of an array. */
  append(numbers: Float64Array, count: number): void {
    const values = this.#values
    const at = values.length
    values.reserve(at + count)
    values.length += count
    if (values.values instanceof Float64Array) values.values.set(numbers.subarray(0, count), at)
    else appendTo(values.values, at, numbers, count, this.#nullValue)
  }

  /** Whether the cell of a row is this number; NaN is null. */
  isAt(row: number, number: number): boolean {
    const value = this.#values.values[row]!
    return Number.isNaN(number) ? value === this.#nullValue || Number.isNaN(value) : value === number
  }

  finish(): Vector {
    return this.#values.trim()
  }
}

/** An array for that many numbers of one kind. */
export function arrayOfKind(kind: NumberKind, length: number): Float64Array | Int32Array | Int8Array {
  if (isFloat(kind)) return new Float64Array(length)
  return kind === 'flag' ? new Int8Array(length) : new Int32Array(length)
}

function isFloat(kind: NumberKind): boolean {
  return kind === 'timestamp' || kind === 'money' || kind === 'quantity' || kind === 'large_integer'
}

function appendTo(
  values: Int32Array | Int8Array,
  at: number,
  numbers: Float64Array,
  count: number,
  nullValue: number,
): void {
  for (let i = 0; i < count; i++) {
    const value = numbers[i]!
    values[at + i] = Number.isNaN(value) ? nullValue : value
  }
}
