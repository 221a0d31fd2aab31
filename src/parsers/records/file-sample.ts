import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { readHint } from '../../lib/files/open-fault.ts'

/** Some bytes of a file, few whatever its size. */
export interface FileSample {
  /** Bytes on disk (compressed, if it is gzip'd). */
  readonly bytes: number
  /** Whether it is gzip'd, by its first bytes; the sample is unzipped then, and from its beginning alone. */
  readonly isGzip: boolean
  /** From the beginning. */
  readonly head: Uint8Array
  /** From the middle and the end; each may begin and end anywhere within a record. */
  readonly parts: readonly Uint8Array[]
  /** Whether the head is the whole file. */
  readonly isWhole: boolean
}

/** How many bytes are looked at. */
export interface SampleSize {
  readonly head: number
  /** In the middle and at the end; 0 looks at the beginning alone. */
  readonly part: number
}

export const USUAL_SAMPLE: SampleSize = { head: 256 * 1024, part: 128 * 1024 }

/** Parts start at multiples of this, so that none starts within a unit of UTF-16. */
const ALIGNMENT = 4

/**
 * Looks at a file without reading all of it. Opening never waits on a FIFO.
 *
 * @throws KnownError missing_file, not_regular_file or unreadable_file (input), gzip_broken (data), read_failed (io)
 */
export async function sampleFile(path: string, { head, part }: SampleSize): Promise<FileSample> {
  const handle = await opened(path)
  try {
    const { size } = await handle.stat()
    const read = (at: number, length: number) => bytesAt(handle, path, at, Math.min(length, size - at))
    const start = await read(0, head)
    if (start[0] === 0x1f && start[1] === 0x8b) {
      const unzipped = await unzippedHead(handle, path, head)
      return { bytes: size, isGzip: true, parts: [], ...unzipped }
    }
    const places = part === 0 ? [] : [Math.floor(size / 2), size - part].map(aligned)
    const parts: Uint8Array[] = []
    let known = start.length
    for (const place of places) {
      const from = Math.max(known, place)
      if (from >= size) continue
      const bytes = await read(from, part)
      known = from + bytes.length
      parts.push(bytes)
    }
    return { bytes: size, isGzip: false, head: start, parts, isWhole: start.length >= size }
  } finally {
    await handle.close()
  }
}

function aligned(place: number): number {
  return Math.max(0, place - (place % ALIGNMENT))
}

async function opened(path: string): Promise<FileHandle> {
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    const code = errnoName(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new KnownError('input', 'missing_file', `${path} is missing`, {
        file: path,
        found: 'no such file',
        allowed: 'a file that is there',
        hint: 'mend its name',
      })
    if (code === 'ENXIO' || code === 'EISDIR') throw notRegular(path, 'not a regular file')
    throw new KnownError('input', 'unreadable_file', `${path} cannot be opened (${code})`, {
      file: path,
      found: code ?? String(cause),
      allowed: 'a file that this user may read',
      hint: readHint(path, code),
      cause,
    })
  }
  const status = await handle.stat()
  if (status.isFile()) return handle
  await handle.close()
  throw notRegular(path, status.isDirectory() ? 'a folder' : 'not a regular file')
}

function notRegular(path: string, found: string): KnownError {
  return new KnownError('input', 'not_regular_file', `${path} is ${found}`, {
    file: path,
    found,
    allowed: 'a regular file, plain or gzip',
    hint: found === 'a folder' ? `name the files in it: ${path}/*` : 'name a CSV file',
  })
}

async function bytesAt(handle: FileHandle, path: string, at: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(Math.max(0, length))
  let filled = 0
  try {
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, at + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
  } catch (cause) {
    throw new KnownError(
      'io',
      'read_failed',
      `${path} cannot be read after byte ${at} (${errnoName(cause)})`,
      {
        file: path,
        hint: 'check the disk or share that holds it, then run again',
        cause,
      },
    )
  }
  return buffer.subarray(0, filled)
}

/** Unzips no more than it needs: a small file may hold far too much. */
async function unzippedHead(
  handle: FileHandle,
  path: string,
  limit: number,
): Promise<Pick<FileSample, 'head' | 'isWhole'>> {
  const gunzip = createGunzip()
  pipeline(handle.createReadStream({ start: 0, autoClose: false }), gunzip, () => {})
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of gunzip) {
      chunks.push(chunk as Uint8Array)
      length += (chunk as Uint8Array).length
      if (length > limit) break
    }
  } catch (cause) {
    throw new KnownError(
      'data',
      'gzip_broken',
      `${path} is not a whole gzip file: ${(cause as Error).message}`,
      {
        file: path,
        found: (cause as Error).message,
        allowed: 'one or more whole gzip members',
        hint: `test it with: gzip -t ${path}, then fetch it again`,
        cause,
      },
    )
  }
  return { head: Buffer.concat(chunks).subarray(0, limit), isWhole: length <= limit }
}
