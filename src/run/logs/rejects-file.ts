import { FileSink } from '../../lib/files/file-sink.ts'
import { csvCell, escapeFormula } from '../../lib/texts/csv-text.ts'
import type { Reject } from '../../parsers/accounting/accounting.ts'
import { REJECTS_MODE } from './run-files.ts'

const HEADER = 'table,file,line,column,reason,cell\n'
const BATCH = 64 * 1024

/** `rejects.csv` of a run: every rejected and conflicting row, written as they come. Made with the first. */
export class RejectsFile {
  readonly #path: string
  readonly #escapeFormulas: boolean
  #sink: FileSink | undefined
  #pending = ''

  /** @param escapeFormulas as in the aggregate tables: people open this file in a spreadsheet, too */
  constructor(path: string, escapeFormulas: boolean) {
    this.#path = path
    this.#escapeFormulas = escapeFormulas
  }

  /** The file's path, undefined while nothing was rejected. */
  get path(): string | undefined {
    return this.#sink?.path
  }

  write({ table, file, line, column, reason, cell }: Reject): void {
    if (this.#sink === undefined) {
      this.#sink = new FileSink(this.#path, REJECTS_MODE)
      this.#pending = HEADER
    }
    // Names of extra columns are the shop's own, and may hold anything.
    const texts = [table, file, String(line), column ?? '', reason, cell ?? '']
    this.#pending += `${texts.map((text) => this.#cell(text)).join(',')}\n`
    if (this.#pending.length >= BATCH) this.#flush()
  }

  finish(): void {
    if (this.#sink === undefined) return
    this.#flush()
    this.#sink.finish()
  }

  close(): void {
    try {
      this.#flush()
    } catch {
      // The run has failed for a reason that is already known.
    }
    this.#sink?.close()
  }

  #cell(text: string): string {
    return csvCell(this.#escapeFormulas ? escapeFormula(text) : text)
  }

  #flush(): void {
    const text = this.#pending
    this.#pending = ''
    if (text !== '') this.#sink?.write(Buffer.from(text, 'utf8'))
  }
}
