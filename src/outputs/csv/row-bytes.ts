import {
  divideRounded,
  formatHundredths,
  formatQuantity,
  MONEY_SCALE,
  type Whole,
} from '../../lib/numbers/exact.ts'

const ZERO = 48
const MINUS = 45
const DOT = 46
const MAX_INT32 = 0x7fff_ffff

/** A byte buffer that rows are written into; `flush` is called when it is nearly full. */
export class RowBytes {
  readonly buffer: Buffer
  readonly #words: DataView
  length = 0
  readonly #rowBytes: number
  readonly #flush: (bytes: Uint8Array) => void

  /** @param rowBytes most bytes of a row, without its long texts */
  constructor(capacity: number, rowBytes: number, flush: (bytes: Uint8Array) => void) {
    this.buffer = Buffer.allocUnsafeSlow(Math.max(capacity, rowBytes))
    this.#words = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length)
    this.#rowBytes = rowBytes
    this.#flush = flush
  }

  /** Makes room for a row. */
  startRow(): void {
    if (this.length + this.#rowBytes > this.buffer.length) this.flush()
  }

  flush(): void {
    if (this.length > 0) this.#flush(this.buffer.subarray(0, this.length))
    this.length = 0
  }

  byte(value: number): void {
    this.buffer[this.length++] = value
  }

  /** Bytes of any length; room for the rest of a row is made. */
  long(source: Uint8Array, start: number, end: number): void {
    const size = end - start
    if (this.length + size + this.#rowBytes > this.buffer.length) this.flush()
    if (size + this.#rowBytes > this.buffer.length) this.#flush(source.subarray(start, end))
    else {
      this.buffer.set(source.subarray(start, end), this.length)
      this.length += size
    }
  }

  /** A few bytes, for which there is room; `words` views the source. */
  short(source: Uint8Array, words: DataView, start: number, length: number): void {
    const end = start + length
    let from = start
    let to = this.length
    for (; from + 4 <= end; from += 4, to += 4) this.#words.setInt32(to, words.getInt32(from, true), true)
    for (; from < end; from++, to++) this.buffer[to] = source[from]!
    this.length = to
  }

  /** A few ASCII characters, for which there is room. */
  ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.buffer[this.length++] = text.charCodeAt(i)
  }

  /** A whole number that is safe. */
  integer(value: number): void {
    let rest = value
    if (value < 0) {
      this.byte(MINUS)
      rest = -value
    }
    if (rest > MAX_INT32) {
      this.ascii(String(rest))
      return
    }
    rest |= 0
    let length = 1
    for (let bound = 10; rest >= bound; bound *= 10) length++
    let at = this.length + length
    this.length = at
    do {
      const quotient = (rest / 10) | 0
      this.buffer[--at] = ZERO + rest - quotient * 10
      rest = quotient
    } while (rest > 0)
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
    const tens = (cents / 10) | 0
    this.integer((positive - cents) / 100)
    this.byte(DOT)
    this.byte(ZERO + tens)
    this.byte(ZERO + cents - tens * 10)
  }

  /** Ten-thousandths with as many decimals as it takes. */
  quantity(value: Whole): void {
    if (typeof value === 'number' && value % MONEY_SCALE === 0) this.integer(value / MONEY_SCALE)
    else this.ascii(formatQuantity(value))
  }

  /** Ten-thousandths with two decimals, half away from zero. */
  money(value: Whole): void {
    this.hundredths(divideRounded(value, 100))
  }
}
