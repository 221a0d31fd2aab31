import { Growing } from '../lib/growing.ts'

/** A set of 32-bit integers in two typed arrays: a look costs no object and mostly one cache line. */
export class IntSet {
  readonly #values = new Growing(Int32Array, 64)
  /** Places in `#values` plus one; 0 is free. */
  #slots = new Int32Array(256)

  get size(): number {
    return this.#values.length
  }

  /** In the order in which they were added. */
  get values(): Int32Array {
    return this.#values.values.subarray(0, this.#values.length)
  }

  has(value: number): boolean {
    return this.#slots[this.#slotOf(value)] !== 0
  }

  /** @returns whether it was not there yet */
  add(value: number): boolean {
    const slot = this.#slotOf(value)
    if (this.#slots[slot] !== 0) return false
    this.#values.push(value)
    this.#slots[slot] = this.#values.length
    if (this.#values.length * 4 > this.#slots.length) this.#rehash()
    return true
  }

  addAll(values: Iterable<number>): this {
    for (const value of values) this.add(value)
    return this
  }

  #slotOf(value: number): number {
    const mask = this.#slots.length - 1
    let slot = (Math.imul(value, 0x9e3779b1) >>> 7) & mask
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask)
      if (this.#values.values[this.#slots[slot]! - 1] === value) break
    return slot
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4)
    for (let place = 0; place < this.#values.length; place++)
      this.#slots[this.#slotOf(this.#values.values[place]!)] = place + 1
  }
}
