import { scramble } from './random.ts'

const HEX = Array.from({ length: 65_536 }, (_, i) => i.toString(16).padStart(4, '0'))

/**
 * Ids that look like UUIDs. The first eight digits are a bijection of the counter, so no two of the first
 * 2^32 ids of one maker are alike.
 */
export class IdMaker {
  /** How many ids were made. */
  made = 0
  readonly #key: number

  constructor(seed: number, family: number) {
    this.#key = scramble(seed ^ scramble(family))
  }

  next(): string {
    const a = scramble(this.made++ ^ this.#key)
    const b = scramble(a ^ 0x5bd1e995)
    const c = scramble(b + this.#key)
    const d = scramble(c ^ 0x27d4eb2f)
    const high = `${HEX[a >>> 16]}${HEX[a & 65_535]}-${HEX[b >>> 16]}-${HEX[0x4000 | (b & 0xfff)]}`
    return `${high}-${HEX[0x8000 | (c & 0x3fff)]}-${HEX[c >>> 16]}${HEX[d >>> 16]}${HEX[d & 65_535]}`
  }
}

/** @example orderId(123) → 'ORD-000000123' */
export function orderId(number: number): string {
  return `ORD-${String(number).padStart(9, '0')}`
}
