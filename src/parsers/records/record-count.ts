import { RecordReader } from './record-reader.ts'

/** Counts the records of a CSV whose bytes come piece by piece, the header among them. */
export class RecordCount {
  #records = 0
  readonly #reader = new RecordReader(0, {
    record: () => this.#count(),
    oversized: () => this.#count(),
  })

  #count(): boolean {
    this.#records++
    return true
  }

  /** @throws GrammarFault */
  push(bytes: Uint8Array): void {
    this.#reader.push(bytes)
  }

  /** @returns how many there were; throws as push does */
  finish(): number {
    this.#reader.finish()
    return this.#records
  }
}
