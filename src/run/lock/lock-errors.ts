import { join } from 'node:path'
import { KnownError } from '../../lib/errors.ts'
import type { LockHolder } from './holder-file.ts'
import { workFolder } from './work-folder.ts'

export function cannotLock(path: string, found: string, cause: unknown): KnownError {
  return new KnownError('create', 'cannot_lock', `the lock ${path} cannot be taken: ${found}`, {
    file: path,
    found,
    allowed: 'a folder that may be written to, on a disk with room',
    hint: 'free space or mend the folder, then run again: nothing was changed',
    cause,
  })
}

/** What is known of a run that has, or wants, the lock. */
export type Rival = Pick<LockHolder, 'pid' | 'host' | 'started_at'> & Partial<Pick<LockHolder, 'run_id'>>

export function lockedBy(outputFolder: string, rival: Rival | undefined): KnownError {
  const who = rival === undefined ? 'another run' : words(rival)
  return new KnownError('retry', 'locked', `${outputFolder} is in use by ${who}`, {
    file: outputFolder,
    found: who,
    allowed: 'one run at a time',
    hint: 'wait until it has ended and run again; if it hangs, end that process: the lock goes with it',
  })
}

/** The error of announcements of which nobody here can tell whether their processes still live. */
export function lockUnclear(outputFolder: string, rival: Rival, names: readonly string[]): KnownError {
  const who = words(rival)
  const paths = names.map((name) => quoted(join(workFolder(outputFolder), name)))
  return new KnownError(
    'retry',
    'lock_unclear',
    `${outputFolder} may be in use by ${who}: whether it still runs cannot be seen from here`,
    {
      file: outputFolder,
      found: who,
      allowed: 'one run at a time',
      hint: `look on that machine; if nothing runs there any more, clear it with: rm ${paths.join(' ')}`,
    },
  )
}

function words({ pid, host, started_at, run_id }: Rival): string {
  const run = run_id === undefined ? '' : ` (run ${run_id})`
  return `process ${pid} on ${host}, started ${started_at}${run}`
}

/** As a shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
