import { KnownError } from '../lib/errors.ts'

/** Where own code stands, for messages: `table mobile_revenue` or `metric daily_business_metrics.margin`. */
export type OwnCode = string

/**
 * Runs the shop's own code; what it throws becomes an error that says whose code it was.
 *
 * @throws KnownError own_code_failed (config)
 */
export function runOwnCode<T>(what: OwnCode, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof KnownError) throw cause
    const error = cause instanceof Error ? cause : new Error(String(cause))
    const place = placeOf(error)
    const where = place === undefined ? '' : ` (${place})`
    const message = `${what} of the settings failed: ${error.name}: ${error.message}${where}`
    throw new KnownError('config', 'own_code_failed', message, {
      ...(place === undefined ? {} : { file: place }),
      hint: 'mend that code in the settings file or the module it names; nothing was published',
      cause,
    })
  }
}

/** The first place in the stack, as `file:line:column`. */
function placeOf({ stack }: Error): string | undefined {
  return stack === undefined
    ? undefined
    : /^\s+at .*?\(?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()\n]+:\d+:\d+)\)?$/m.exec(stack)?.[1]
}

/** A value that own code gave and that its column cannot hold. */
export function badValue(
  what: OwnCode,
  column: string,
  row: number,
  found: string,
  allowed: string,
): KnownError {
  const message = `${what} gave ${found} for ${column} in its row ${row + 1}; allowed: ${allowed}`
  return new KnownError('config', 'own_value_invalid', message, {
    column,
    found,
    allowed,
    hint: 'mend that code in the settings file or the module it names; nothing was published',
  })
}
