import type { LoadProgress } from '../../parsers/load-progress.ts'
import type { Terminal } from './terminal.ts'

const BAR_WIDTH = 24
const REDRAW_MS = 80

/** A progress bar for each raw table while it is read, on a terminal only. */
export class LoadBars {
  readonly #terminal: Terminal
  #table = ''
  #started = 0
  #drawn = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show({ table, bytes, ofBytes }: LoadProgress): void {
    const now = performance.now()
    if (table !== this.#table) {
      this.#endLine()
      this.#table = table
      this.#started = now
      this.#drawn = 0
    }
    const isDone = bytes >= ofBytes
    if (!isDone && now - this.#drawn < REDRAW_MS) return
    this.#drawn = now
    const share = ofBytes === 0 ? 1 : Math.min(1, bytes / ofBytes)
    const filled = Math.round(share * BAR_WIDTH)
    const bar = '#'.repeat(filled) + '.'.repeat(BAR_WIDTH - filled)
    const speed = bytes / 1e6 / Math.max(0.001, (now - this.#started) / 1000)
    const line = `${table.padEnd(22)} [${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${(ofBytes / 1e6).toFixed(1)} MB  ${speed.toFixed(0)} MB/s`
    this.#terminal.draw(`\r\u001b[K${line}`)
  }

  /** Leaves the cursor on a line of its own. */
  end(): void {
    this.#endLine()
    this.#table = ''
  }

  #endLine(): void {
    if (this.#table !== '') this.#terminal.draw('\n')
  }
}
