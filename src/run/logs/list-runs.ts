import { existsSync } from 'node:fs'
import { KnownError } from '../../lib/errors.ts'
import { readRegular } from '../../lib/files/regular-file.ts'
import { isProcessAlive } from '../../lib/process-alive.ts'
import { currentHolder } from '../lock/lock.ts'
import { type RunRecord, recordSchema } from './record.ts'
import { runFiles, runIds } from './run-files.ts'

/** A run as the log folder shows it. A run whose process is gone without an end has died. */
export type ShownStatus = RunRecord['status'] | 'died' | 'unreadable'

export interface ListedRun {
  readonly runId: string
  readonly status: ShownStatus
  /** Undefined if the record cannot be read. */
  readonly record: RunRecord | undefined
}

/**
 * The runs of a log folder, newest first.
 *
 * @throws KnownError no_logs (input) if there is no such folder
 */
export async function listRuns(logFolder: string): Promise<ListedRun[]> {
  if (!existsSync(logFolder)) {
    throw new KnownError('input', 'no_logs', `there is no log folder ${logFolder}`, {
      file: logFolder,
      hint: 'choose the folder with --log-dir; it is made by the first ecomagg process',
    })
  }
  const runs: ListedRun[] = []
  for (const runId of runIds(logFolder).reverse()) {
    const record = readRecord(logFolder, runId)
    runs.push({ runId, record, status: record === undefined ? 'unreadable' : await shownStatus(record) })
  }
  return runs
}

function readRecord(logFolder: string, runId: string): RunRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readRegular(runFiles(logFolder, runId).record).toString('utf8')))
  } catch {
    return undefined
  }
}

async function shownStatus(record: RunRecord): Promise<ShownStatus> {
  if (record.status !== 'running') return record.status
  if (record.command === 'check') return isProcessAlive(record.pid) ? 'running' : 'died'
  try {
    const holder = await currentHolder(record.options.output)
    return holder?.run_id === record.run_id ? 'running' : 'died'
  } catch {
    return 'died'
  }
}

/**
 * One run by its id or the start of it, or `last`.
 *
 * @throws KnownError no_such_run (usage)
 */
export function findRun(runs: readonly ListedRun[], wanted: string, logFolder: string): ListedRun {
  const found = wanted === 'last' ? runs[0] : runs.find(({ runId }) => runId.startsWith(wanted))
  if (found !== undefined) return found
  const what = wanted === 'last' ? 'there is no such run' : `there is no run ${wanted}`
  throw new KnownError('usage', 'no_such_run', `${what} in ${logFolder}`, {
    file: logFolder,
    found: wanted,
    hint: 'see them all with: ecomagg logs',
  })
}
