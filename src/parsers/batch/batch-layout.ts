import type { RawTable } from '../../raw/define.ts'
import type { Header } from '../headers/header.ts'

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
  /** Whether cells are made from others, which need room of their own. */
  readonly isMapped: boolean
}

/** The columns that filters of the shop ask for. */
export interface AskedByFilters {
  /** Those that name the rows to which a row belongs. */
  readonly owners: ReadonlySet<string>
  /** Those whose cells are asked as they are written, of whatever kind. */
  readonly texts: ReadonlySet<string>
}

/**
 * The cells that anybody asks for once a record is known to be fine.
 *
 * @param keep the columns that are kept
 * @param filtered undefined if the shop leaves no rows out
 */
export function batchLayout(
  table: RawTable,
  { positions }: Header,
  keep: ReadonlySet<string>,
  filtered?: AskedByFilters,
  isMapped = false,
): BatchLayout {
  const columns = Object.entries(table.columns)
  const numbers: number[] = []
  const texts: number[] = []
  const lookedUp: number[] = []
  let ownKey = -1
  const { keyColumns } = table
  columns.forEach(([name, { kind, dictionary, role }], i) => {
    if (positions[i]! < 0) return
    const isAsked = filtered !== undefined && (dictionary !== undefined || role !== undefined)
    const isText = kind === 'id' || kind === 'text'
    const isInKey = keyColumns?.includes(name) === true
    const isKey = keyColumns === undefined && name === table.key
    const isAskedAsText = filtered?.texts.has(name) === true || isInKey
    const isWanted = keep.has(name) || isAsked
    if (isAskedAsText || (isText && (isWanted || isKey))) texts.push(i)
    if (isText) {
      const isOwner = filtered?.owners.has(name) === true
      if (keep.has(name) || isOwner || (isKey && dictionary !== undefined)) lookedUp.push(i)
      if (isKey && dictionary === undefined) ownKey = i
    } else if (isWanted || isInKey || kind === 'money' || name === table.time || name === table.worth?.times)
      numbers.push(i)
  })
  return {
    columns: columns.length,
    numbers,
    texts,
    lookedUp,
    ownKey,
    hasFingerprints: table.comparesDuplicates,
    isMapped,
  }
}
