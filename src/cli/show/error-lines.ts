import { KnownError } from '../../lib/errors.ts'
import { linesOf, type Paint } from './terminal.ts'

/** An error for people: a known one as one line and what mends it, an unknown one with its stack. */
export function errorLines(error: unknown, paint: Paint): string[] {
  if (!(error instanceof KnownError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [
      ...linesOf(`${paint.bad('error')} (unexpected): ${stack}`),
      'This is a fault of ecomagg. Please report it with the lines above and the output of: ecomagg --version',
    ]
  }
  const problems = error.problems.length > 0 ? error.problems : [error]
  const hints = new Set(problems.flatMap(({ hint }) => (hint === undefined ? [] : [hint])))
  return [
    ...problems.map(({ code, message }) => `${paint.bad('error')} (${code}): ${message}`),
    ...[...hints].map((hint) => `  what to do: ${hint}`),
  ]
}
