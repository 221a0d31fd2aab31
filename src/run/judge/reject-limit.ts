import { frequentReasons, reasonText } from '../../checks/advice/reason-text.ts'
import { remedies } from '../../checks/advice/remedies.ts'
import { tableSetting } from '../../checks/advice/setting-text.ts'
import type { InputReport } from '../../engines/engine.ts'
import { KnownError } from '../../lib/errors.ts'
import { formatHundredths, formatMoney } from '../../lib/numbers/exact.ts'
import { grouped } from '../../lib/texts/grouped.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import type { Accounting, ReasonCount } from '../../parsers/accounting/accounting.ts'
import { hasOwnMaxRejectRate, maxRejectRateOf, type Rules } from '../../rules/rules.ts'

/** A greater loss is never advised to be accepted. */
const MOST_ACCEPTABLE = 0.5

/**
 * Fails the run if too many rows of some table are rejected or conflicting, or too much of its money
 * (SPEC section 1), with the most frequent reasons, an example of each, and the option that would mend it.
 *
 * @throws KnownError too_many_rejects (data)
 */
export function checkRejectLimit(inputs: readonly InputReport[], rules: Rules, showValues: boolean): void {
  const refused = inputs.filter(
    ({ table, accounting }) => accounting.lossRate > maxRejectRateOf(rules, table),
  )
  const greatest = Math.max(0, ...refused.map(({ accounting }) => accounting.lossRate))
  const problems = refused.map((input) => tooManyRejects(input, rules, greatest, showValues))
  if (problems.length === 0) return
  const [first] = problems as [KnownError]
  if (problems.length === 1) throw first
  const message = problems.map((problem) => problem.message).join('; ')
  throw new KnownError('data', first.code, message, { ...first.details, ...hintOf(first), problems })
}

function hintOf({ hint }: KnownError): { hint?: string } {
  return hint === undefined ? {} : { hint }
}

/** @param greatest loss of all tables, so that accepting it helps */
function tooManyRejects(input: InputReport, rules: Rules, greatest: number, showValues: boolean): KnownError {
  const { table, definition, accounting } = input
  const limit = maxRejectRateOf(rules, table)
  const reasons = frequentReasons(accounting)
  const [worst] = reasons as [ReasonCount]
  const shown = reasons.map((reason) => reasonText(reason, showValues, input.files.length > 1)).join('; ')
  const found = percent(accounting.lossRate)
  const message = `${table}: ${lossText(accounting, limit)}, above the limit of ${percent(limit)}: ${shown}`
  const advice = remedies(reasons, accounting.reasons, definition, rules)
  return new KnownError('data', 'too_many_rejects', message, {
    table,
    ...exampleFile(input, worst),
    line: worst.example.line,
    ...(worst.column === undefined ? {} : { column: worst.column }),
    found,
    allowed: `at most ${percent(limit)}`,
    hint: [...advice, ...acceptance(input, rules, greatest)].join('; '),
  })
}

/** The file in which a reason was met first. */
function exampleFile({ files }: InputReport, { example }: ReasonCount): { file?: string } {
  const file = files.find(({ name }) => name === example.file)
  return file === undefined ? {} : { file: file.path }
}

/** What is lost: rows, and money where its share is what exceeds the limit. */
function lossText(accounting: Accounting, limit: number): string {
  const { read, rejected, conflicting, rejectRate, moneyRead, moneyRejected, moneyRejectRate } = accounting
  const rows = `${grouped(rejected + conflicting)} of ${grouped(read)} rows (${percent(rejectRate)}) are rejected or conflicting`
  if (moneyRejectRate <= limit) return rows
  const money = (amount: typeof moneyRead) => grouped(formatMoney(amount))
  return `${rows}, with ${money(moneyRejected)} of the ${money(moneyRead)} that can be read (${percent(moneyRejectRate)})`
}

/** How the loss could be accepted; nothing where more than half would be gone. */
function acceptance({ table, accounting }: InputReport, rules: Rules, greatest: number): string[] {
  const loss = accounting.lossRate
  if (loss > MOST_ACCEPTABLE) return []
  const forAll =
    greatest > MOST_ACCEPTABLE || hasOwnMaxRejectRate(rules, table)
      ? ''
      : `, or for all tables --max-reject-rate ${rounded(greatest)}`
  return [`to accept the loss, ${tableSetting(table, `maxRejectRate: ${rounded(loss)}`)}${forAll}`]
}

/** Up to four decimals, never below the rate. */
function rounded(rate: number): string {
  return (Math.ceil(rate * 10_000) / 10_000).toString()
}

/** The example as records and logs hold it. */
export function exampleOf({ reason, example }: ReasonCount, showValues: boolean): string | null {
  if (example.cell === undefined || (reason === 'conflicting_duplicate' && !showValues)) return null
  return showValues ? example.cell.slice(0, 200) : shapeOf(example.cell)
}

function percent(rate: number): string {
  return `${formatHundredths(Math.round(rate * 10_000))} %`
}
