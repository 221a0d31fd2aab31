import { joinRows, selectRows } from '../../collections/select-rows.ts'
import type { Collection } from '../../collections/vectors.ts'
import { applyCascades } from '../../parsers/cascade.ts'
import { DROPPED, LIVE } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'
import type { KeptDays } from './kept-days.ts'
import type { Part } from './part.ts'

/** Rows of one raw table that a run computes with, of the slice and of the history. */
export interface Pool {
  readonly table: RawTable
  /** All rows, those that do not count, too. */
  readonly all: Collection
  /** Final: LIVE for those that count. */
  readonly fates: Uint8Array
  readonly days: Int32Array | undefined
  /** The rows that count. */
  readonly live: Collection
  readonly liveDays: Int32Array | undefined
  /** Where the rows of the slice begin. */
  readonly sliceStart: number
}

export interface PoolParts {
  readonly table: RawTable
  /** Kept rows of the slice's dates, where days are merged. */
  readonly merged: readonly Part[]
  readonly slice: Part
  readonly others: readonly Part[]
  /** Rows of the slice that do not count, since their key stands on an earlier date. */
  readonly shadowedInSlice: ReadonlySet<number>
}

/** Joins the parts, and decides which rows count. */
export function joinPools(tables: readonly PoolParts[], kept: KeptDays, hasFilters: boolean): Pool[] {
  const joined = tables.map((parts) => ({ ...parts, ...joinParts(parts, kept) }))
  if (hasFilters) applyCascades(joined.map(({ table, all, fates }) => ({ table, collection: all, fates })))
  return joined.map(({ table, all, fates, days, sliceStart }) => {
    const rows = fates.every((fate) => fate === LIVE) ? undefined : liveRows(fates)
    return {
      table,
      all,
      fates,
      days,
      sliceStart,
      live: rows === undefined ? all : selectRows(all, rows),
      liveDays: rows === undefined || days === undefined ? days : rows.map((row) => days[row]!),
    }
  })
}

function joinParts({ table, merged, slice, others, shadowedInSlice }: PoolParts, kept: KeptDays) {
  const parts = [...merged, slice, ...others]
  const all = joinRows(parts.map(({ collection }) => collection))
  const fates = new Uint8Array(all.rowCount)
  const days = table.time === undefined ? undefined : joinedDays(parts, all.rowCount)
  let at = 0
  let sliceStart = 0
  for (const part of parts) {
    fates.set(part.fates, at)
    if (part === slice) {
      sliceStart = at
      for (const row of shadowedInSlice) fates[at + row] = DROPPED
    } else dropShadowed(table, part, kept, fates.subarray(at, at + part.fates.length))
    at += part.fates.length
  }
  return { all, fates, days, sliceStart }
}

function joinedDays(parts: readonly Part[], rowCount: number): Int32Array {
  if (parts.length === 1) return parts[0]!.days!
  const days = new Int32Array(rowCount)
  let at = 0
  for (const part of parts) {
    days.set(part.days!, at)
    at += part.fates.length
  }
  return days
}

/** The rows of a part are all of one day. */
function dropShadowed(table: RawTable, { days, places }: Part, kept: KeptDays, fates: Uint8Array): void {
  if (days === undefined || days.length === 0) return
  const shadowed = kept.shadowedPlaces(table.name, days[0]!)
  if (shadowed === undefined || shadowed.size === 0) return
  for (let row = 0; row < fates.length; row++) if (shadowed.has(places![row]!)) fates[row] = DROPPED
}

function liveRows(fates: Uint8Array): Int32Array {
  const rows: number[] = []
  for (let row = 0; row < fates.length; row++) if (fates[row] === LIVE) rows.push(row)
  return Int32Array.from(rows)
}
