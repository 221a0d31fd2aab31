import { NO_CODE } from '../../collections/dictionary.ts'
import { IntSet } from '../../collections/int-set.ts'
import type { TextVector } from '../../collections/vectors.ts'
import { INDEXED_IDS, type IndexedId } from '../../history/day-writer.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Part } from './part.ts'

/** The ids on rows of one raw table that are new, gone or changed, as codes of this run. */
export interface TouchedIds {
  readonly session_id: IntSet
  readonly order_id: IntSet
  readonly user_id: IntSet
  /** By user, the first day on which one of its rows changed. */
  readonly firstDayOfUser: Map<number, number>
}

/** What differs from the history, by raw table. */
export class Touched {
  readonly #tables = new Map<string, TouchedIds>()
  /** The raw tables that changed, by day. */
  readonly days = new Map<number, Set<string>>()
  rows = 0

  of(table: string): TouchedIds {
    let ids = this.#tables.get(table)
    if (ids === undefined) {
      ids = {
        session_id: new IntSet(),
        order_id: new IntSet(),
        user_id: new IntSet(),
        firstDayOfUser: new Map(),
      }
      this.#tables.set(table, ids)
    }
    return ids
  }

  /** Gives the function that takes rows of a table, one by one. */
  taker(table: RawTable, part: Part): (row: number) => void {
    const ids = this.of(table.name)
    const vectors = idVectors(table, part)
    const { days } = part
    let lastDay: number | undefined
    return (row) => {
      this.rows++
      const day = days?.[row]
      if (day !== undefined && day !== lastDay) {
        lastDay = day
        const tables = this.days.get(day) ?? new Set()
        this.days.set(day, tables.add(table.name))
      }
      for (const [id, { codes }] of vectors) {
        const code = codes[row]!
        if (code === NO_CODE) continue
        ids[id].add(code)
        if (id !== 'user_id' || day === undefined) continue
        const first = ids.firstDayOfUser.get(code)
        if (first === undefined || day < first) ids.firstDayOfUser.set(code, day)
      }
    }
  }
}

/** The kept columns of a table by which days are searched. */
export function idVectors(table: RawTable, { collection }: Part): [IndexedId, TextVector][] {
  return INDEXED_IDS.flatMap((id): [IndexedId, TextVector][] => {
    const column = idColumn(table, id)
    const vector = column === undefined ? undefined : collection.columns[column]
    return vector !== undefined && 'codes' in vector ? [[id, vector]] : []
  })
}

/** The column of a table that holds a certain id. */
export function idColumn(table: RawTable, id: IndexedId): string | undefined {
  return Object.keys(table.columns).find((column) => table.columns[column]!.dictionary === id)
}
