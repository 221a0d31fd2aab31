import { selectRows } from '../../collections/select-rows.ts'
import type { Collection, TextVector, Vector } from '../../collections/vectors.ts'
import type { KeptRows } from '../../history/day-reader.ts'
import type { KeyLanes } from '../../parsers/row-ledger.ts'
import { FILTERED } from '../../parsers/row-ledger.ts'
import type { RawTable } from '../../raw/define.ts'

/** Rows of one raw table, of the slice or of the history, with what is known of each. */
export interface Part {
  /** The columns that are kept; texts have the codes of this run. */
  readonly collection: Collection
  readonly fates: Uint8Array
  readonly keys: KeyLanes | undefined
  /** Undefined for tables without dates. */
  readonly days: Int32Array | undefined
  /** Physical lines, of rows of the slice. */
  readonly lines: Int32Array | undefined
  /** The place of each row among those of its day, of rows of the history. */
  readonly places: Int32Array | undefined
}

/** Rows as they were kept of one day. */
export function keptPart({ collection, fates, keys, places }: KeptRows, day: number | undefined): Part {
  const days = day === undefined ? undefined : new Int32Array(collection.rowCount).fill(day)
  return { collection, fates, keys, days, lines: undefined, places }
}

export function selectPart(part: Part, rows: Int32Array): Part {
  const pick = (values: Int32Array) => rows.map((row) => values[row]!)
  return {
    collection: selectRows(part.collection, rows),
    fates: Uint8Array.from(rows, (row) => part.fates[row]!),
    keys: part.keys === undefined ? undefined : [pick(part.keys[0]), pick(part.keys[1]), pick(part.keys[2])],
    days: part.days === undefined ? undefined : pick(part.days),
    lines: part.lines === undefined ? undefined : pick(part.lines),
    places: part.places === undefined ? undefined : pick(part.places),
  }
}

/** The codes of a text column that is kept; undefined if it is not. */
export function codesOf({ collection }: Part, column: string): TextVector | undefined {
  const vector = collection.columns[column]
  return vector !== undefined && 'codes' in vector ? vector : undefined
}

/** What tells a row's key apart within its table, for maps. */
export function keyReader(table: RawTable, part: Part): (row: number) => string | number {
  const { keys } = part
  if (keys !== undefined) return (row) => `${keys[0][row]} ${keys[1][row]} ${keys[2][row]}`
  const vector = codesOf(part, table.key)
  if (vector === undefined) {
    if (part.collection.rowCount === 0) return () => ''
    throw new Error(`${table.name} keeps neither its key nor a hash of it`)
  }
  return (row) => vector.codes[row]!
}

/** Whether two rows mean the same to every aggregate table. */
export function sameRow(a: Part, i: number, b: Part, j: number): boolean {
  if ((a.fates[i] === FILTERED) !== (b.fates[j] === FILTERED)) return false
  return Object.keys(a.collection.columns).every((column) =>
    Object.is(cell(a.collection.columns[column]!, i), cell(b.collection.columns[column]!, j)),
  )
}

function cell(vector: Vector, row: number): number {
  return 'codes' in vector ? vector.codes[row]! : vector[row]!
}
