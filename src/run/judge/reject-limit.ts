import type { InputReport } from '../../engines/engine.ts'
import { KnownError } from '../../lib/errors.ts'
import { formatHundredths } from '../../lib/numbers/exact.ts'
import { grouped } from '../../lib/texts/grouped.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import { likelyLayout } from '../../lib/times/time-format.ts'
import type { ReasonCount } from '../../parsers/accounting/accounting.ts'
import { maxRejectRateOf, type Rules } from '../../rules/rules.ts'

/** How many reasons the error names. */
const MOST_FREQUENT = 3

/**
 * Fails the run if too many rows of some table are rejected or conflicting (SPEC section 1), with the most
 * frequent reasons, an example of each, and the option that would mend it.
 *
 * @throws KnownError too_many_rejects (data)
 */
export function checkRejectLimit(inputs: readonly InputReport[], rules: Rules, showValues: boolean): void {
  const refused = inputs.filter(
    ({ table, accounting }) => accounting.rejectRate > maxRejectRateOf(rules, table),
  )
  const greatest = Math.max(0, ...refused.map(({ accounting }) => accounting.rejectRate))
  const problems = refused.map((input) =>
    tooManyRejects(input, maxRejectRateOf(rules, input.table), greatest, showValues),
  )
  if (problems.length === 0) return
  const [first] = problems as [KnownError]
  if (problems.length === 1) throw first
  const message = problems.map((problem) => problem.message).join('; ')
  throw new KnownError('data', first.code, message, { ...first.details, ...hintOf(first), problems })
}

function hintOf({ hint }: KnownError): { hint?: string } {
  return hint === undefined ? {} : { hint }
}

function tooManyRejects(
  input: InputReport,
  maxRejectRate: number,
  greatest: number,
  showValues: boolean,
): KnownError {
  const { table, accounting } = input
  const bad = accounting.rejected + accounting.conflicting
  const reasons = [...accounting.reasons.values()].sort((a, b) => b.count - a.count).slice(0, MOST_FREQUENT)
  const [worst] = reasons as [ReasonCount]
  const shown = reasons.map((reason) => describe(reason, showValues)).join('; ')
  const rate = percent(accounting.rejectRate)
  const message = `${table}: ${grouped(bad)} of ${grouped(accounting.read)} rows (${rate}) are rejected or conflicting, above the limit of ${percent(maxRejectRate)}: ${shown}`
  return new KnownError('data', 'too_many_rejects', message, {
    table,
    ...(input.file === undefined ? {} : { file: input.file.path }),
    line: worst.example.line,
    ...(worst.column === undefined ? {} : { column: worst.column }),
    found: rate,
    allowed: `at most ${percent(maxRejectRate)}`,
    hint: remedy(worst, table, greatest),
  })
}

function describe({ reason, column, count: times, example }: ReasonCount, showValues: boolean): string {
  const where = column === undefined ? '' : ` in ${column}`
  return `${grouped(times)} × ${reason}${where} (line ${example.line}${exampleText(reason, example.cell, showValues)})`
}

function exampleText(reason: string, cell: string | undefined, showValues: boolean): string {
  if (cell === undefined || cell === '') return ''
  if (showValues) return `: '${cell.slice(0, 200)}'`
  // The cell of a conflicting duplicate is a key, whose shape helps nobody.
  return reason === 'conflicting_duplicate' ? '' : `, like '${shapeOf(cell)}'`
}

/** The example as records and logs hold it. */
export function exampleOf({ reason, example }: ReasonCount, showValues: boolean): string | null {
  if (example.cell === undefined || (reason === 'conflicting_duplicate' && !showValues)) return null
  return showValues ? example.cell.slice(0, 200) : shapeOf(example.cell)
}

/** @param rate the greatest of all tables, so that accepting it helps */
function remedy({ reason, example }: ReasonCount, table: string, rate: number): string {
  const accept = `to accept the loss, --max-reject-rate ${(Math.ceil(rate * 10_000) / 10_000).toString()}`
  const layout =
    reason === 'invalid_timestamp' && example.cell !== undefined ? likelyLayout(example.cell) : undefined
  if (layout !== undefined) {
    const swapped = layout.startsWith('dd') ? ` (or with MM first, if the month comes first)` : ''
    return `the layout seen in ${table} is ${layout}: if that is what the shop means, declare it with --time-format '${layout}'${swapped}`
  }
  if (reason === 'invalid_timestamp')
    return `declare the layout with --time-format, or mend the export; ${accept}`
  if (reason === 'conflicting_duplicate') return `export each key once; ${accept}`
  return `mend the export: the rejected rows are in the run's rejects file; ${accept}`
}

function percent(rate: number): string {
  return `${formatHundredths(Math.round(rate * 10_000))} %`
}
