import { isBlank } from '../../lib/texts/blanks.ts'
import { CR, GrammarFault, LF, NEED_MORE, RecordScanner } from '../lanes/fast/kernel/record-scanner.ts'
import { OversizedRecord } from './oversized-record.ts'
import { PLAIN_FORM } from './record-form.ts'

/** Longest record that is read, in bytes without its line end. */
export const MAX_RECORD_BYTES = 1_048_576

/** What is done with each record; the bytes are only valid during the call. */
export interface RecordHandler {
  /** A record's fields are in the scanner. Answer false to read no further. */
  record(bytes: Uint8Array, start: number, scanner: RecordScanner, line: number): boolean
  /** A record over MAX_RECORD_BYTES, of which nothing is kept. Answer false to read no further. */
  oversized(line: number): boolean
  /** Bytes from 0 to before `to` are done with and may change now: what lies in them must be used. */
  settle?(bytes: Uint8Array, to: number): void
}

/**
 * Goes from record to record through bytes that lie in memory, and counts physical lines (CRLF, LF and CR
 * each end one, inside quotes too). Skips lines of nothing but spaces and tabs.
 */
export class RecordWalk {
  /** The line where the next record starts. */
  line: number
  /** Whether the handler wants no more. */
  stopped = false
  readonly #scanner: RecordScanner
  readonly #handler: RecordHandler
  readonly #delimiter: number
  #linesToSkip: number
  #oversized: OversizedRecord | undefined

  /**
   * @param fields how many fields of a record the handler will look at
   * @param line where the first record starts
   * @param form with the lines that are still to be passed over
   */
  constructor(fields: number, handler: RecordHandler, line = 1, { delimiter, skipLines } = PLAIN_FORM) {
    this.#scanner = new RecordScanner(fields, delimiter)
    this.#delimiter = delimiter
    this.#linesToSkip = skipLines
    this.#handler = handler
    this.line = line
  }

  /** Whether it is on its way through a record that is too long to keep. */
  get isInOversized(): boolean {
    return this.#oversized !== undefined
  }

  /**
   * Handles every record that is whole and starts before `until`. The bytes at `to` and SCAN_PADDING behind
   * it are the scanner's.
   *
   * @param final whether no bytes will follow those before `to`
   * @returns where the rest starts
   * @throws GrammarFault
   */
  walk(bytes: Uint8Array, from: number, to: number, final: boolean, until = to): number {
    try {
      return this.#records(bytes, from, to, final, until)
    } catch (error) {
      if (error instanceof GrammarFault) throw new GrammarFault(error.code, this.line)
      throw error
    }
  }

  #records(bytes: Uint8Array, from: number, to: number, final: boolean, until: number): number {
    const scanner = this.#scanner
    const delimiter = this.#delimiter
    let at = this.#linesToSkip === 0 ? from : this.#skip(bytes, from, to, final)
    if (this.#linesToSkip > 0) return at
    while (at < (this.#oversized === undefined ? until : to) && !this.stopped) {
      if (this.#oversized !== undefined) {
        const next = this.#oversized.walk(bytes, at, to)
        if (next < 0) {
          at = to
          break
        }
        at = next
        this.#endOversized()
        continue
      }
      bytes[to] = LF
      let text = at
      while (isBlank(bytes[text]!) && bytes[text] !== delimiter) text++
      let next: number
      if (text < to && bytes[text] !== LF && bytes[text] !== CR) {
        next = scanner.scan(bytes, at, to, final)
        if (next !== NEED_MORE) {
          this.stopped = !this.#handler.record(bytes, at, scanner, this.line)
          this.line += 1 + scanner.innerLines
          at = next
          continue
        }
      } else if (text < to) {
        if (bytes[text] === CR && text + 1 === to && !final) return at
        at = bytes[text] === CR && text + 1 < to && bytes[text + 1] === LF ? text + 2 : text + 1
        this.line++
        continue
      } else if (final) return to
      if (to - at <= MAX_RECORD_BYTES + 2) return at
      this.#oversized = new OversizedRecord(this.#delimiter)
    }
    if (final && this.#oversized !== undefined) {
      this.#oversized.finish()
      this.#endOversized()
    }
    return at
  }

  /** Passes over the lines above the header. @returns where the rest starts */
  #skip(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    let at = from
    while (at < to && this.#linesToSkip > 0) {
      const byte = bytes[at++]
      if (byte !== LF && byte !== CR) continue
      if (byte === CR && at === to && !final) return at - 1
      if (byte === CR && at < to && bytes[at] === LF) at++
      this.#linesToSkip--
      this.line++
    }
    return at
  }

  #endOversized(): void {
    const record = this.#oversized!
    this.#oversized = undefined
    if (!record.isBlank) this.stopped = !this.#handler.oversized(this.line)
    this.line += 1 + record.innerLines
  }
}
