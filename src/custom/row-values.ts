import { ExactVector } from '../collections/exact-vector.ts'
import { Dictionary, NO_CODE } from '../collections/texts/dictionary.ts'
import { NO_FLAG } from '../collections/vectors.ts'
import { MONEY_SCALE } from '../lib/numbers/exact.ts'
import { parseDay } from '../lib/times/wall-clock.ts'
import { NO_DAY, type OutputColumn, type OutputVector } from '../tables/define.ts'
import { badValue, type OwnCode } from './own-code.ts'

/**
 * The values that own code gave for one column, as the vector that the column is kept in.
 *
 * @param cellOf the value of each row; undefined is refused, since a misspelt name gives it
 * @throws KnownError own_value_invalid (config)
 */
export function vectorOf(
  what: OwnCode,
  name: string,
  column: OutputColumn,
  rowCount: number,
  cellOf: (row: number) => unknown,
): OutputVector {
  const refuse = (row: number, allowed: string) => badValue(what, name, row, shown(cellOf(row)), allowed)
  return VECTORS[column.kind](rowCount, cellOf, refuse)
}

type Refuse = (row: number, allowed: string) => Error
type MakeVector = (rowCount: number, cellOf: (row: number) => unknown, refuse: Refuse) => OutputVector

const VECTORS: Readonly<Record<OutputColumn['kind'], MakeVector>> = {
  id: texts,
  text: texts,
  date: (rowCount, cellOf, refuse) => days(rowCount, cellOf, refuse, '', 'YYYY-MM-DD or null'),
  month: (rowCount, cellOf, refuse) => days(rowCount, cellOf, refuse, '-01', 'YYYY-MM or null'),
  count: counts,
  flag: flags,
  money: (rowCount, cellOf, refuse) =>
    exact(rowCount, cellOf, refuse, 'a whole number of ten-thousandths (12.34 is 123400) or null'),
  quantity: (rowCount, cellOf, refuse) => quantities(rowCount, cellOf, refuse),
  ratio: (rowCount, cellOf, refuse) =>
    exact(
      rowCount,
      cellOf,
      refuse,
      'a whole number of hundredths, as percentOf, divide and moneyPer give it, or null',
    ),
}

function texts(rowCount: number, cellOf: (row: number) => unknown, refuse: Refuse): OutputVector {
  const dictionary = new Dictionary()
  const codes = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const value = cellOf(row)
    if (value !== null && typeof value !== 'string') throw refuse(row, 'a text or null')
    codes[row] = value === null || value === '' ? NO_CODE : dictionary.encodeText(value)
  }
  return { codes, dictionary }
}

function days(
  rowCount: number,
  cellOf: (row: number) => unknown,
  refuse: Refuse,
  rest: string,
  allowed: string,
): OutputVector {
  const known = new Map<string, number>()
  const result = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const value = cellOf(row)
    if (value === null) {
      result[row] = NO_DAY
      continue
    }
    if (typeof value !== 'string') throw refuse(row, allowed)
    const day = known.get(value) ?? parseDay(value + rest)
    if (day === undefined) throw refuse(row, allowed)
    known.set(value, day)
    result[row] = day
  }
  return result
}

function counts(rowCount: number, cellOf: (row: number) => unknown, refuse: Refuse): OutputVector {
  const result = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const value = cellOf(row)
    if (value !== null && !Number.isSafeInteger(value)) throw refuse(row, 'a whole number or null')
    result[row] = value === null ? Number.NaN : (value as number)
  }
  return result
}

function flags(rowCount: number, cellOf: (row: number) => unknown, refuse: Refuse): OutputVector {
  const result = new Int8Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const value = cellOf(row)
    if (value === null) result[row] = NO_FLAG
    else if (value === true || value === 1) result[row] = 1
    else if (value !== false && value !== 0) throw refuse(row, 'true, false, 1, 0 or null')
  }
  return result
}

function exact(
  rowCount: number,
  cellOf: (row: number) => unknown,
  refuse: Refuse,
  allowed: string,
): OutputVector {
  const result = new ExactVector(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const value = cellOf(row)
    if (value === null || typeof value === 'bigint') result.set(row, value)
    else if (Number.isSafeInteger(value)) result.set(row, value as number)
    else throw refuse(row, allowed)
  }
  return result
}

function quantities(rowCount: number, cellOf: (row: number) => unknown, refuse: Refuse): OutputVector {
  const result = new ExactVector(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const value = cellOf(row)
    if (value === null) {
      result.set(row, null)
      continue
    }
    const scaled = typeof value === 'number' ? Math.round(value * MONEY_SCALE) : Number.NaN
    // Sums of fractions such as 0.1 + 0.2 are not quite what they should be.
    if (!Number.isSafeInteger(scaled) || Math.abs(scaled - (value as number) * MONEY_SCALE) > 1e-3)
      throw refuse(row, 'a number with up to four decimals, or null')
    result.set(row, scaled)
  }
  return result
}

/** The kind of a value, for a message; texts and objects are not shown, for they may hold anything. */
function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === undefined) return 'nothing (undefined)'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? 'a text that does not fit' : `a value of type ${typeof value}`
}
