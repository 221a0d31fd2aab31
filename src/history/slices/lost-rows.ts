import { add, type Whole } from '../../lib/numbers/exact.ts'
import { ACCEPTED } from '../../parsers/rows/row-judge.ts'
import { orderAmountColumn, type RawTable } from '../../raw/define.ts'
import { dedupes, type Rules } from '../../rules/rules.ts'
import type { DeliveredRows } from '../delivery/delivered-rows.ts'
import { RowsByDay } from '../delivery/rows-by-day.ts'
import type { KeptRows } from '../format/kept-rows.ts'
import { keptRows, keyNumbers, rangeOf, sharedDictionaries } from '../kept-days.ts'
import type { Piece } from '../state.ts'
import type { HistoryStore } from '../store.ts'

/** Rows of one raw table and date that counted and that the slice does not have. */
export interface LostRows {
  readonly table: string
  readonly day: number
  /** Rows that the slice has for that date, and what they are worth, in ten-thousandths. */
  readonly inSlice: number
  readonly inSliceAmount: Whole | undefined
  /** Records of that date that were rejected. */
  readonly rejected: number
  /** Rows that would be gone. */
  readonly lost: number
  readonly lostAmount: Whole | undefined
}

export interface LostRowsOptions {
  readonly delivered: readonly DeliveredRows[]
  /** The days that the slice replaces, with what was kept of them. */
  readonly replaced: ReadonlyMap<number, Piece>
  readonly store: HistoryStore
  readonly rules: Rules
  /** Gives what became of the kept rows of a table and day in the last run; asked only if rows are missing. */
  readonly fatesBefore: () => Promise<(table: RawTable, day: number) => Uint8Array>
}

/**
 * Finds rows that counted and whose keys the slice lacks, of the dates that it replaces. A key that moved to
 * another date of the slice is not lost. Where rows of one key all count, each needs one that takes its place.
 *
 * @throws HistoryDamage if the history is not what was written
 */
export async function findLostRows(options: LostRowsOptions): Promise<LostRows[]> {
  const { delivered, replaced, store } = options
  const dictionaries = sharedDictionaries(delivered)
  const days = [...replaced]
    .sort(([a], [b]) => a - b)
    .map(([day, piece]) => {
      const reader = store.open(day, piece)
      for (const [name, dictionary] of dictionaries) reader.encode(name, dictionary)
      return { day, reader }
    })
  const lost: LostRows[] = []
  let fates: ((table: RawTable, day: number) => Uint8Array) | undefined
  for (const rows of delivered) {
    const { table } = rows
    if (table.time === undefined) continue
    const kept = days
      .filter(({ reader }) => reader.rowCount(table.name) > 0)
      .map(({ day, reader }): KeptOfDay => ({ day, rows: keptRows(reader, rows) }))
    if (kept.length === 0) continue
    if (missing(rows, kept, options.rules, () => true).length === 0) continue
    fates ??= await options.fatesBefore()
    const of = fates
    const counted = (day: number, row: number) => of(table, day)[row] === ACCEPTED
    lost.push(...byDay(rows, missing(rows, kept, options.rules, counted)))
  }
  return lost
}

interface KeptOfDay {
  readonly day: number
  readonly rows: KeptRows
}

interface MissingRow {
  readonly day: number
  readonly of: KeptRows
  readonly row: number
}

/** Kept rows that no delivered one takes the place of. @param counts whether a row counted */
function missing(
  delivered: DeliveredRows,
  kept: readonly KeptOfDay[],
  rules: Rules,
  counts: (day: number, row: number) => boolean,
): MissingRow[] {
  const isUnique = dedupes(rules, delivered.table.name)
  const [keys, ...keptKeys] = keyNumbers([delivered, ...kept.map(({ rows }) => rows)], rules)
  const supply = new Int32Array(rangeOf([keys!, ...keptKeys]))
  for (const key of keys!) supply[key]!++
  const found: MissingRow[] = []
  for (const [i, { day, rows }] of kept.entries()) {
    const keysOfDay = keptKeys[i]!
    for (let row = 0; row < keysOfDay.length; row++) {
      const left = supply[keysOfDay[row]!]!
      if (isUnique && left > 0) continue
      if (!counts(day, row)) continue
      if (left > 0) supply[keysOfDay[row]!] = left - 1
      else found.push({ day, of: rows, row })
    }
  }
  return found
}

function byDay(delivered: DeliveredRows, rows: readonly MissingRow[]): LostRows[] {
  const { table, collection } = delivered
  const amount = orderAmountColumn(table)
  const sum = ({ columns }: KeptRows['collection'], row: number, total: Whole): Whole =>
    add(total, (columns[amount!] as Float64Array)[row]! || 0)
  const inSlice = new RowsByDay(collection.columns[table.time!] as Float64Array)
  const days = new Map<number, MissingRow[]>()
  for (const row of rows) {
    const known = days.get(row.day)
    if (known === undefined) days.set(row.day, [row])
    else known.push(row)
  }
  return [...days].map(([day, gone]) => {
    const there = inSlice.rowsOf(day)
    return {
      table: table.name,
      day,
      inSlice: there.length,
      inSliceAmount:
        amount === undefined ? undefined : there.reduce<Whole>((all, row) => sum(collection, row, all), 0),
      rejected: delivered.rejectedByDay.get(day) ?? 0,
      lost: gone.length,
      lostAmount:
        amount === undefined
          ? undefined
          : gone.reduce<Whole>((all, { of, row }) => sum(of.collection, row, all), 0),
    }
  })
}
