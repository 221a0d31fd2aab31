import { divideRounded, formatHundredths, type Whole } from '../lib/exact.ts'

const ZERO = 48
const MINUS = 45
const DOT = 46

/** A byte buffer that rows are written into; `flush` is called when it is nearly full. */
export class RowBytes {
  readonly buffer: Buffer
  length = 0
  readonly #flush: (bytes: Uint8Array) => void

  constructor(capacity: number, flush: (bytes: Uint8Array) => void) {
    this.buffer = Buffer.allocUnsafeSlow(capacity)
    this.#flush = flush
  }

  /** Makes room for that many bytes. */
  reserve(size: number): void {
    if (this.length + size > this.buffer.length) this.flush()
  }

  flush(): void {
    if (this.length > 0) this.#flush(this.buffer.subarray(0, this.length))
    this.length = 0
  }

  byte(value: number): void {
    this.buffer[this.length++] = value
  }

  /** Bytes of any length; long ones go out by themselves. */
  bytes(source: Uint8Array, start: number, end: number): void {
    const size = end - start
    if (size > this.buffer.length) {
      this.flush()
      this.#flush(source.subarray(start, end))
      return
    }
    this.reserve(size)
    const { buffer } = this
    let at = this.length
    for (let i = start; i < end; i++) buffer[at++] = source[i]!
    this.length = at
  }

  ascii(text: string): void {
    this.reserve(text.length)
    for (let i = 0; i < text.length; i++) this.buffer[this.length++] = text.charCodeAt(i)
  }

  /** A whole number that is safe. */
  integer(value: number): void {
    if (value < 0) this.byte(MINUS)
    const from = this.length
    let rest = Math.abs(value)
    do {
      const digit = rest % 10
      this.buffer[this.length++] = ZERO + digit
      rest = (rest - digit) / 10
    } while (rest > 0)
    this.buffer.subarray(from, this.length).reverse()
  }

  /** Hundredths with two decimals; never -0.00. */
  hundredths(value: Whole): void {
    if (typeof value === 'bigint') {
      this.ascii(formatHundredths(value))
      return
    }
    if (value < 0) this.byte(MINUS)
    const positive = Math.abs(value)
    const cents = positive % 100
    this.integer((positive - cents) / 100)
    this.byte(DOT)
    this.byte(ZERO + Math.floor(cents / 10))
    this.byte(ZERO + (cents % 10))
  }

  /** Ten-thousandths with two decimals, half away from zero. */
  money(value: Whole): void {
    this.hundredths(divideRounded(value, 100))
  }
}
