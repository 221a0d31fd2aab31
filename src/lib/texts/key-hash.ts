/**
 * A 96-bit hash of some bytes, in three lanes: two different keys share it with a chance of 2^-96, so that a
 * row's key can be recognized without being kept. Every step is a bijection of the lanes, whatever the bytes.
 * Histories on disk hold these hashes: they must stay as they are.
 */
export class KeyHash {
  a = 0
  b = 0
  c = 0
  readonly #seed: number

  /** @param seed a random 32-bit number; hashes of different seeds have nothing in common */
  constructor(seed: number) {
    this.#seed = seed
  }

  /** Hashes the bytes from start to end into `a`, `b` and `c`. */
  take(bytes: Uint8Array, start: number, end: number): void {
    this.a = this.#seed ^ (end - start)
    this.b = this.#seed ^ 0x3c6ef372
    this.c = this.#seed ^ 0x510e527f
    let i = start
    for (; i + 4 <= end; i += 4)
      this.#mix(bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
    let tail = 0
    for (; i < end; i++) tail = (tail << 8) | bytes[i]!
    this.#mix(tail)
    this.#mix(0x2545f491)
    this.#mix(0x1b873593)
  }

  #mix(word: number): void {
    let a = Math.imul(this.a ^ word, 0x9e3779b1)
    let b = Math.imul(this.b + word, 0x85ebca6b)
    let c = Math.imul(this.c ^ ((word << 16) | (word >>> 16)), 0xc2b2ae35)
    a ^= a >>> 15
    b ^= b >>> 13
    c ^= c >>> 16
    a = (a + b) | 0
    b = (b + c) | 0
    c = (c + a) | 0
    this.a = a
    this.b = (b << 11) | (b >>> 21)
    this.c = (c << 19) | (c >>> 13)
  }
}
