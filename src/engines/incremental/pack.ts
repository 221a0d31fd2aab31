import { joinRows } from '../../collections/select-rows.ts'
import { DayWriter, type TableRows } from '../../history/day-writer.ts'
import type { Packed } from '../../history/sections.ts'
import { DROPPED, FILTERED, type KeyLanes } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import { withoutReplaced } from './closure.ts'
import { keptPart, type Part } from './part.ts'
import type { Plan } from './plan.ts'
import { rowsByDay } from './totals.ts'

export interface PackedDate extends Packed {
  readonly day: number
  /** Whether rows are among them that the shop's filters leave out. */
  readonly hasFiltered: boolean
}

/** The changed dates of a slice as they are to be kept. */
export function* packDays({ dated, comparison, partsOfSlice, options }: Plan): Generator<PackedDate> {
  const isChanged = (day: number) =>
    comparison.days.has(day) && (options.state === undefined || comparison.touched.days.has(day))
  const tables = dated.map((table) => {
    const rows = joinParts(table, partsOfSlice.get(table.name)!)
    return { ...rows, byDay: rowsByDay(rows.days!, isChanged) }
  })
  const writer = new DayWriter(options.seed)
  for (const day of [...comparison.days].filter(isChanged).sort((a, b) => a - b)) {
    const rows = tables.map(
      ({ byDay, ...table }): TableRows => ({ ...table, rows: keptRows(table.fates, byDay.get(day)) }),
    )
    const hasFiltered = rows.some((table) => table.rows.some((row) => table.fates[row] === FILTERED))
    yield { day, hasFiltered, ...writer.pack(day, rows) }
  }
}

/** All rows of tables without dates: those of the slice, and those that are kept of other keys. */
export function packUndated({ kept, partsOfSlice, comparison, options }: Plan): Packed {
  const { engine, slice, seed, state, store } = options
  const tables = engine.contract.rawTables.filter(({ time }) => time === undefined)
  if (state !== undefined && tables.every(({ name }) => comparison.touched.of(name).user_id.size === 0)) {
    const { piece } = state.undated
    return { ...piece, bytes: store.readAt(piece)(0, piece.bytes) }
  }
  const reader = kept.openUndated()
  const rows = tables.map((table): TableRows => {
    const parts = partsOfSlice.get(table.name)!
    const before =
      reader === undefined || reader.rowCount(table.name) === 0
        ? []
        : [
            withoutReplaced(
              table,
              keptPart(reader.read(table, slice.stored.get(table.name)!), undefined),
              parts,
            ),
          ]
    const joined = joinParts(table, [...before, ...parts])
    return { ...joined, rows: Int32Array.from({ length: joined.collection.rowCount }, (_, row) => row) }
  })
  return new DayWriter(seed).pack(undefined, rows)
}

function joinParts(table: RawTable, parts: readonly Part[]) {
  const filled = parts.filter(({ collection }) => collection.rowCount > 0)
  const [only] = filled
  const used = filled.length === 0 ? parts.slice(-1) : filled
  if (only !== undefined && filled.length === 1) return { table, ...only }
  const concat = (pick: (part: Part) => Int32Array | undefined) => concatenated(used.map(pick))
  const hasKeys = used.every(({ keys }) => keys !== undefined)
  const keys: KeyLanes | undefined = hasKeys
    ? [concat((part) => part.keys![0])!, concat((part) => part.keys![1])!, concat((part) => part.keys![2])!]
    : undefined
  return {
    table,
    collection: joinRows(used.map(({ collection }) => collection)),
    fates: concatenatedBytes(used.map(({ fates }) => fates)),
    keys,
    days: concat(({ days }) => days),
  }
}

function concatenated(arrays: readonly (Int32Array | undefined)[]): Int32Array | undefined {
  if (arrays.some((array) => array === undefined)) return undefined
  const result = new Int32Array(arrays.reduce((sum, array) => sum + array!.length, 0))
  let at = 0
  for (const array of arrays) {
    result.set(array!, at)
    at += array!.length
  }
  return result
}

function concatenatedBytes(arrays: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(arrays))
}

function keptRows(fates: Uint8Array, rows: Int32Array | undefined): Int32Array {
  if (rows === undefined) return new Int32Array(0)
  return rows.some((row) => fates[row] === DROPPED) ? rows.filter((row) => fates[row] !== DROPPED) : rows
}
