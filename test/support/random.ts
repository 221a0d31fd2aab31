/** Seeded random numbers (mulberry32): the same seed gives the same numbers everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** From 0, below 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from lowest to highest, both included. */
  whole(lowest: number, highest: number): number {
    return lowest + Math.floor(this.fraction() * (highest - lowest + 1))
  }

  /** Whether something happens that does so this often. */
  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(from: readonly T[]): T {
    return from[this.whole(0, from.length - 1)]!
  }

  /** A text of so many characters of an alphabet, which may hold longer pieces. */
  text(alphabet: readonly string[], shortest: number, longest: number): string {
    const length = this.whole(shortest, longest)
    return Array.from({ length }, () => this.pick(alphabet)).join('')
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.whole(0, i)
      const taken = result[i]!
      result[i] = result[j]!
      result[j] = taken
    }
    return result
  }
}

/**
 * The seed of a test: the usual one, or that of the environment variable SEED, to follow a failure.
 * Use its `name` in the test's name, so that a failure shows the seed.
 */
export function seedOf(usual: number): { readonly seed: number; readonly name: string } {
  const seed = process.env.SEED === undefined ? usual : Number(process.env.SEED)
  return { seed, name: `seed ${seed}` }
}
