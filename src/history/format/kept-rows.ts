import { joinRows, selectRows } from '../../collections/select-rows.ts'
import type { Collection } from '../../collections/vectors.ts'
import type { RawTable } from '../../raw/define.ts'

/** Numbers in a row of which several stand side by side: three of a key's hash, two of a fingerprint. */
export const KEY_LANES = 3
export const PRINT_LANES = 2

/** Acceptable rows of one raw table with all that a history keeps of them. */
export interface KeptRows {
  readonly table: RawTable
  /** Just the stored columns. */
  readonly collection: Collection
  /** The hash of each row's key, KEY_LANES numbers a row; undefined where the key is a column. */
  readonly keys: Int32Array | undefined
  /** Of tables whose repeated keys are compared: PRINT_LANES numbers a row. */
  readonly prints: Int32Array | undefined
  /** Why a row's own cells leave it out, as numbers of reasons; undefined if they leave none out. */
  readonly own: Uint8Array | undefined
}

/** Some numbers of an array in which several stand side by side for each row. */
export function selectLanes<A extends Int32Array | Uint8Array>(
  values: A,
  lanes: number,
  rows: Int32Array,
): A {
  const result = new (values.constructor as new (length: number) => A)(rows.length * lanes)
  for (let i = 0, to = 0; i < rows.length; i++)
    for (let lane = 0; lane < lanes; lane++) result[to++] = values[rows[i]! * lanes + lane]!
  return result
}

/** Some rows, in the order given. */
export function selectKept({ table, collection, keys, prints, own }: KeptRows, rows: Int32Array): KeptRows {
  return {
    table,
    collection: selectRows(collection, rows),
    keys: keys === undefined ? undefined : selectLanes(keys, KEY_LANES, rows),
    prints: prints === undefined ? undefined : selectLanes(prints, PRINT_LANES, rows),
    own: own === undefined ? undefined : selectLanes(own, 1, rows),
  }
}

/** Rows of the same table and dictionaries, one behind the other. */
export function joinKept(first: KeptRows, second: KeptRows): KeptRows {
  const both = [first, second] as const
  const ownOf = ({ own, collection }: KeptRows) => own ?? new Uint8Array(collection.rowCount)
  const hasOwn = both.some(({ own }) => own !== undefined)
  return {
    table: first.table,
    collection: joinRows(both.map(({ collection }) => collection)),
    keys: first.keys === undefined ? undefined : joined(Int32Array, first.keys, second.keys!),
    prints: first.prints === undefined ? undefined : joined(Int32Array, first.prints, second.prints!),
    own: hasOwn ? joined(Uint8Array, ownOf(first), ownOf(second)) : undefined,
  }
}

function joined<A extends Int32Array | Uint8Array>(create: new (length: number) => A, a: A, b: A): A {
  const result = new create(a.length + b.length)
  result.set(a)
  result.set(b, a.length)
  return result
}
