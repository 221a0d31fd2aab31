import type { Encoder } from '../../collections/texts/dictionary.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import type { RawTable } from '../../raw/define.ts'
import type { BatchRow } from '../batch/batch-row.ts'
import type { RecordBatch } from '../batch/record-batch.ts'
import type { Encoders } from './encoders.ts'

const LENGTH_BYTES = 4
const NUMBER_BYTES = 8

interface Part {
  readonly column: number
  readonly isNumber: boolean
  /** Of times whose days alone tell rows apart. */
  readonly isDay: boolean
  /** Of ids whose hashes stand in their place. */
  readonly hashing: Encoder | undefined
}

/**
 * Packs the cells of a key of several columns: a text behind its length, a number as it was parsed, or the day
 * of a time. So two keys have the same bytes only if all their cells are the same. A null is a text of no length, or NaN.
 */
export class CompositeKey {
  /** The key taken last lies in the first of them. */
  bytes = new Uint8Array(1024)
  end = 0
  #view = new DataView(this.bytes.buffer)
  readonly #parts: readonly Part[]

  constructor(table: RawTable, columns: readonly string[], encoders: Encoders) {
    const names = Object.keys(table.columns)
    this.#parts = columns.map((name) => {
      const { kind, dictionary, tellsApart } = table.columns[name]!
      const hashing = encoders.isHashed(dictionary) ? encoders.shared(dictionary) : undefined
      const isNumber = kind !== 'id' && kind !== 'text'
      return { column: names.indexOf(name), isNumber, isDay: tellsApart === 'day', hashing }
    })
  }

  take(batch: RecordBatch, row: number): void {
    let at = 0
    for (const { column, isNumber, isDay, hashing } of this.#parts) {
      if (isNumber) {
        this.#reserve(at + NUMBER_BYTES)
        const number = batch.numbers[column]?.[row] ?? Number.NaN
        // Nought is nought, whatever its sign.
        this.#view.setFloat64(at, (isDay ? dayOf(number) : number) + 0)
        at += NUMBER_BYTES
        continue
      }
      const start = batch.starts[column]?.[row] ?? 0
      const end = batch.ends[column]?.[row] ?? 0
      at =
        hashing === undefined || start === end
          ? this.#putText(at, batch.bytes, start, end)
          : this.#putHash(at, hashing, hashing.encode(batch.bytes, start, end))
    }
    this.end = at
  }

  /** @returns where the next cell begins */
  #putText(at: number, bytes: Uint8Array, start: number, end: number): number {
    this.#reserve(at + LENGTH_BYTES + end - start)
    this.#view.setUint32(at, end - start)
    let to = at + LENGTH_BYTES
    for (let i = start; i < end; i++) this.bytes[to++] = bytes[i]!
    return to
  }

  #putHash(at: number, { dictionary }: Encoder, code: number): number {
    const hash = Buffer.from(dictionary.text(code))
    return this.#putText(at, hash, 0, hash.length)
  }

  /** The key of a row for people: its cells as they are written. */
  text(row: BatchRow): string {
    return this.#parts.map(({ column }) => row.text(column)).join(', ')
  }

  #reserve(bytes: number): void {
    if (bytes <= this.bytes.length) return
    const longer = new Uint8Array(2 * bytes)
    longer.set(this.bytes)
    this.bytes = longer
    this.#view = new DataView(longer.buffer)
  }
}

/** The key of a table that several columns tell apart, or those that the shop names; undefined for all others. */
export function compositeKey(table: RawTable, encoders: Encoders): CompositeKey | undefined {
  return table.keyColumns === undefined ? undefined : new CompositeKey(table, table.keyColumns, encoders)
}
