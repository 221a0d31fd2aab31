import { createHash } from 'node:crypto'
import { constants, lstatSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { allRawTables } from '../../raw/index.ts'

const CHUNK_BYTES = 1 << 20

/** A file with the name of a raw table, as it was found. */
export interface RawFile {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modified: number
  /** Why it is none that a run would have read by itself; undefined for a regular file. */
  readonly fault: string | undefined
  /** Changes with every write, replacement, and change of times. */
  readonly identity: string
}

/**
 * The files of the raw tables in a folder, in the order in which they are reported.
 *
 * @param read names of files that a run has read, relative to the folder
 */
export function rawFiles(folder: string, read: readonly string[]): RawFile[] {
  const usual = Object.keys(allRawTables).flatMap((table) => [`${table}.csv`, `${table}.csv.gz`])
  return [...new Set([...usual, ...read])].flatMap((name) => rawFile(folder, name) ?? [])
}

function rawFile(folder: string, name: string): RawFile | undefined {
  const path = join(folder, name)
  const status = lstatSync(path, { throwIfNoEntry: false, bigint: true })
  if (status === undefined) return undefined
  const { dev, ino, size, mtimeNs, ctimeNs } = status
  const fault = status.isSymbolicLink()
    ? 'it is a symbolic link, and links are never followed'
    : 'it is not a regular file'
  return {
    name,
    path,
    bytes: Number(size),
    modified: Number(status.mtimeMs),
    fault: status.isFile() ? undefined : fault,
    identity: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
  }
}

/** Whether a file is no longer the one that was found. */
export function hasChanged({ path, identity }: RawFile): boolean {
  const { dev, ino, size, mtimeNs, ctimeNs } = lstatSync(path, { throwIfNoEntry: false, bigint: true }) ?? {}
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ') !== identity
}

/**
 * The bytes of a raw file, never through a symbolic link.
 *
 * @throws KnownError read_failed (io); why it was interrupted
 */
export async function* readRaw(path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
    for (;;) {
      signal?.throwIfAborted()
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(CHUNK_BYTES), 0, CHUNK_BYTES)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } catch (error) {
    const code = errnoName(error)
    if (error instanceof KnownError || code === undefined) throw error
    throw new KnownError('io', 'read_failed', `${path} cannot be read (${code})`, {
      file: path,
      hint: 'check the permissions of the file and the disk that holds it, then run again',
      cause: error,
    })
  } finally {
    await handle?.close()
  }
}

/** The sha256 of a raw file's bytes, in hex. */
export async function rawSha256(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of readRaw(path, signal)) hash.update(chunk)
  return hash.digest('hex')
}
