import { isBlank } from '../../lib/texts/blanks.ts'
import { type WallClockBetween, wallClockBetween } from '../../lib/times/wall-clock-between.ts'
import type { RawTable } from '../../raw/define.ts'
import { type CellOptions, cellSchemas } from '../../raw/kinds.ts'
import { ownTimeZone, type Rules, timeFormatsOf } from '../../rules/rules.ts'
import type { Header } from '../headers/header.ts'
import type { Canonical } from '../lanes/fast/kernel/canonical.ts'
import { timeBytes } from '../lanes/fast/kernel/time-bytes.ts'
import type { UnclearTimes } from './scan-results.ts'

/** Counts times without an offset that a clock change of their table's own zone skips or repeats. */
export class UnclearTimesScan {
  readonly #columns: readonly { readonly column: string; readonly position: number; cells: number }[]
  readonly #between: WallClockBetween
  readonly #read: Canonical
  readonly #schema: ReturnType<typeof cellSchemas>['timestamp']
  /** The time read last, as it is written; NaN if it has an offset. */
  #written = Number.NaN

  private constructor(
    columns: readonly { readonly column: string; readonly position: number }[],
    options: Pick<CellOptions, 'timeZone' | 'timeFormats'>,
    ownZone: string,
  ) {
    this.#columns = columns.map((column) => ({ ...column, cells: 0 }))
    this.#between = wallClockBetween(ownZone, options.timeZone)
    const fromWritten = (wall: number) => {
      this.#written = wall
      return wall
    }
    const noting: CellOptions = { ...options, toWallClock: (utc) => utc, fromWritten }
    this.#read = timeBytes(noting)
    this.#schema = cellSchemas(noting).timestamp
  }

  /** @returns undefined if the times of the table are the shop's */
  static of(
    { name, columns }: RawTable,
    { positions, fieldCount }: Header,
    rules: Rules,
  ): UnclearTimesScan | undefined {
    const ownZone = ownTimeZone(rules, name)
    if (ownZone === undefined) return undefined
    const times = Object.entries(columns).flatMap(([column, { kind }], i) => {
      const position = positions[i] ?? -1
      return kind === 'timestamp' && position >= 0 && position < fieldCount ? [{ column, position }] : []
    })
    const options = { timeZone: rules.timezone, timeFormats: timeFormatsOf(rules, name) }
    return times.length === 0 ? undefined : new UnclearTimesScan(times, options, ownZone)
  }

  record(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): void {
    for (const column of this.#columns) {
      let start = starts[column.position]!
      let end = ends[column.position]!
      while (start < end && isBlank(bytes[start]!)) start++
      while (end > start && isBlank(bytes[end - 1]!)) end--
      this.#written = Number.NaN
      if (start === end) continue
      if (Number.isNaN(this.#read(bytes, start, end)))
        this.#schema.safeParse(
          Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'),
        )
      if (!Number.isNaN(this.#written) && this.#between.isUnclear(this.#written)) column.cells++
    }
  }

  get tallies(): UnclearTimes[] {
    return this.#columns.map(({ column, cells }) => ({ column, cells }))
  }

  add(others: readonly UnclearTimes[]): void {
    for (const [i, { cells }] of others.entries()) {
      const column = this.#columns[i]
      if (column !== undefined) column.cells += cells
    }
  }
}
