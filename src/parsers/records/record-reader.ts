import { SCAN_PADDING } from '../lanes/fast/kernel/record-scanner.ts'
import { PLAIN_FORM } from './record-form.ts'
import { MAX_RECORD_BYTES, type RecordHandler, RecordWalk } from './record-walk.ts'

/** Most bytes of the file held at a time: a chunk and the record that the one before it did not end. */
const CAPACITY = 4 * MAX_RECORD_BYTES

/** Memory that is enough for a reader. */
export const READER_BYTES = CAPACITY + 1 + SCAN_PADDING

/** Where in a file to read. */
export interface ReadFrom {
  /** The byte where the first record starts; 0 is the start of the file, where a byte order mark may stand. */
  readonly position: number
  /** The physical line of that byte. */
  readonly line: number
  /** Records that start here or later are not read. */
  readonly until: number
}

const WHOLE_FILE: ReadFrom = { position: 0, line: 1, until: Number.POSITIVE_INFINITY }

/** Turns chunks of bytes into records, in bounded memory. Skips a UTF-8 byte order mark. */
export class RecordReader {
  readonly #walk: RecordWalk
  readonly #handler: RecordHandler
  #work: Uint8Array
  /** Whether the reader may take more memory when it needs it. */
  readonly #grows: boolean
  readonly #until: number
  #length = 0
  #position: number
  #mayHaveMark: boolean

  /**
   * @param fields how many fields of a record the handler will look at
   * @param work memory to read in, which the handler's records lie in: READER_BYTES, or all bytes that will be
   *   pushed and SCAN_PADDING + 1; if left out, the reader takes as much as it needs
   * @param form how records stand in the file; lines are passed over at its start alone
   */
  constructor(
    fields: number,
    handler: RecordHandler,
    { position, line, until } = WHOLE_FILE,
    work?: Uint8Array,
    form = PLAIN_FORM,
  ) {
    const skipLines = position === 0 ? form.skipLines : 0
    this.#walk = new RecordWalk(fields, handler, line, { ...form, skipLines })
    this.#handler = handler
    this.#work = work ?? Buffer.allocUnsafeSlow(1024)
    this.#grows = work === undefined
    this.#until = until
    this.#position = position
    this.#mayHaveMark = position === 0
  }

  /** Whether nobody wants any more. */
  get stopped(): boolean {
    return this.#walk.stopped || (this.#position >= this.#until && !this.#walk.isInOversized)
  }

  /** The byte where what has not been handled starts, and its line. */
  get position(): number {
    return this.#position
  }

  get line(): number {
    return this.#walk.line
  }

  /** @throws GrammarFault */
  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length && !this.stopped; ) {
      const part = chunk.subarray(from, from + CAPACITY - this.#length)
      this.#makeRoom(this.#length + part.length + 1 + SCAN_PADDING)
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
    if (!this.stopped) this.#process(true)
  }

  #makeRoom(size: number): void {
    if (size <= this.#work.length || !this.#grows) return
    const larger = Buffer.allocUnsafeSlow(Math.min(READER_BYTES, Math.max(size, 2 * this.#work.length)))
    larger.set(this.#work.subarray(0, this.#length))
    this.#work = larger
  }

  #process(final: boolean): void {
    let at = 0
    if (this.#mayHaveMark) {
      if (this.#length < 3 && !final) return
      this.#mayHaveMark = false
      const [a, b, c] = this.#work
      if (this.#length >= 3 && a === 0xef && b === 0xbb && c === 0xbf) at = 3
    }
    const until = Math.min(this.#length, this.#until - this.#position)
    try {
      at = this.#walk.walk(this.#work, at, this.#length, final, until)
    } catch (error) {
      // The records before the fault count all the same.
      this.#handler.settle?.(this.#work, 0)
      throw error
    }
    this.#handler.settle?.(this.#work, at)
    this.#work.copyWithin(0, at, this.#length)
    this.#length -= at
    this.#position += at
  }
}
