import type { RawTable } from '../../raw/define.ts'
import { cascadeColumns } from '../accounting/filter-columns.ts'
import type { Header } from '../records/header.ts'

/** Which cells of a table's rows a batch holds, by the numbers of its declared columns. */
export interface BatchLayout {
  readonly columns: number
  readonly numbers: readonly number[]
  readonly texts: readonly number[]
  /** Those of the texts that are looked up in a dictionary. */
  readonly lookedUp: readonly number[]
  /** The key, if it is looked up in a key set of the table's own; else -1. */
  readonly ownKey: number
  /** Whether repeated keys are compared. */
  readonly hasFingerprints: boolean
}

/**
 * The cells that anybody asks for once a record is known to be fine.
 *
 * @param keep the columns that are kept
 * @param isFiltered whether the shop leaves any rows out
 */
export function batchLayout(
  table: RawTable,
  { positions }: Header,
  keep: ReadonlySet<string>,
  isFiltered: boolean,
): BatchLayout {
  const columns = Object.entries(table.columns)
  const owners = cascadeColumns(table).map(({ column }) => column)
  const numbers: number[] = []
  const texts: number[] = []
  const lookedUp: number[] = []
  let ownKey = -1
  columns.forEach(([name, { kind, dictionary, role }], i) => {
    if (positions[i]! < 0) return
    const isAsked = isFiltered && (dictionary !== undefined || role !== undefined)
    const isWanted = keep.has(name) || isAsked
    if (kind === 'id' || kind === 'text') {
      if (isWanted || name === table.key) texts.push(i)
      const isOwner = isFiltered && owners.includes(name)
      if (keep.has(name) || isOwner || (name === table.key && dictionary !== undefined)) lookedUp.push(i)
      if (name === table.key && dictionary === undefined) ownKey = i
    } else if (isWanted || kind === 'money' || name === table.time || name === table.worth?.times)
      numbers.push(i)
  })
  return {
    columns: columns.length,
    numbers,
    texts,
    lookedUp,
    ownKey,
    hasFingerprints: table.comparesDuplicates,
  }
}
