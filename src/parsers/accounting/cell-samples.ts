import type { TimeSample } from '../../lib/times/layout-search.ts'

/** Most different kinds of cells that are told apart. */
const MOST_KINDS = 300
/** No timestamp that a layout fits is longer. */
const LONGEST = 100

/** What programs write in the place of an empty cell. */
const NULL_LIKE: ReadonlySet<string> = new Set([
  'null',
  '\\n',
  'none',
  'nan',
  'undefined',
  '(not set)',
  '(null)',
  'n/a',
  '#n/a',
])

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
    if (cell.length <= 9 && NULL_LIKE.has(cell.toLowerCase())) {
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

/**
 * Cells of one kind fit the same layouts, as far as the numbers of dates and hours decide: whether they have a
 * leading zero, and whether they can be a month, a day, an hour or a minute.
 */
function timeKind(cell: string): string {
  return cell.replace(/\d+/g, (digits) =>
    digits.length === 8 || digits.length === 12 || digits.length === 14
      ? digits.replace(/\d\d/g, numberKind)
      : digits.length <= 2
        ? numberKind(digits)
        : '9'.repeat(digits.length),
  )
}

function numberKind(digits: string): string {
  const value = Number(digits)
  const range = [0, 12, 23, 28, 31, 59].findIndex((most) => value <= most)
  return `${digits.length === 2 && digits.startsWith('0') ? '0' : digits.length}${'abcdefg'.at(range)}`
}
