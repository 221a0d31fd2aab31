/** A bijection of 32-bit numbers: neighbours come out far apart, and no two alike. */
export function scramble(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

/**
 * Random numbers that follow from a seed and a stream number alone (sfc32), the same on every machine.
 * Uses integer arithmetic, multiplication and division only: no function whose last bit may differ.
 */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #counter = 1

  constructor(seed: number, stream: number) {
    this.restart(seed, stream)
  }

  /** Starts the stream with that number; streams of one seed have nothing in common. */
  restart(seed: number, stream: number): void {
    this.#a = scramble(seed ^ 0x9e3779b9)
    this.#b = scramble(stream)
    this.#c = scramble(this.#a ^ (Math.floor(stream / 2 ** 32) + 0x3c6ef372))
    this.#counter = 1
    for (let i = 0; i < 12; i++) this.next()
  }

  /** A whole number from 0 to 2^32 − 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** From 0 to just below 1. */
  unit(): number {
    return this.next() / 2 ** 32
  }

  /** A whole number from 0 to count − 1. */
  below(count: number): number {
    return Math.floor(this.unit() * count)
  }

  /** True with that probability. */
  chance(probability: number): boolean {
    return this.unit() < probability
  }
}

/** Things to choose from, each with a weight. */
export class Weighted<T> {
  readonly #items: readonly T[]
  /** Up to which of the total each item reaches. */
  readonly #ends: Float64Array
  readonly #total: number

  constructor(items: readonly T[], weightOf: (item: T) => number) {
    this.#items = items
    this.#ends = new Float64Array(items.length)
    let end = 0
    for (let i = 0; i < items.length; i++) {
      end += weightOf(items[i]!)
      this.#ends[i] = end
    }
    this.#total = end
  }

  pick(random: Random): T {
    const point = random.unit() * this.#total
    let low = 0
    let high = this.#ends.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ends[middle]! > point) high = middle
      else low = middle + 1
    }
    return this.#items[low]!
  }
}
