import { Growing } from '../lib/growing.ts'
import { KeyHash } from '../lib/key-hash.ts'
import type { FilterReason } from './accounting.ts'

/** What became of a row that is kept, beside those that are accepted. */
export const LIVE = 0
/** Left out by a filter that looked at its own cells. */
export const FILTERED = 1
export const OF_FILTERED_SESSION = 2
export const OF_FILTERED_ORDER = 3
/** A row that does not count and is not kept, since another one with its key does. */
export const DROPPED = 255

/** The hash of each row's key in three lanes. */
export type KeyLanes = readonly [Int32Array, Int32Array, Int32Array]

/** What is known of each kept row beside its cells, in file order. */
export interface LedgerRows {
  readonly fates: Uint8Array
  /** The physical line where each record starts. */
  readonly lines: Int32Array
  /** Undefined where the key is a column that is kept. */
  readonly keys: KeyLanes | undefined
}

export function fateOf(reason: FilterReason): number {
  if (reason === 'of_filtered_session') return OF_FILTERED_SESSION
  return reason === 'of_filtered_order' ? OF_FILTERED_ORDER : FILTERED
}

/** Writes down what a history of days must know of the rows of one table. */
export class RowLedger {
  readonly #fates = new Growing(Uint8Array)
  readonly #lines = new Growing(Int32Array)
  readonly #hash: KeyHash | undefined
  readonly #lanes = [new Growing(Int32Array), new Growing(Int32Array), new Growing(Int32Array)] as const

  /** @param seed of the key hashes; undefined where the key is a column that is kept */
  constructor(seed: number | undefined) {
    this.#hash = seed === undefined ? undefined : new KeyHash(seed)
  }

  /** Takes the next row; its key stands in the bytes from start to end. */
  take(fate: number, line: number, bytes: Uint8Array, start: number, end: number): void {
    this.#fates.push(fate)
    this.#lines.push(line)
    const hash = this.#hash
    if (hash === undefined) return
    hash.take(bytes, start, end)
    this.#lanes[0].push(hash.a)
    this.#lanes[1].push(hash.b)
    this.#lanes[2].push(hash.c)
  }

  finish(): LedgerRows {
    const [a, b, c] = this.#lanes
    return {
      fates: this.#fates.trim(),
      lines: this.#lines.trim(),
      keys: this.#hash === undefined ? undefined : [a.trim(), b.trim(), c.trim()],
    }
  }
}
