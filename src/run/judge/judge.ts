import type { Verdict } from '../../engines/engine.ts'
import { KnownError } from '../../lib/errors.ts'

/**
 * Control totals must hold; with --strict no finding may warn either.
 *
 * @throws KnownError control_totals_disagree (internal), strict_findings (data)
 */
export function judge(verdict: Verdict, isStrict: boolean): void {
  const broken = verdict.controlTotals.filter(({ holds }) => !holds)
  if (broken.length > 0) {
    const list = broken
      .map(
        ({ name, sides }) => `${name} (${sides.map(({ source, value }) => `${source} ${value}`).join(', ')})`,
      )
      .join('; ')
    throw new KnownError('internal', 'control_totals_disagree', `control totals disagree: ${list}`, {
      hint: 'this is a fault of ecomagg, nothing was published: please report it with the run record',
    })
  }
  const warnings = verdict.findings.filter(({ severity }) => severity === 'warning')
  if (isStrict && warnings.length > 0) {
    const messages = warnings.map(({ message }) => message).join('; ')
    throw new KnownError(
      'data',
      'strict_findings',
      `--strict: ${warnings.length} of the findings warn: ${messages}`,
      {
        hint: warnings[0]!.advice,
      },
    )
  }
}
