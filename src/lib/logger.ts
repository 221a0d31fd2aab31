import { openSync } from 'node:fs'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { errnoName } from './errno.ts'
import { KnownError } from './errors.ts'
import { withoutControls } from './json-text.ts'

export type { Logger }

/** A log of one JSON line an event, written synchronously so that a killed run loses nothing. */
export interface FileLogger {
  readonly log: Logger
  /** @throws KnownError write_failed (io) if some line could not be written */
  check(): void
  close(): void
}

/**
 * @param mode permission bits, further narrowed by the umask
 * @throws KnownError cannot_create (create) if there is such a file, or none can be made
 */
export function fileLogger(path: string, mode: number, bindings: Record<string, unknown>): FileLogger {
  const stream = destination({ fd: createLog(path, mode), sync: true })
  let failure: unknown
  stream.on('error', (error: unknown) => {
    failure ??= error
  })
  const log = pino(
    {
      base: bindings,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => stream.write(withoutControls(line)) } satisfies DestinationStream,
  )
  return {
    log,
    check() {
      if (failure === undefined) return
      const code = errnoName(failure)
      throw new KnownError(
        'io',
        'write_failed',
        `${path} cannot be written (${code}): a run that cannot be recorded is not published`,
        {
          file: path,
          hint: 'free space on the disk of the log folder, or choose another with --log-dir',
          cause: failure,
        },
      )
    },
    close() {
      try {
        stream.end()
      } catch {
        // Nothing more can be logged; what matters was checked before the results were published.
      }
    },
  }
}

function createLog(path: string, mode: number): number {
  try {
    return openSync(path, 'ax', mode)
  } catch (cause) {
    const code = errnoName(cause)
    throw new KnownError('create', 'cannot_create', `the log ${path} cannot be created (${code})`, {
      file: path,
      hint: 'check that the log folder may be written to and its disk is not full, or choose another with --log-dir',
      cause,
    })
  }
}
