import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { RUN_ID } from './run-id.ts'

/** The folder inside the output folder that holds what is not published: staging, journal, lock. */
export function workFolder(outputFolder: string): string {
  return join(outputFolder, '.ecomagg')
}

export function stagingFolder(outputFolder: string, runId: string): string {
  return join(workFolder(outputFolder), `staging-${runId}`)
}

/** What is kept of the days that were aggregated, for incremental runs. */
export function historyFolder(outputFolder: string): string {
  return join(workFolder(outputFolder), 'history')
}

/** Where a file of a set is put, by its name in the staging folder. */
export function publishedPath(outputFolder: string, name: string): string {
  return join(name.startsWith('history/') ? workFolder(outputFolder) : outputFolder, name)
}

export function journalPath(outputFolder: string): string {
  return join(workFolder(outputFolder), 'journal.json')
}

const LEFTOVER = new RegExp(`^(?:staging-${RUN_ID}|(?:journal|lock)\\.json\\.\\d+\\.tmp)$`)

/** Removes what killed runs left in the work folder; only names of ours. @returns the names removed */
export function removeLeftovers(outputFolder: string): string[] {
  const folder = workFolder(outputFolder)
  const names = readdirSync(folder).filter((name) => LEFTOVER.test(name))
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true })
  return names
}

/** Removes the work folder if nothing is left in it; an empty one that cannot be removed does no harm. */
export function removeWorkFolder(outputFolder: string): void {
  try {
    rmdirSync(workFolder(outputFolder))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

/**
 * Makes the work folder, unless somebody has put something else under its name.
 *
 * @returns whether it was not there
 * @throws KnownError cannot_publish (create); ENOENT if another run has removed it at the same moment
 */
export function makeWorkFolder(outputFolder: string): boolean {
  const folder = workFolder(outputFolder)
  let isNew = false
  try {
    mkdirSync(folder, { mode: 0o755 })
    isNew = true
  } catch (cause) {
    const code = errnoName(cause)
    const status = lstatSync(folder, { throwIfNoEntry: false })
    if (status?.isDirectory() === false) throw cannotPublish(folder, 'it is not a folder')
    if (status === undefined && code !== 'EEXIST') {
      throw cannotPublish(outputFolder, `no file can be made in it (${code})`, cause)
    }
  }
  if (statSync(folder).dev !== statSync(outputFolder).dev) {
    throw cannotPublish(folder, 'it lies on another file system, so that nothing can be renamed out of it')
  }
  return isNew
}

/** The error of an output folder that results cannot be put into. */
export function cannotPublish(path: string, found: string, cause?: unknown): KnownError {
  return new KnownError('create', 'cannot_publish', `${path} cannot be published to: ${found}`, {
    file: path,
    found,
    allowed: 'a folder that may be written to, in which each CSV is missing or a plain file',
    hint: 'mend it, or choose another folder with --output; nothing was changed',
    cause,
  })
}
