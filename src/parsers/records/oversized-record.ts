import { isBlank } from '../../lib/texts/blanks.ts'
import { CR, GrammarFault, LF } from '../lanes/fast/kernel/record-scanner.ts'

const QUOTE = 34

type State = 'field_start' | 'unquoted' | 'quoted' | 'after_quote' | 'cr'

/**
 * Walks through a record too long to keep, chunk by chunk, only to find its end and to count its lines.
 * Same grammar as RecordScanner, one byte at a time.
 */
export class OversizedRecord {
  innerLines = 0
  /** Nothing but spaces and tabs so far: a blank line, not a record. */
  isBlank = true
  #state: State = 'field_start'
  #previous = 0
  readonly #delimiter: number

  constructor(delimiter: number) {
    this.#delimiter = delimiter
  }

  /** @returns where the next record starts, or -1 if this one goes on after `to` */
  walk(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if (this.#state === 'cr') return byte === LF ? at + 1 : at
      if (this.#state !== 'quoted' && byte === LF) return at + 1
      this.#step(byte)
      if (!isBlank(byte) && byte !== CR) this.isBlank = false
      this.#previous = byte
    }
    return -1
  }

  /** The end of the file ends the record, unless it lies inside quotes. */
  finish(): void {
    if (this.#state === 'quoted') throw new GrammarFault('unclosed_quote', 0)
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'quoted':
        if (byte === QUOTE) this.#state = 'after_quote'
        else if (byte === CR || (byte === LF && this.#previous !== CR)) this.innerLines++
        return
      case 'after_quote':
        if (byte === QUOTE) this.#state = 'quoted'
        else if (byte === this.#delimiter) this.#state = 'field_start'
        else if (byte === CR) this.#state = 'cr'
        else throw new GrammarFault('text_after_quote', 0)
        return
      default:
        if (byte === CR) this.#state = 'cr'
        else if (byte === this.#delimiter) this.#state = 'field_start'
        else if (byte === QUOTE && this.#state === 'field_start') this.#state = 'quoted'
        else this.#state = 'unquoted'
    }
  }
}
