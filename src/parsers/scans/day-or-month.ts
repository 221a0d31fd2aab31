import { isBlank } from '../../lib/texts/blanks.ts'
import { isDayFirst, twinLayouts } from '../../lib/times/layout-search.ts'
import { timeFormat } from '../../lib/times/time-format.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Header } from '../headers/header.ts'
import type { Canonical } from '../lanes/fast/kernel/canonical.ts'
import { layoutBytes } from '../lanes/fast/kernel/layout-bytes.ts'
import type { DayOrMonth } from './scan-results.ts'

interface ColumnCounts {
  readonly column: string
  readonly position: number
  dayFirst: number
  monthFirst: number
  both: number
}

/** Counts cells where two layouts are declared that differ in the order of day and month. */
export class DayOrMonthScan {
  readonly #columns: readonly ColumnCounts[]
  readonly #dayFirst: readonly Canonical[]
  readonly #monthFirst: readonly Canonical[]

  private constructor(columns: readonly ColumnCounts[], layouts: readonly string[]) {
    this.#columns = columns
    this.#dayFirst = layouts.filter(isDayFirst).map(readerOf)
    this.#monthFirst = layouts.filter((layout) => !isDayFirst(layout)).map(readerOf)
  }

  /** @returns undefined if no two such layouts are declared */
  static of(
    table: RawTable,
    { positions, fieldCount }: Header,
    declared: readonly string[],
  ): DayOrMonthScan | undefined {
    const layouts = twinLayouts(declared)
    if (layouts.length === 0) return undefined
    const columns = Object.entries(table.columns).flatMap(([column, { kind }], i) =>
      kind === 'timestamp' && positions[i]! >= 0 && positions[i]! < fieldCount
        ? [{ column, position: positions[i]!, dayFirst: 0, monthFirst: 0, both: 0 }]
        : [],
    )
    return columns.length === 0 ? undefined : new DayOrMonthScan(columns, layouts)
  }

  record(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): void {
    for (const counts of this.#columns) {
      let start = starts[counts.position]!
      let end = ends[counts.position]!
      while (start < end && isBlank(bytes[start]!)) start++
      while (end > start && isBlank(bytes[end - 1]!)) end--
      const isDay = fitsAny(this.#dayFirst, bytes, start, end)
      const isMonth = fitsAny(this.#monthFirst, bytes, start, end)
      if (isDay && isMonth) counts.both++
      else if (isDay) counts.dayFirst++
      else if (isMonth) counts.monthFirst++
    }
  }

  get tallies(): DayOrMonth[] {
    return this.#columns.map(({ column, dayFirst, monthFirst, both }) => ({
      column,
      dayFirst,
      monthFirst,
      both,
    }))
  }

  add(others: readonly DayOrMonth[]): void {
    for (const [i, { dayFirst, monthFirst, both }] of others.entries()) {
      const counts = this.#columns[i]!
      counts.dayFirst += dayFirst
      counts.monthFirst += monthFirst
      counts.both += both
    }
  }
}

function fitsAny(readers: readonly Canonical[], bytes: Uint8Array, start: number, end: number): boolean {
  for (const reader of readers) if (!Number.isNaN(reader(bytes, start, end))) return true
  return false
}

/** By date-fns where the layout cannot be read byte by byte. */
function readerOf(layout: string): Canonical {
  const reader = layoutBytes(layout)
  if (reader !== undefined) return reader
  const format = timeFormat(layout)
  return (bytes, start, end) =>
    format(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')) ?? Number.NaN
}
