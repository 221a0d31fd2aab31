import { isBlank } from '../lib/blanks.ts'
import { OversizedRecord } from './oversized-record.ts'
import { CR, GrammarFault, LF, NEED_MORE, RecordScanner, SCAN_PADDING } from './record-scanner.ts'

/** Longest record that is read, in bytes without its line end. */
export const MAX_RECORD_BYTES = 1_048_576

/** Most bytes held at a time: a chunk and the record that the one before it did not end. */
const CAPACITY = 4 * MAX_RECORD_BYTES

/** What is done with each record; the bytes are only valid during the call. */
export interface RecordHandler {
  /** A record's fields are in the scanner. Answer false to read no further. */
  record(bytes: Uint8Array, start: number, scanner: RecordScanner, line: number): boolean
  /** A record over MAX_RECORD_BYTES, of which nothing is kept. Answer false to read no further. */
  oversized(line: number): boolean
}

/**
 * Turns chunks of bytes into records, in bounded memory, and counts physical lines (CRLF, LF and CR each
 * end one, inside quotes too). Skips a UTF-8 byte order mark and lines of nothing but spaces and tabs.
 */
export class RecordReader {
  readonly #scanner: RecordScanner
  readonly #handler: RecordHandler
  /** More bytes than are used: the scanner's sentinel and padding. */
  #work: Uint8Array = Buffer.allocUnsafeSlow(1024)
  #length = 0
  #line = 1
  #isStart = true
  #oversized: OversizedRecord | undefined
  #stopped = false

  /** @param fields how many fields of a record the handler will look at */
  constructor(fields: number, handler: RecordHandler) {
    this.#scanner = new RecordScanner(fields)
    this.#handler = handler
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** @throws GrammarFault */
  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length && !this.#stopped; ) {
      const part = chunk.subarray(from, from + CAPACITY - this.#length)
      this.#reserve(this.#length + part.length + 1 + SCAN_PADDING)
      this.#work.set(part, this.#length)
      this.#length += part.length
      from += part.length
      this.#process(false)
    }
  }

  /** The physical line on which the record at hand starts, as text: for what cannot be read as a record. */
  pendingLine(): string {
    const line = Buffer.from(this.#work.subarray(0, this.#length)).toString('utf8')
    return line
      .replace(/^\uFEFF/, '')
      .trimStart()
      .split(/[\r\n]/, 1)[0]!
  }

  /** The last record may lack its line end. @throws GrammarFault */
  finish(): void {
    if (!this.#stopped) this.#process(true)
  }

  #reserve(size: number): void {
    if (size <= this.#work.length) return
    const larger = Buffer.allocUnsafeSlow(
      Math.min(CAPACITY + 1 + SCAN_PADDING, Math.max(size, 2 * this.#work.length)),
    )
    larger.set(this.#work.subarray(0, this.#length))
    this.#work = larger
  }

  #process(final: boolean): void {
    let at = 0
    if (this.#isStart) {
      if (this.#length < 3 && !final) return
      this.#isStart = false
      const [a, b, c] = this.#work
      if (this.#length >= 3 && a === 0xef && b === 0xbb && c === 0xbf) at = 3
    }
    try {
      at = this.#records(at, final)
    } catch (error) {
      if (error instanceof GrammarFault) throw new GrammarFault(error.code, this.#line)
      throw error
    }
    this.#work.copyWithin(0, at, this.#length)
    this.#length -= at
  }

  /** Handles every record that is whole; returns where the rest starts. */
  #records(from: number, final: boolean): number {
    const work = this.#work
    const scanner = this.#scanner
    const to = this.#length
    let at = from
    while (at < to && !this.#stopped) {
      if (this.#oversized !== undefined) {
        const next = this.#oversized.walk(work, at, to)
        if (next < 0) {
          at = to
          break
        }
        at = next
        this.#endOversized()
        continue
      }
      work[to] = LF
      let text = at
      while (isBlank(work[text]!)) text++
      let next: number
      if (text < to && work[text] !== LF && work[text] !== CR) {
        next = scanner.scan(work, at, to, final)
        if (next !== NEED_MORE) {
          this.#stopped = !this.#handler.record(work, at, scanner, this.#line)
          this.#line += 1 + scanner.innerLines
          at = next
          continue
        }
      } else if (text < to) {
        if (work[text] === CR && text + 1 === to && !final) return at
        at = work[text] === CR && text + 1 < to && work[text + 1] === LF ? text + 2 : text + 1
        this.#line++
        continue
      } else if (final) return to
      if (to - at <= MAX_RECORD_BYTES + 2) return at
      this.#oversized = new OversizedRecord()
    }
    if (final && this.#oversized !== undefined) {
      this.#oversized.finish()
      this.#endOversized()
    }
    return at
  }

  #endOversized(): void {
    const record = this.#oversized!
    this.#oversized = undefined
    if (!record.isBlank) this.#stopped = !this.#handler.oversized(this.#line)
    this.#line += 1 + record.innerLines
  }
}
