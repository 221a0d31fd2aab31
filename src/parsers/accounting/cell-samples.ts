import { isNullLike } from '../../lib/texts/null-like.ts'
import type { TimeSample } from '../../lib/times/layout-search.ts'
import { timeKind } from '../../lib/times/time-kind.ts'

/** Most different kinds of cells that are told apart. */
const MOST_KINDS = 300
/** No timestamp that a layout fits is longer. */
const LONGEST = 100

/**
 * Refused cells of one column and reason, as far as advice needs to know them: one of each kind that could
 * matter for a layout of timestamps, and texts that seem to stand for an empty cell.
 */
export class CellSamples {
  readonly #kinds = new Map<string, { text: string; count: number }>()
  /** How many cells read like each text that seems to mean null. */
  readonly nullLike = new Map<string, number>()
  /** Cells that nobody looked at any closer. */
  others = 0

  /** @param asTime whether cells of different kinds are worth telling apart */
  add(cell: string, asTime: boolean): void {
    if (isNullLike(cell)) {
      this.nullLike.set(cell, (this.nullLike.get(cell) ?? 0) + 1)
      return
    }
    if (!asTime) {
      this.others++
      return
    }
    const text = cell.slice(0, LONGEST)
    const kind = timeKind(text)
    const known = this.#kinds.get(kind)
    if (known !== undefined) known.count++
    else if (this.#kinds.size < MOST_KINDS) this.#kinds.set(kind, { text, count: 1 })
    else this.others++
  }

  /** One cell of each kind, with how many there are. */
  get times(): readonly TimeSample[] {
    return [...this.#kinds.values()]
  }
}
