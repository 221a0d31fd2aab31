import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { mountPoints } from '../../lib/files/mount-points.ts'
import { writeFault } from '../../lib/files/open-fault.ts'
import { cannotPublish, publishedPath, stagingFolder } from '../lock/work-folder.ts'

/**
 * Makes sure, before any input is read, that the run's results can be put in place: the folder can be
 * written to, and each target is missing or a plain file that may be replaced.
 *
 * @param targets file names in the output folder
 * @throws KnownError cannot_publish (create), with all problems
 */
export function checkTargets(outputFolder: string, targets: readonly string[]): void {
  try {
    accessSync(outputFolder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw cannotPublish(outputFolder, `it cannot be written to (${errnoName(cause)})`, cause)
  }
  const mounted = mountPoints()
  const problems = targets.flatMap((name) => {
    const fault = targetFault(outputFolder, name, mounted)
    return fault === undefined ? [] : [cannotPublish(publishedPath(outputFolder, name), fault)]
  })
  if (problems.length === 0) return
  const [first] = problems as [KnownError]
  if (problems.length === 1) throw first
  const message = problems.map((problem) => problem.message).join('; ')
  throw new KnownError('create', first.code, message, { ...first.details, problems })
}

function targetFault(outputFolder: string, name: string, mounted: ReadonlySet<string>): string | undefined {
  const path = publishedPath(outputFolder, name)
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined) return undefined
  if (status.isSymbolicLink()) return 'it is a symbolic link, and links are never followed or replaced'
  if (status.isDirectory()) return 'it is a folder'
  if (!status.isFile()) return 'it is not a regular file'
  if (mounted.has(realpathSync(path))) return 'something is mounted over it, so that it cannot be replaced'
  const folder = statSync(dirname(path))
  const user = process.getuid?.()
  const isSticky = (folder.mode & 0o1000) !== 0
  if (isSticky && user !== undefined && user !== 0 && user !== status.uid && user !== folder.uid) {
    return 'it belongs to another user, and the folder is sticky'
  }
  try {
    closeSync(openSync(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)))
  } catch (error) {
    const code = errnoName(error)
    // EACCES is no obstacle: a read-only file may be replaced in a folder that may be written to.
    if (code !== 'EACCES') return writeFault(code)
  }
  return undefined
}

/** Makes the empty staging folder of a run: the proof that the output folder can be written to. */
export function makeStagingFolder(outputFolder: string, runId: string): string {
  const staging = stagingFolder(outputFolder, runId)
  try {
    mkdirSync(staging, { mode: 0o755 })
  } catch (cause) {
    throw cannotPublish(outputFolder, `no file can be made in it (${errnoName(cause)})`, cause)
  }
  return staging
}
