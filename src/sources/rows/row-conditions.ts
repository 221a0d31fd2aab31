import { linearTest } from '../../lib/texts/linear-expression.ts'
import type { RowCondition } from '../../rules/sources/rows.ts'

/**
 * Whether a cell fits a condition. Cells are trimmed; '' is an empty one.
 *
 * @example conditionTest({ column: 'Status', not: ['void', ''] })('paid') → true
 */
export function conditionTest({
  equals,
  in: list,
  not,
  prefix,
  matches,
}: RowCondition): (cell: string) => boolean {
  if (equals !== undefined) return (cell) => cell === equals
  if (prefix !== undefined) return (cell) => cell.startsWith(prefix)
  if (matches !== undefined) return linearTest(matches)
  if (list !== undefined) {
    const texts = new Set(list)
    return (cell) => texts.has(cell)
  }
  const texts = new Set(typeof not === 'string' ? [not] : not)
  return (cell) => !texts.has(cell)
}
