import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { KnownError } from '../../lib/errors.ts'
import { readHint } from '../../lib/files/open-fault.ts'

export const CHUNK_BYTES = 1 << 20

/** An input file that has been opened and is known to be a regular file. */
export interface InputFile {
  /** Relative to the input folder, with slashes. */
  readonly name: string
  readonly path: string
  readonly handle: FileHandle
  readonly isGzip: boolean
  /** Bytes on disk (compressed, if it is gzip'd). */
  readonly bytes: number
  readonly modified: number
  readonly inode: number
}

/**
 * Opens those of some files that are there, in their order. Opening never waits on a FIFO.
 *
 * @param names relative to the folder; those that end in `.gz` are unzipped
 * @throws KnownError both_forms (data), not_regular_file or unreadable_file (input)
 */
export async function openInputs(
  folder: string,
  names: readonly string[],
  table: string,
): Promise<InputFile[]> {
  const opened: InputFile[] = []
  try {
    for (const name of names) {
      const input = await openPath(folder, name, table)
      if (input !== undefined) opened.push(input)
    }
    const twin = opened.find(({ name }) => opened.some((other) => other.name === `${name}.gz`))
    if (twin !== undefined) {
      throw new KnownError('data', 'both_forms', `both ${twin.path} and ${twin.path}.gz are there`, {
        table,
        file: twin.path,
        found: `${twin.name} and ${twin.name}.gz`,
        allowed: 'one of the two',
        hint: 'remove the one that is out of date',
      })
    }
    return opened
  } catch (error) {
    await Promise.all(opened.map(({ handle }) => handle.close()))
    throw error
  }
}

async function openPath(folder: string, name: string, table: string): Promise<InputFile | undefined> {
  const path = join(folder, name)
  const isGzip = name.endsWith('.gz')
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && !(await isDanglingLink(path))) return undefined
    // A socket or a device without a driver cannot even be opened.
    if (code === 'ENXIO' || code === 'EISDIR') throw notRegular(path, table, 'not a regular file')
    throw new KnownError('input', 'unreadable_file', `${path} cannot be opened (${code})`, {
      table,
      file: path,
      found: code ?? String(error),
      allowed: 'a file that this user may read',
      hint: readHint(path, code),
      cause: error,
    })
  }
  const status = await handle.stat()
  if (!status.isFile()) {
    await handle.close()
    throw notRegular(path, table, status.isDirectory() ? 'a folder' : 'not a regular file')
  }
  return { name, path, handle, isGzip, bytes: status.size, modified: status.mtimeMs, inode: status.ino }
}

async function isDanglingLink(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function notRegular(path: string, table: string, found: string): KnownError {
  return new KnownError('input', 'not_regular_file', `${path} is ${found}`, {
    table,
    file: path,
    found,
    allowed: 'a regular file, plain or gzip',
    hint: `replace ${path} by a CSV file`,
  })
}

/**
 * The bytes of the file from its start, unzipped if need be; a chunk is only valid until the next is asked
 * for. At the end it checks that just the bytes
 * that were there when it was opened have been read, and that nobody changed or replaced it meanwhile.
 *
 * @param onBytes told of the bytes of disk read so far
 * @param hash given the bytes of disk
 * @throws KnownError gzip_broken (data), read_failed (io), input_changed (retry)
 */
export async function* readChunks(
  input: InputFile,
  table: string,
  onBytes: (bytes: number) => void = () => {},
  hash?: DiskHash,
): AsyncGenerator<Uint8Array> {
  if (!input.isGzip) {
    yield* readDisk(input, table, onBytes, hash)
    return
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  let failure: unknown
  const source = Readable.from(copies(readDisk(input, table, onBytes, hash)), { objectMode: false })
  pipeline(source, gunzip, (error) => {
    failure = error ?? undefined
  })
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array
  } catch (error) {
    const cause = failure ?? error
    if (cause instanceof KnownError) throw cause
    throw brokenGzip(input, table, (cause as Error).message, cause)
  }
  if (input.bytes === 0) throw brokenGzip(input, table, 'it is empty', undefined)
  await checkPadding(input, table, gunzip.bytesWritten)
}

/** For a reader that may still hold a chunk when it asks for the next. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

/** Zeros may follow the last gzip member, as tapes leave them; anything else would be rows lost. */
async function checkPadding(input: InputFile, table: string, from: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = from; at < input.bytes; ) {
    const { bytesRead } = await input.handle.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    if (buffer.subarray(0, bytesRead).some((byte) => byte !== 0)) {
      throw brokenGzip(input, table, 'bytes follow the last gzip member', undefined)
    }
    at += bytesRead
  }
}

function brokenGzip(input: InputFile, table: string, why: string, cause: unknown): KnownError {
  return new KnownError('data', 'gzip_broken', `${input.path} is not a whole gzip file: ${why}`, {
    table,
    file: input.path,
    found: why,
    allowed: 'one or more whole gzip members',
    hint: `test it with: gzip -t ${input.path}, then fetch it again`,
    cause,
  })
}

/** Reads what follows byte `at` of the disk. @returns how many bytes were read @throws KnownError read_failed (io) */
export async function readAt(input: InputFile, table: string, buffer: Buffer, at: number): Promise<number> {
  try {
    return (await input.handle.read(buffer, 0, buffer.length, at)).bytesRead
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new KnownError('io', 'read_failed', `${input.path} cannot be read after byte ${at} (${code})`, {
      table,
      file: input.path,
      hint: 'check the disk or share that holds it, then run again',
      cause,
    })
  }
}

/** The bytes on disk, chunk by chunk; each is only valid until the next is asked for. */
async function* readDisk(
  input: InputFile,
  table: string,
  onBytes: (bytes: number) => void,
  hash: DiskHash | undefined,
): AsyncGenerator<Uint8Array> {
  let at = 0
  // One byte more than should be left: a file that has grown gives itself away.
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, input.bytes + 1)))
  const ask = (turn: number) =>
    readAt(input, table, buffers[turn % 2]!, at).catch((error: unknown) => ({ error }))
  let next = ask(0)
  try {
    for (let turn = 1; ; turn++) {
      const bytesRead = await next
      if (typeof bytesRead !== 'number') throw bytesRead.error
      if (bytesRead === 0) break
      const chunk = buffers[(turn - 1) % 2]!.subarray(0, bytesRead)
      at += bytesRead
      if (at > input.bytes) throw inputChanged(input, table, at)
      // The next chunk is read while this one is worked on.
      next = ask(turn)
      onBytes(at)
      hash?.take(chunk)
      yield chunk
    }
  } finally {
    // Nobody closes the file while it is read.
    await next
  }
  await checkWhole(input, table, at)
}

/** The sha256 of a file's bytes on disk, taken while it is read. */
export class DiskHash {
  readonly #hash = createHash('sha256')
  #bytes = 0

  take(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    this.#bytes += chunk.length
  }

  /**
   * In hex, once the file has been read.
   *
   * @throws KnownError read_failed (io), input_changed (retry)
   */
  async finish(input: InputFile, table: string): Promise<string> {
    if (this.#bytes === input.bytes) return this.#hash.digest('hex')
    // Unzipping may end with the last gzip member, before zeros that follow it.
    const whole = new DiskHash()
    for await (const chunk of readDisk(input, table, () => {}, undefined)) whole.take(chunk)
    return whole.#hash.digest('hex')
  }
}

/**
 * Makes sure that nobody has changed or replaced a file since it was opened.
 *
 * @throws KnownError input_changed (retry)
 */
export async function checkUnchanged(input: InputFile, table: string): Promise<void> {
  const open = await input.handle.stat()
  const named = await stat(input.path).catch(() => undefined)
  const isSame = open.size === input.bytes && open.mtimeMs === input.modified && named?.ino === input.inode
  if (!isSame) throw inputChanged(input, table, open.size)
}

/**
 * Makes sure that just the bytes that were there when a file was opened have been read.
 *
 * @param read how many were
 * @throws KnownError input_changed (retry), read_failed (io)
 */
export async function checkWhole(input: InputFile, table: string, read: number): Promise<void> {
  await checkUnchanged(input, table)
  // A file system may tell of a change late; the bytes cannot.
  if (read !== input.bytes) throw inputChanged(input, table, read)
  const beyond = await readAt(input, table, Buffer.allocUnsafe(1), input.bytes)
  if (beyond > 0) throw inputChanged(input, table, read + beyond)
}

function inputChanged(input: Pick<InputFile, 'path' | 'bytes'>, table: string, found: number): KnownError {
  return new KnownError('retry', 'input_changed', `${input.path} changed while it was read`, {
    table,
    file: input.path,
    found: `${input.bytes} bytes when opened, ${found} bytes now`,
    allowed: 'a file that nobody writes to during the run',
    hint: 'run again once the export has finished; let exports write to another name and rename',
  })
}
