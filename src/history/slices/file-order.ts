import { Dictionary } from '../../collections/texts/dictionary.ts'
import { joinsByKey, type RawTable } from '../../raw/define.ts'
import { keepsLast, type Rules, refundColumn } from '../../rules/rules.ts'
import type { DayReader } from '../format/day-reader.ts'
import { numberKeysOf } from '../hashed-keys.ts'
import type { NextHistory } from '../next-history.ts'
import type { HistoryStore } from '../store.ts'
import type { RepeatedRow } from './slice-accounting.ts'

/**
 * Of a key that stands on several days the row of the earliest day stays (or of the latest), wherever it
 * stands in the file. Counts the delivered keys of a table of which a plain run over the same file would take
 * another row.
 *
 * @param repeated the delivered rows that repeat a key
 * @throws HistoryDamage if the history is not what was written
 */
export function keysOutOfFileOrder(
  table: RawTable,
  repeated: readonly RepeatedRow[],
  { days, sliceDays }: NextHistory,
  store: HistoryStore,
  rules: Rules,
): number {
  const isLast = keepsLast(rules, table.name)
  if (sliceDays.length < 2 || table.time === undefined) return 0
  const delivered = days.filter(({ origins }) => (origins?.get(table.name)?.length ?? 0) > 0)
  const keysOfDay = keyNumbers(
    table,
    delivered.map(({ day, piece }) => store.open(day, piece)),
    refundColumn(table, rules),
  )
  const repeatedPlaces = new Map<number, Set<number>>()
  for (const { day, place } of repeated)
    repeatedPlaces.set(day!, (repeatedPlaces.get(day!) ?? new Set()).add(place))
  // Of the keys' repeated rows that which is first in the file, or last.
  const outermost = new Map<number, number>()
  const isBefore = (a: number, b: number) => (isLast ? a > b : a < b)
  const eachRow = (take: (key: number, row: number, isRepeated: boolean) => void) => {
    for (const [i, { day, origins }] of delivered.entries()) {
      const places = repeatedPlaces.get(day!)
      const keys = keysOfDay[i]!
      origins!.get(table.name)!.forEach((row, place) => {
        if (row >= 0) take(keys[place]!, row, places?.has(place) === true)
      })
    }
  }
  eachRow((key, row, isRepeated) => {
    const known = outermost.get(key)
    if (isRepeated && (known === undefined || isBefore(row, known))) outermost.set(key, row)
  })
  let keys = 0
  eachRow((key, row, isRepeated) => {
    const other = isRepeated ? undefined : outermost.get(key)
    if (other !== undefined && isBefore(other, row)) keys++
  })
  return keys
}

/** The keys of each day's rows as numbers: two keys are the same if their numbers are. */
function keyNumbers(
  table: RawTable,
  readers: readonly DayReader[],
  amountColumn: string | undefined,
): Int32Array[] {
  if (joinsByKey(table)) {
    const dictionary = new Dictionary()
    let lowest = 0
    return readers.map((reader) => {
      reader.encode(table.columns[table.key]!.dictionary!, dictionary)
      const codes = new Int32Array(reader.rowCount(table.name))
      const amounts = new Float64Array(codes.length)
      const rows = reader.table(table, [table.key, ...(amountColumn === undefined ? [] : [amountColumn])])
      rows.codes(table.key, dictionary, codes, 0)
      if (amountColumn !== undefined) rows.numbers(amountColumn, amounts, 0)
      // The key of a refund holds its time, so that it stands on one day only: each gets a number of its own.
      for (let row = 0; row < codes.length; row++) if (amounts[row]! < 0) codes[row] = --lowest
      return codes
    })
  }
  return numberKeysOf(readers.map((reader) => reader.keys(table)))
}
