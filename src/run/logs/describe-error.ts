import { KnownError } from '../../lib/errors.ts'
import type { ErrorRecord } from './record.ts'

/** An error as the run record holds it; only one without a name keeps its stack. */
export function errorRecord(error: unknown): ErrorRecord {
  if (error instanceof KnownError) {
    return {
      code: error.code,
      failure: error.failure,
      message: error.message,
      hint: error.hint ?? null,
      details: { ...error.details } as Record<string, string | number>,
      problems: error.problems.map(errorRecord),
      stack: null,
    }
  }
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined }
  return {
    code: 'unexpected',
    failure: 'internal',
    message,
    hint: 'this is a fault of ecomagg: please report it with the stack and the version',
    details: {},
    problems: [],
    stack: stack ?? null,
  }
}
