import { Growing } from '../../lib/numbers/growing.ts'

/**
 * Pairs of small integers to group numbers, in order of first appearance: the group-by of two columns.
 * `second` is from 0 to width − 1; `first` may be negative, as days before 1970 are. Their product must
 * stay below 2^53.
 */
export class PairIndex {
  readonly #keys = new Growing(Float64Array, 256)
  /** One more than the largest `second`. */
  readonly width: number
  #slots = new Int32Array(512).fill(-1)
  #mask = 511

  /** @param width one more than the largest `second` */
  constructor(width: number) {
    this.width = Math.max(1, width)
  }

  /** How many different pairs it holds. */
  get size(): number {
    return this.#keys.length
  }

  /** The group of a pair, new if it has none yet. */
  add(first: number, second: number): number {
    const key = first * this.width + second
    let slot = mixKey(key) & this.#mask
    for (;;) {
      const group = this.#slots[slot]!
      if (group < 0) break
      if (this.#keys.values[group] === key) return group
      slot = (slot + 1) & this.#mask
    }
    const group = this.size
    this.#keys.push(key)
    this.#slots[slot] = group
    if (this.size * 2 > this.#slots.length) this.#rehash()
    return group
  }

  /** The group of a pair, or -1 if it has none. */
  find(first: number, second: number): number {
    const key = first * this.width + second
    let slot = mixKey(key) & this.#mask
    for (;;) {
      const group = this.#slots[slot]!
      if (group < 0 || this.#keys.values[group] === key) return group
      slot = (slot + 1) & this.#mask
    }
  }

  first(group: number): number {
    return Math.floor(this.#keys.values[group]! / this.width)
  }

  second(group: number): number {
    return this.#keys.values[group]! - this.first(group) * this.width
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let group = 0; group < this.size; group++) {
      let slot = mixKey(this.#keys.values[group]!) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = group
    }
    this.#slots = slots
    this.#mask = mask
  }
}

function mixKey(key: number): number {
  const high = Math.floor(key / 0x1_0000_0000)
  let hash = Math.imul((key | 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
