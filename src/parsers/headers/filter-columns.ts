import { KnownError } from '../../lib/errors.ts'
import { nearestNames } from '../../lib/texts/nearest.ts'
import type { RawTable } from '../../raw/define.ts'
import type { FilterRules } from '../../rules/filters.ts'
import type { InputFile } from '../records/input-file.ts'
import type { Header } from './header.ts'

/** Names that a message shows. */
const MOST_NAMES = 20
const MOST_NEAR = 3

/**
 * Refuses a file without a column that a filter of the shop asks: no row would be left out.
 *
 * @throws KnownError filter_column_missing (data)
 */
export function checkFilterColumns(
  { names }: Header,
  { path }: InputFile,
  { name: table }: RawTable,
  { columns }: FilterRules,
): void {
  const at = columns.findIndex((filter) => filter.table === table && !names.includes(filter.column))
  if (at < 0) return
  const { column } = columns[at]!
  const near = nearestNames(column, names).slice(0, MOST_NEAR)
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
  const message = `${path}: filters.columns[${at}] asks the column ${column}, which the header lacks${meant}`
  throw new KnownError('data', 'filter_column_missing', message, {
    table,
    file: path,
    column,
    found: shortList(names),
    allowed: 'a column of the header; names are case-sensitive',
    hint:
      near.length === 0
        ? `export the column, or take filters.columns[${at}] out; the header has ${shortList(names)}`
        : `write column: ${JSON.stringify(near[0])} in filters.columns[${at}], or take that filter out`,
  })
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => name.slice(0, 60))
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
