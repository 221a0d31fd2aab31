import { KnownError } from '../../lib/errors.ts'
import { grouped } from '../../lib/texts/grouped.ts'

/** A whole number between two bounds, or a problem more. */
export function wholeOption(
  option: string,
  text: string,
  lowest: number,
  highest: number,
  problems: KnownError[],
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= lowest && value <= highest)) {
    const allowed = `a whole number from ${grouped(lowest)} to ${grouped(highest)}`
    problems.push(badOption(option, `${option}: '${text}' is not ${allowed}`, text, allowed))
  }
  return value
}

export function badOption(option: string, message: string, found: string, allowed: string): KnownError {
  return new KnownError('usage', 'bad_option', message, {
    found,
    allowed,
    hint: `${option} takes ${allowed}`,
  })
}

/** @throws KnownError the only problem, or one that holds them all */
export function throwIfAny(problems: readonly KnownError[]): void {
  const [first] = problems
  if (first === undefined) return
  if (problems.length === 1) throw first
  const message = problems.map((problem) => problem.message).join('; ')
  throw new KnownError(first.failure, first.code, message, { problems })
}
