import { grouped } from '../../lib/texts/grouped.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import type { Accounting, ReasonCount } from '../../parsers/accounting/accounting.ts'

/** How many reasons are named. */
const MOST_FREQUENT = 3

/** The most frequent reasons for which rows of a table are rejected or conflicting. */
export function frequentReasons({ reasons }: Accounting): ReasonCount[] {
  return [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, MOST_FREQUENT)
}

/**
 * @param isOneOfSeveral whether the table has several files, so that the line alone names nothing
 * @example "2 × invalid_money in total_price (line 7, like '$9.99')"
 */
export function reasonText(
  { reason, column, count, example }: ReasonCount,
  showValues: boolean,
  isOneOfSeveral = false,
): string {
  const file = isOneOfSeveral ? `${example.file}, ` : ''
  const where = column === undefined ? '' : ` in ${column}`
  return `${grouped(count)} × ${reason}${where} (${file}line ${example.line}${exampleText(reason, example.cell, showValues)})`
}

function exampleText(reason: string, cell: string | undefined, showValues: boolean): string {
  if (cell === undefined || cell === '') return ''
  if (showValues) return `: '${cell.slice(0, 200)}'`
  // The cell of a conflicting duplicate is a key, whose shape helps nobody.
  return reason === 'conflicting_duplicate' ? '' : `, like '${shapeOf(cell)}'`
}
