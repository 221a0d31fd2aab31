import { emptyLike } from '../collections/select-rows.ts'
import type { Dictionary } from '../collections/texts/dictionary.ts'
import type { TextVector, Vector } from '../collections/vectors.ts'
import { RefundKeys, refundsApart } from '../parsers/keys/refund-keys.ts'
import { type Rules, refundColumn } from '../rules/rules.ts'
import type { DayReader } from './format/day-reader.ts'
import { type KeptRows, PRINT_LANES, selectKept } from './format/kept-rows.ts'
import { numberKeysOf } from './hashed-keys.ts'

/** The dictionaries that delivered tables share, by name. */
export function sharedDictionaries(delivered: readonly KeptRows[]): Map<string, Dictionary> {
  const shared = new Map<string, Dictionary>()
  for (const { table, collection } of delivered) {
    for (const [column, vector] of Object.entries(collection.columns)) {
      const name = table.columns[column]!.dictionary
      if (name !== undefined) shared.set(name, (vector as TextVector).dictionary)
    }
  }
  return shared
}

/** The keys of several rows of one table as numbers: two keys are the same if their numbers are. */
export function keyNumbers(parts: readonly KeptRows[], rules: Rules): Int32Array[] {
  const [first] = parts
  if (first?.keys === undefined) {
    const codes = parts.map(({ table, collection }) => (collection.columns[table.key] as TextVector).codes)
    return first === undefined ? codes : withRefunds(codes, parts, refundColumn(first.table, rules))
  }
  return numberKeysOf(parts.map(({ keys }) => keys!))
}

/** The codes of order ids, with numbers of their own for refunds, whose keys are others. */
function withRefunds(
  codes: Int32Array[],
  parts: readonly KeptRows[],
  amountColumn: string | undefined,
): Int32Array[] {
  if (amountColumn === undefined) return codes
  const first = rangeOf(codes)
  const keys = new RefundKeys()
  return parts.map(({ table, collection: { rowCount, columns } }, part) => {
    const amounts = columns[amountColumn] as Float64Array
    const { refunds } = refundsApart(amounts, rowCount)
    if (refunds.length === 0) return codes[part]!
    const numbers = codes[part]!.slice()
    const times = columns[table.time!] as Float64Array
    for (const row of refunds) numbers[row] = first + keys.numberOf(numbers[row]!, times[row]!, amounts[row]!)
    return numbers
  })
}

/** How many numbers are needed to tell these apart: one more than the highest. */
export function rangeOf(numbers: readonly Int32Array[]): number {
  let most = -1
  for (const part of numbers) for (let i = 0; i < part.length; i++) if (part[i]! > most) most = part[i]!
  return most + 1
}

/** All kept rows of a table on a day. @param like delivered rows, whose columns and dictionaries it gets */
export function keptRows(day: DayReader, like: KeptRows): KeptRows {
  const { table, collection, keys, prints } = like
  const rowCount = day.rowCount(table.name)
  if (rowCount === 0) return selectKept(like, new Int32Array(0))
  const names = Object.keys(collection.columns)
  const rows = day.table(table, names)
  const columns = names.map((name): [string, Vector] => {
    const vector = collection.columns[name]!
    if ('codes' in vector) {
      const codes = new Int32Array(rowCount)
      rows.codes(name, vector.dictionary, codes, 0)
      return [name, { codes, dictionary: vector.dictionary }]
    }
    const values = emptyLike(vector, rowCount)
    rows.numbers(name, values, 0)
    return [name, values]
  })
  return {
    table,
    collection: { rowCount, columns: Object.fromEntries(columns) },
    keys: keys === undefined ? undefined : rows.keys,
    prints: prints === undefined ? undefined : rows.prints,
    own: rows.own,
  }
}

/** Whether two rows had the same values; asked of rows of one key. */
export function samePrint(a: KeptRows, rowA: number, b: KeptRows, rowB: number): boolean {
  if (a.prints === undefined || b.prints === undefined) return true
  for (let lane = 0; lane < PRINT_LANES; lane++)
    if (a.prints[rowA * PRINT_LANES + lane] !== b.prints[rowB * PRINT_LANES + lane]) return false
  return true
}
