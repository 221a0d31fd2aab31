import { KeySet } from '../../collections/keys/key-set.ts'
import { Dictionary, type Encoder } from '../../collections/texts/dictionary.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import type { RawTable } from '../../raw/define.ts'
import type { BatchRow } from '../batch/batch-row.ts'
import type { RecordBatch } from '../batch/record-batch.ts'
import { type CompositeKey, compositeKey } from './composite-key.ts'
import type { Encoders } from './encoders.ts'

/** The keys of one table's rows as codes: of their shared dictionary, or of the table's own set of keys. */
export class RowKeys {
  /** Of the batch looked up last. */
  codes = new Int32Array(0)
  /** The number of the key's column. */
  readonly column: number
  /** Undefined if no other table knows the key. */
  readonly encoder: Encoder | undefined
  readonly #own = new KeySet()
  /** Undefined if the key is one column. */
  readonly #composite: CompositeKey | undefined
  readonly #packed = new Dictionary()
  readonly #table: RawTable
  readonly #encoders: Encoders

  constructor(table: RawTable, encoders: Encoders) {
    this.#table = table
    this.#encoders = encoders
    this.column = Object.keys(table.columns).indexOf(table.key)
    this.#composite = compositeKey(table, encoders)
    this.encoder = encoders.shared(table.columns[table.key]!.dictionary)
  }

  /** Makes room for that many keys in all. */
  expect(keys: number): void {
    if (this.#composite !== undefined) this.#packed.expect(keys)
    else if (this.encoder === undefined) this.#own.expect(keys)
    else this.encoder.expect(keys)
  }

  lookUp(batch: RecordBatch): void {
    if (this.codes.length < batch.count) this.codes = new Int32Array(batch.count)
    if (this.#composite !== undefined) this.#lookUpPacked(batch, this.#composite)
    else if (this.encoder === undefined) this.#own.encodeCells(batch.keys(), this.codes, 0)
    else this.encoder.encodeCells(batch.texts(this.column), this.codes, 0)
  }

  #lookUpPacked(batch: RecordBatch, key: CompositeKey): void {
    for (let row = 0; row < batch.count; row++) {
      key.take(batch, row)
      this.codes[row] = this.#packed.encode(key.bytes, 0, key.end)
    }
  }

  /**
   * The key of a row of that batch as it may be shown: its hash, if it is hashed. Where others are, only its
   * shape: under the wrong column it may be one of them.
   */
  shown(row: BatchRow): string {
    if (this.#encoders.isHashed(this.#table.columns[this.#table.key]!.dictionary))
      return this.encoder!.dictionary.text(this.codes[row.row]!)
    const key = this.#composite?.text(row) ?? row.text(this.column)
    return this.#encoders.hides ? shapeOf(key) : key
  }
}
