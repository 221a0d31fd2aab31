import { groupRows } from '../collections/groups/group-rows.ts'
import { Growing } from '../lib/numbers/growing.ts'
import { CONFLICTING, IDENTICAL } from '../parsers/keys/key-ledger.ts'
import { dedupes, keepsLast, type Rules } from '../rules/rules.ts'
import type { DeliveredRows } from './delivery/delivered-rows.ts'
import { RowsByDay } from './delivery/rows-by-day.ts'
import type { DayReader } from './format/day-reader.ts'
import { DayWriter, type TableRows } from './format/day-writer.ts'
import { joinKept, type KeptRows, selectKept } from './format/kept-rows.ts'
import type { Packed } from './format/sections.ts'
import { keptRows, keyNumbers, rangeOf, samePrint, sharedDictionaries } from './kept-days.ts'
import type { Piece } from './state.ts'
import type { HistoryStore } from './store.ts'

/** The kept rows of one day, or of all tables without dates. */
export interface KeptDay {
  /** Undefined for rows without dates. */
  readonly day: number | undefined
  readonly piece: Piece
  /**
   * By raw table: for each kept row the number of the delivered row that it is, or -1 if it was kept before.
   * Undefined if nothing of the day was delivered by this run.
   */
  readonly origins: ReadonlyMap<string, Int32Array> | undefined
}

/** A delivered row that is not kept, since its date has its key already and days are merged. */
export interface KnownRow {
  readonly table: string
  readonly row: number
  readonly fate: typeof IDENTICAL | typeof CONFLICTING
}

/** What is kept once a delivery has been added. */
export interface NextHistory {
  /** Ascending. */
  readonly days: readonly KeptDay[]
  readonly undated: KeptDay
  /** The days of all delivered rows whose time can be read, rejected ones too; ascending. */
  readonly sliceDays: readonly number[]
  /** Those among them of which other rows are kept than before. */
  readonly changedDays: readonly number[]
  /** Whether anything is kept that was not kept before, or no longer is. */
  readonly isChanged: boolean
  readonly known: readonly KnownRow[]
}

export interface NextHistoryOptions {
  readonly delivered: readonly DeliveredRows[]
  /** What was kept before; undefined if everything is built anew. */
  readonly before: { readonly days: ReadonlyMap<number, Piece>; readonly undated: Piece } | undefined
  readonly store: HistoryStore
  /** Add delivered rows to those kept of their dates, instead of putting them in their place. */
  readonly mergeDays: boolean
  readonly rules: Rules
  readonly addDay: (packed: Packed) => Piece
  readonly addUndated: (packed: Packed) => Piece
}

/**
 * Puts the delivered days in the place of those kept before, or merges them; brings users up to date. All
 * other days stay as they are.
 *
 * @throws HistoryDamage if the history is not what was written
 */
export function nextHistory(options: NextHistoryOptions): NextHistory {
  return new HistoryMaker(options).make()
}

class HistoryMaker {
  readonly #options: NextHistoryOptions
  readonly #writer = new DayWriter()
  readonly #byDay: ReadonlyMap<DeliveredRows, RowsByDay>
  readonly #known: KnownRow[] = []

  constructor(options: NextHistoryOptions) {
    this.#options = options
    this.#byDay = rowsByDay(options.delivered)
  }

  make(): NextHistory {
    const { before } = this.#options
    const sliceDays = daysOf(this.#byDay)
    const days = new Map<number, KeptDay>(
      [...(before?.days ?? [])].map(([day, piece]) => [day, { day, piece, origins: undefined }]),
    )
    const changedDays: number[] = []
    for (const day of sliceDays) {
      const was = before?.days.get(day)
      const kept = this.#keptDay(day, was)
      if (kept === undefined) days.delete(day)
      else days.set(day, kept)
      if (kept?.piece !== was) changedDays.push(day)
    }
    const undated = this.#undated()
    return {
      days: [...days.values()].sort((a, b) => a.day! - b.day!),
      undated,
      sliceDays,
      changedDays,
      isChanged: changedDays.length > 0 || undated.piece !== before?.undated,
      known: this.#known,
    }
  }

  /** Undefined if no row of the day is left. */
  #keptDay(day: number, was: Piece | undefined): KeptDay | undefined {
    const { mergeDays, store, addDay } = this.#options
    const before = mergeDays && was !== undefined ? this.#open(day, was) : undefined
    const origins = new Map<string, Int32Array>()
    const tables = [...this.#byDay].map(([delivered, byDay]): TableRows => {
      const { name } = delivered.table
      if (before === undefined || before.rowCount(name) === 0) {
        const rows = byDay.rowsOf(day)
        origins.set(name, rows)
        return { of: delivered, rows }
      }
      const merged = this.#merged(delivered, byDay.rowsOf(day), before)
      origins.set(name, merged.origins)
      return allOf(merged.rows)
    })
    if (tables.every(({ rows }) => rows.length === 0)) return undefined
    const packed = this.#writer.pack(day, tables)
    const isSame = was !== undefined && samePiece(store, was, packed)
    return { day, piece: isSame ? was : addDay(packed), origins }
  }

  /** The kept rows of a day, followed by the delivered ones; of each key either these or those. */
  #merged(
    delivered: DeliveredRows,
    rows: Int32Array,
    before: DayReader,
  ): { rows: KeptRows; origins: Int32Array } {
    const kept = keptRows(before, delivered)
    if (keepsLast(this.#options.rules, delivered.table.name))
      return replacedRows(delivered, rows, kept, this.#options.rules)
    const isNew = dedupes(this.#options.rules, delivered.table.name)
      ? this.#newKeys(delivered, rows, kept)
      : () => true
    const added = rows.filter((_, i) => isNew(i))
    const origins = new Int32Array(kept.collection.rowCount + added.length).fill(-1)
    origins.set(added, kept.collection.rowCount)
    return { rows: joinKept(kept, selectKept(delivered, added)), origins }
  }

  /** Tells which of the delivered rows have keys that are not among the kept ones; notes the others. */
  #newKeys(delivered: DeliveredRows, rows: Int32Array, kept: KeptRows): (i: number) => boolean {
    const added = selectKept(delivered, rows)
    const [keptKeys, codes] = keyNumbers([kept, added], this.#options.rules) as [Int32Array, Int32Array]
    const firstOfKey = new Int32Array(rangeOf([keptKeys, codes])).fill(-1)
    for (let row = keptKeys.length - 1; row >= 0; row--) firstOfKey[keptKeys[row]!] = row
    for (let i = 0; i < rows.length; i++) {
      const known = firstOfKey[codes[i]!]!
      if (known < 0) continue
      const fate = samePrint(added, i, kept, known) ? IDENTICAL : CONFLICTING
      this.#known.push({ table: delivered.table.name, row: rows[i]!, fate })
    }
    return (i) => firstOfKey[codes[i]!]! < 0
  }

  /** Rows without dates: those of a delivered key take the place of the kept ones, new keys come last. */
  #undated(): KeptDay {
    const { delivered, before, store, addUndated } = this.#options
    const was = before?.undated
    const undated = delivered.filter(({ table }) => table.time === undefined)
    const isDelivered = undated.some(({ collection }) => collection.rowCount > 0)
    if (was !== undefined && !isDelivered) return { day: undefined, piece: was, origins: undefined }
    const reader = was === undefined ? undefined : this.#open(undefined, was)
    const origins = new Map<string, Int32Array>()
    const tables = undated.map((rows): TableRows => {
      const updated = updatedRows(
        rows,
        reader === undefined ? undefined : keptRows(reader, rows),
        this.#options.rules,
      )
      origins.set(rows.table.name, updated.origins)
      return allOf(updated.rows)
    })
    const packed = this.#writer.pack(undefined, tables)
    const isSame = was !== undefined && samePiece(store, was, packed)
    return { day: undefined, piece: isSame ? was : addUndated(packed), origins }
  }

  /** A kept day with the codes that its texts have among those delivered. */
  #open(day: number | undefined, piece: Piece): DayReader {
    const reader = this.#options.store.open(day, piece)
    for (const [name, dictionary] of sharedDictionaries(this.#options.delivered))
      reader.encode(name, dictionary)
    return reader
  }
}

/** The days of all delivered rows whose time can be read, rejected ones too; ascending. */
export function deliveredDays(delivered: readonly DeliveredRows[]): number[] {
  return daysOf(rowsByDay(delivered))
}

function daysOf(tables: ReadonlyMap<DeliveredRows, RowsByDay>): number[] {
  const days = new Set<number>()
  for (const [rows, byDay] of tables) {
    for (const day of byDay.days()) days.add(day)
    for (const day of rows.rejectedByDay.keys()) days.add(day)
  }
  return [...days].sort((a, b) => a - b)
}

/** Of tables with dates. */
function rowsByDay(delivered: readonly DeliveredRows[]): Map<DeliveredRows, RowsByDay> {
  return new Map(
    delivered.flatMap((rows) => {
      const { time } = rows.table
      return time === undefined
        ? []
        : [[rows, new RowsByDay(rows.collection.columns[time] as Float64Array)] as const]
    }),
  )
}

/** Delivered rows in the place of those kept of the same keys; -1 in `origins` where a row was kept before. */
function updatedRows(
  delivered: DeliveredRows,
  kept: KeptRows | undefined,
  rules: Rules,
): { rows: KeptRows; origins: Int32Array } {
  const count = delivered.collection.rowCount
  if (kept === undefined)
    return { rows: delivered, origins: Int32Array.from({ length: count }, (_, row) => row) }
  const [keptKeys, keys] = keyNumbers([kept, delivered], rules) as [Int32Array, Int32Array]
  const rowsOfKey = groupRows(keys, rangeOf([keptKeys, keys]))
  const isPlaced = new Uint8Array(rowsOfKey.offsets.length)
  // Places in the joined rows: those kept come first.
  const places = new Growing(Int32Array)
  const place = (key: number) => {
    if (isPlaced[key] === 1) return
    isPlaced[key] = 1
    for (let i = rowsOfKey.offsets[key]!; i < rowsOfKey.offsets[key + 1]!; i++)
      places.push(keptKeys.length + rowsOfKey.rows[i]!)
  }
  for (let row = 0; row < keptKeys.length; row++) {
    const key = keptKeys[row]!
    if (rowsOfKey.offsets[key] === rowsOfKey.offsets[key + 1]) places.push(row)
    else place(key)
  }
  for (let row = 0; row < count; row++) place(keys[row]!)
  const order = places.trim()
  return {
    rows: selectKept(joinKept(kept, delivered), order),
    origins: order.map((one) => (one < keptKeys.length ? -1 : one - keptKeys.length)),
  }
}

/** The kept rows of a day whose keys were not delivered, followed by all delivered ones. */
function replacedRows(
  delivered: DeliveredRows,
  rows: Int32Array,
  kept: KeptRows,
  rules: Rules,
): { rows: KeptRows; origins: Int32Array } {
  const added = selectKept(delivered, rows)
  const [keptKeys, keys] = keyNumbers([kept, added], rules) as [Int32Array, Int32Array]
  const isDelivered = new Uint8Array(rangeOf([keptKeys, keys]))
  for (const key of keys) isDelivered[key] = 1
  const stay = Int32Array.from(keptKeys.keys()).filter((row) => isDelivered[keptKeys[row]!] === 0)
  const origins = new Int32Array(stay.length + rows.length).fill(-1)
  origins.set(rows, stay.length)
  return { rows: joinKept(selectKept(kept, stay), added), origins }
}

function allOf(of: KeptRows): TableRows {
  return { of, rows: Int32Array.from({ length: of.collection.rowCount }, (_, row) => row) }
}

function samePiece(store: HistoryStore, piece: Piece, { bytes, check }: Packed): boolean {
  if (piece.bytes !== bytes.length || piece.check !== check) return false
  return store.readAt(piece)(0, piece.bytes).equals(bytes)
}
