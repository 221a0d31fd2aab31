import { add, type Whole } from '../../lib/exact.ts'
import { FILTERED } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import type { KeptDays } from './kept-days.ts'
import { codesOf, keptPart, keyReader, type Part, sameRow } from './part.ts'
import { Touched } from './touched.ts'

/** Rows of one raw table and date that are kept and that the slice does not have. */
export interface LostRows {
  readonly table: string
  readonly day: number
  /** Rows that the slice has for that date, and what they are worth, in ten-thousandths. */
  readonly inSlice: number
  readonly inSliceAmount: Whole | undefined
  /** Kept rows that would be gone. */
  readonly lost: number
  readonly lostAmount: Whole | undefined
}

/** A row of the slice whose key is kept already, where days are merged. */
export interface RepeatedRow {
  readonly table: RawTable
  /** In the part of the slice. */
  readonly row: number
  /** Whether its values differ from the row that is kept. */
  readonly conflicts: boolean
}

/** Keys of one table that came, went, or stand on two dates. */
export interface MovedKeys {
  readonly table: RawTable
  readonly rows: readonly RowAt[]
}

export interface Comparison {
  readonly days: ReadonlySet<number>
  /** The rows that are kept of these days, by raw table. */
  readonly kept: ReadonlyMap<string, readonly Part[]>
  readonly touched: Touched
  /** Kept rows that the slice would take away. */
  readonly lost: readonly LostRows[]
  readonly repeated: readonly RepeatedRow[]
  readonly moved: readonly MovedKeys[]
}

interface Compared {
  readonly tables: readonly RawTable[]
  readonly parts: ReadonlyMap<string, Part>
  readonly stored: ReadonlyMap<string, readonly string[]>
  /** Undefined if nothing is kept. */
  readonly kept: KeptDays | undefined
  /** Add the rows of the slice to those kept of their dates, instead of putting them in their place. */
  readonly mergeDays: boolean
}

/** Compares a slice with what is kept of its dates. */
export function compareSlice({ tables, parts, stored, kept: history, mergeDays }: Compared): Comparison {
  const days = new Set<number>()
  for (const part of parts.values()) for (const day of part.days ?? []) days.add(day)
  if (history === undefined) return allNew(tables, days)
  const readers = [...days].sort((a, b) => a - b).flatMap((day) => history.open(day) ?? [])
  const touched = new Touched()
  const kept = new Map<string, readonly Part[]>()
  const lost: LostRows[] = []
  const repeated: RepeatedRow[] = []
  const moved: MovedKeys[] = []
  for (const table of tables) {
    const part = parts.get(table.name)!
    const columns = stored.get(table.name)!
    const isDated = table.time !== undefined
    const opened = isDated ? readers : [history.openUndated() ?? []].flat()
    const before = opened
      .filter((reader) => reader.rowCount(table.name) > 0)
      .map((reader) => keptPart(reader.read(table, columns, undefined, true), reader.day))
    kept.set(table.name, before)
    const found = compareTable(table, part, before, history, mergeDays, touched)
    if (isDated && !mergeDays) lost.push(...found.lost)
    repeated.push(...found.repeated)
    moved.push({ table, rows: found.moved })
  }
  return { days, kept, touched, lost, repeated, moved }
}

/** Where nothing is kept, everything is new, and nothing need be told apart. */
function allNew(tables: readonly RawTable[], days: ReadonlySet<number>): Comparison {
  return {
    days,
    kept: new Map(tables.map(({ name }) => [name, []])),
    touched: new Touched(),
    lost: [],
    repeated: [],
    moved: tables.map((table) => ({ table, rows: [] })),
  }
}

/** A row of some part. */
export interface RowAt {
  readonly part: Part
  readonly row: number
}

function compareTable(
  table: RawTable,
  part: Part,
  before: readonly Part[],
  history: KeptDays,
  mergeDays: boolean,
  touched: Touched,
) {
  const keyOf = keyReader(table, part)
  const take = new Map([part, ...before].map((one) => [one, touched.taker(table, one)]))
  const repeated: RepeatedRow[] = []
  const moved: RowAt[] = []
  const known = new KeptKeys(table, before)
  const matched = new Map(before.map((old) => [old, new Uint8Array(old.collection.rowCount)]))
  const merges = mergeDays && part.days !== undefined
  for (let row = 0; row < part.collection.rowCount; row++) {
    const old = known.isEmpty ? undefined : known.find(part.days?.[row], keyOf(row))
    if (old === undefined) {
      take.get(part)!(row)
      moved.push({ part, row })
      continue
    }
    const isSame = sameRow(part, row, old.part, old.row)
    const isRefated = (part.fates[row] === FILTERED) !== (old.part.fates[old.row] === FILTERED)
    if (isRefated && !merges) moved.push({ part, row }, old)
    matched.get(old.part)![old.row] = 1
    if (merges) repeated.push({ table, row, conflicts: !isSame })
    else if (!isSame) {
      take.get(part)!(row)
      take.get(old.part)!(old.row)
    }
    // Whether it counts hangs on another date, and must be asked again.
    if (
      part.days !== undefined &&
      history.isShadowed(table.name, part.days[row]!, old.part.places![old.row]!)
    )
      moved.push({ part, row })
  }
  const gone: RowAt[] = []
  if (!merges && part.days !== undefined) {
    for (const [old, isMatched] of matched)
      isMatched.forEach((found, row) => {
        if (found === 1) return
        take.get(old)!(row)
        gone.push({ part: old, row })
      })
  }
  return { repeated, moved: [...moved, ...gone], lost: lostByDay(table, part, gone) }
}

/** Kept rows by their keys, day by day. */
class KeptKeys {
  /** Undated rows stand under -1. */
  readonly #days = new Map<number, { part: Part; rows: Map<string | number, number> | Int32Array }>()

  constructor(table: RawTable, parts: readonly Part[]) {
    for (const part of parts) this.#days.set(part.days?.[0] ?? -1, { part, rows: rowsByKey(table, part) })
  }

  get isEmpty(): boolean {
    return this.#days.size === 0
  }

  find(day: number | undefined, key: string | number): RowAt | undefined {
    const kept = this.#days.get(day ?? -1)
    const row = kept?.rows instanceof Map ? kept.rows.get(key) : kept?.rows[key as number]
    return kept === undefined || row === undefined || row < 0 ? undefined : { part: kept.part, row }
  }
}

/** The row of each key in a part; by the code of the key where most codes are taken. */
function rowsByKey(table: RawTable, part: Part): Map<string | number, number> | Int32Array {
  const { rowCount } = part.collection
  const codes = part.keys === undefined ? codesOf(part, table.key) : undefined
  if (codes !== undefined && rowCount * 4 > codes.dictionary.size) {
    const rows = new Int32Array(codes.dictionary.size).fill(-1)
    for (let row = 0; row < rowCount; row++) rows[codes.codes[row]!] = row
    return rows
  }
  const keyOf = keyReader(table, part)
  const rows = new Map<string | number, number>()
  for (let row = 0; row < rowCount; row++) rows.set(keyOf(row), row)
  return rows
}

/** Kept rows that nothing of the slice takes the place of, on whatever date; filtered ones are no loss. */
function lostByDay(table: RawTable, part: Part, gone: readonly RowAt[]): LostRows[] {
  const counted = gone.filter(({ part: old, row }) => old.fates[row] !== FILTERED)
  if (counted.length === 0) return []
  const keyOf = keyReader(table, part)
  const keys = new Set<string | number>()
  for (let row = 0; row < part.collection.rowCount; row++) keys.add(keyOf(row))
  const byDay = new Map<number, RowAt[]>()
  for (const at of counted) {
    if (keys.has(keyReader(table, at.part)(at.row))) continue
    const day = at.part.days![at.row]!
    const rows = byDay.get(day)
    if (rows === undefined) byDay.set(day, [at])
    else rows.push(at)
  }
  const amount = amountColumn(table)
  return [...byDay].map(([day, rows]) => {
    const sliceRows: RowAt[] = []
    part.days!.forEach((other, row) => {
      if (other === day) sliceRows.push({ part, row })
    })
    return {
      table: table.name,
      day,
      inSlice: sliceRows.length,
      inSliceAmount: amount === undefined ? undefined : sum(sliceRows, amount),
      lost: rows.length,
      lostAmount: amount === undefined ? undefined : sum(rows, amount),
    }
  })
}

/** The column that says what a row is worth. */
function amountColumn(table: RawTable): string | undefined {
  return Object.keys(table.columns).find((column) => table.columns[column]!.role === 'order_amount')
}

function sum(rows: readonly RowAt[], column: string): Whole {
  return rows.reduce<Whole>(
    (total, { part, row }) => add(total, (part.collection.columns[column] as Float64Array)[row]! || 0),
    0,
  )
}
