import { Growing } from '../lib/growing.ts'
import type { NumberKind } from '../raw/kinds.ts'
import { type Dictionary, type Encoder, NO_CODE } from './dictionary.ts'
import { NO_FLAG, NO_INTEGER, type TextVector, type Vector } from './vectors.ts'

/** A column of a typed collection while it grows. */
export interface ColumnStore {
  /** Makes room for that many cells in all. */
  expect(cells: number): void
  finish(): Vector
}

/** Codes of texts; the dictionary may be shared with other tables. */
export class TextStore implements ColumnStore {
  readonly codes = new Growing(Int32Array)
  readonly #encoder: Encoder

  constructor(encoder: Encoder) {
    this.#encoder = encoder
  }

  get dictionary(): Dictionary {
    return this.#encoder.dictionary
  }

  expect(cells: number): void {
    this.codes.reserve(cells)
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    this.#push(this.#encoder.encode(bytes, start, end))
  }

  pushNull(): void {
    this.#push(NO_CODE)
  }

  /** As codes.push, which is slower for being used with arrays of other types, too. */
  #push(code: number): void {
    const { codes } = this
    if (codes.length === codes.values.length) codes.reserve(codes.length + 1)
    codes.values[codes.length++] = code
  }

  finish(): TextVector {
    return { codes: this.codes.trim(), dictionary: this.dictionary }
  }
}

/** Numbers of one kind; NaN stands for null until it is stored. */
export class NumberStore implements ColumnStore {
  readonly #values: Growing<Float64Array> | Growing<Int32Array> | Growing<Int8Array>
  readonly #nullValue: number

  constructor(kind: NumberKind) {
    if (kind === 'timestamp' || kind === 'money') this.#values = new Growing(Float64Array)
    else if (kind === 'flag') this.#values = new Growing(Int8Array)
    else this.#values = new Growing(Int32Array)
    this.#nullValue =
      kind === 'flag' ? NO_FLAG : kind === 'integer' || kind === 'percent' ? NO_INTEGER : Number.NaN
  }

  expect(cells: number): void {
    this.#values.reserve(cells)
  }

  push(value: number): void {
    const values = this.#values
    if (values.length === values.values.length) values.reserve(values.length + 1)
    values.values[values.length++] = Number.isNaN(value) ? this.#nullValue : value
  }

  finish(): Vector {
    return this.#values.trim()
  }
}
