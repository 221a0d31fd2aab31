import { closeSync, constants, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoName } from '../errno.ts'
import { KnownError } from '../errors.ts'
import { FileSink } from './file-sink.ts'

/** Forces a folder's entries to disk, so that a rename survives a power cut. Windows cannot, and need not. */
export function fsyncFolder(path: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Puts a file in place whole: written beside it, forced to disk, renamed. The old one stays until then.
 *
 * @throws KnownError cannot_create (create) or write_failed (io)
 */
export function replaceFile(path: string, text: string, mode: number): void {
  const temporary = `${path}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  const sink = new FileSink(temporary, mode)
  try {
    sink.write(Buffer.from(text, 'utf8'))
    sink.finish()
    renameSync(temporary, path)
    fsyncFolder(dirname(path))
  } catch (error) {
    sink.close()
    rmSync(temporary, { force: true })
    throw asIoError(error, path)
  }
}

/** An error of the file system with a name; known ones stay as they are. */
export function asIoError(error: unknown, path: string): unknown {
  if (error instanceof KnownError || errnoName(error) === undefined) return error
  const code = errnoName(error)
  return new KnownError('io', 'write_failed', `${path} cannot be put in place (${code})`, {
    file: path,
    hint: 'check the disk and the permissions of its folder, then run again',
    cause: error,
  })
}

/**
 * Makes a folder if it is not there, with its parents.
 *
 * @param what what it is for, for the message: output folder, log folder
 * @param option the command-line option that chooses another
 * @throws KnownError cannot_create_folder (create)
 */
export function ensureFolder(path: string, mode: number, what: string, option: string): void {
  const fail = (found: string, cause?: unknown) =>
    new KnownError('create', 'cannot_create_folder', `the ${what} ${path} cannot be used: ${found}`, {
      file: path,
      found,
      allowed: 'a folder that this user may write to',
      hint: `mend it, or choose another with ${option}`,
      cause,
    })
  try {
    mkdirSync(path, { recursive: true, mode })
  } catch (cause) {
    const code = errnoName(cause)
    if (code !== 'EEXIST')
      throw fail(code === 'ENOTDIR' ? 'a part of its path is a file' : String(code), cause)
  }
  if (!statSync(path).isDirectory()) throw fail('it is not a folder')
}
