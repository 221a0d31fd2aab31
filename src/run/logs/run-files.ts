import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { RUN_ID } from '../lock/run-id.ts'

/** Permission bits of logs; they hold paths and counts. */
export const LOG_MODE = 0o640
/** Permission bits of rejects, which hold cells as they are. */
export const REJECTS_MODE = 0o600

const LARGEST_NUMBER = 999_999_999_999

const RUN_FILE = new RegExp(`^(${RUN_ID})\\.(?:json|jsonl|rejects\\.csv)$`)

/** The files of one run in the log folder. */
export interface RunFiles {
  readonly record: string
  readonly log: string
  readonly rejects: string
}

export function runFiles(logFolder: string, runId: string): RunFiles {
  const stem = join(logFolder, runId)
  return { record: `${stem}.json`, log: `${stem}.jsonl`, rejects: `${stem}.rejects.csv` }
}

/** The complete record of a run that is about to be published, until it gets its name. */
export function nextRecord({ record }: RunFiles): string {
  return `${record}.next`
}

/** The log that people open first. */
export function humanLogPath(logFolder: string): string {
  return join(logFolder, 'aggregation_log.txt')
}

/**
 * The runs that have files in a log folder, oldest first. Their numbers give the order, not the clock,
 * which may have been wrong.
 */
export function runIds(logFolder: string): string[] {
  const ids = new Set<string>()
  for (const name of namesIn(logFolder)) {
    const id = RUN_FILE.exec(name)?.[1]
    if (id !== undefined) ids.add(id)
  }
  return [...ids].sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1))
}

/** @throws KnownError unreadable_log_folder (create) */
function namesIn(logFolder: string): string[] {
  try {
    return readdirSync(logFolder)
  } catch (cause) {
    const code = errnoName(cause)
    throw new KnownError(
      'create',
      'unreadable_log_folder',
      `the log folder ${logFolder} cannot be read (${code})`,
      {
        file: logFolder,
        found: code ?? String(cause),
        allowed: 'a folder that this user may read and write',
        hint: 'mend it, or choose another with --log-dir; it is made by the first ecomagg process',
        cause,
      },
    )
  }
}

function numberOf(runId: string): number {
  return Number.parseInt(runId, 10)
}

/** @example newRunId('logs', new Date(…)) → '000042-20250102T010000Z-9f3a' */
export function newRunId(logFolder: string, now: Date): string {
  const last = runIds(logFolder).at(-1)
  // Beyond the largest number, which somebody must have planted, the times give the order.
  const next = Math.min(LARGEST_NUMBER, (last === undefined ? 0 : numberOf(last)) + 1)
  const number = String(next).padStart(6, '0')
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  return `${number}-${time}-${randomBytes(2).toString('hex')}`
}
