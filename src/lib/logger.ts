import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { KnownError } from './errors.ts'

export type { Logger }

/** A log of one JSON line an event, written synchronously so that a killed run loses nothing. */
export interface FileLogger {
  readonly log: Logger
  /** @throws KnownError write_failed (io) if some line could not be written */
  check(): void
  close(): void
}

/** @param mode permission bits, further narrowed by the umask */
export function fileLogger(path: string, mode: number, bindings: Record<string, unknown>): FileLogger {
  const stream = destination({ dest: path, sync: true, mode, append: true })
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
    stream as DestinationStream,
  )
  return {
    log,
    check() {
      if (failure === undefined) return
      const { code } = failure as NodeJS.ErrnoException
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
