import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { FileSink } from '../../lib/files/file-sink.ts'
import { asIoError, ensureFolder, fsyncFolder } from '../../lib/files/fs-safe.ts'
import { isProcessAlive } from '../../lib/process-alive.ts'
import { RUN_ID } from '../lock/run-id.ts'
import { readRaw } from './raw-file.ts'

/** Raw files hold what people did and where from: only their owner reads the archive. */
const ARCHIVE_MODE = 0o600
const FOLDER_MODE = 0o750
const CHUNK_BYTES = 1 << 20

/** A raw file and the archive that is to hold it. */
export interface ArchiveJob {
  /** The raw file; `.gz` is taken as it is. */
  readonly from: string
  /** Of the raw file's bytes, as the manifest has it. */
  readonly sha256: string
  readonly to: string
}

/**
 * `<archive>/<run-id>/<raw file>.gz`; a gzip'd one keeps its name. Slashes of a name are written as in URLs.
 *
 * @example archivePath('archive', RUN, 'shop/orders.csv') → 'archive/RUN/shop%2Forders.csv.gz'
 */
export function archivePath(archiveFolder: string, runId: string, rawFile: string): string {
  const name = rawFile.replaceAll('%', '%25').replaceAll('/', '%2F')
  return join(archiveFolder, runId, isGzip(name) ? name : `${name}.gz`)
}

function isGzip(path: string): boolean {
  return path.endsWith('.gz')
}

/**
 * Whether the archive is there already, as a kill before the removal of the raw file leaves it.
 *
 * @throws KnownError archive_differs (create) if something else has its name
 */
export async function isArchived(job: ArchiveJob): Promise<boolean> {
  const { to } = job
  try {
    const folder = lstatSync(dirname(to), { throwIfNoEntry: false })
    if (folder?.isSymbolicLink() === true) throw otherContent(dirname(to), 'a symbolic link')
    const status = lstatSync(to, { throwIfNoEntry: false })
    if (status === undefined) return false
    if (!status.isFile()) throw otherContent(to, 'not a regular file')
    if ((await archivedSha256(to, job)) === job.sha256) return true
  } catch (error) {
    // A file in the place of a folder is found when the folder is made.
    if (errnoName(error) === 'ENOTDIR') return false
    throw asIoError(error, to)
  }
  throw otherContent(to, 'of other content')
}

function otherContent(path: string, found: string): KnownError {
  return new KnownError('create', 'archive_differs', `${path} is there already, and is ${found}`, {
    file: path,
    found,
    allowed: 'no file, or the archive of the same raw file',
    hint: 'look at it and move it away, or choose another folder with --archive; nothing was changed',
  })
}

/** Makes the folder of the archive, and removes what killed runs left half-written there. */
export function prepareArchive(archiveFolder: string, runId: string): void {
  ensureFolder(join(archiveFolder, runId), FOLDER_MODE, 'archive folder', '--archive')
  try {
    for (const name of readdirSync(archiveFolder)) {
      const pid = Number(TEMPORARY.exec(name)?.[1] ?? Number.NaN)
      const isLeft = pid === process.pid || (pid > 0 && !isProcessAlive(pid))
      if (isLeft) rmSync(join(archiveFolder, name), { force: true })
    }
  } catch (error) {
    throw asIoError(error, archiveFolder)
  }
}

const TEMPORARY = new RegExp(`^\\.${RUN_ID}\\..+\\.gz\\.(\\d+)\\.tmp$`)

/** Beside the folders of the runs, so that one look finds what any killed run left. */
function temporaryPath(to: string): string {
  const folder = dirname(to)
  return join(dirname(folder), `.${basename(folder)}.${basename(to)}.${process.pid}.tmp`)
}

/**
 * Writes the archive of a raw file under another name, forces it to disk, reads it back, and only then
 * gives it its name.
 *
 * @returns false if what was read is not what the manifest speaks of; then there is no archive
 * @throws KnownError read_failed, write_failed (io); cannot_create, archive_differs (create)
 */
export async function writeArchive(job: ArchiveJob, signal: AbortSignal | undefined): Promise<boolean> {
  const { to } = job
  const temporary = temporaryPath(to)
  rmSync(temporary, { force: true })
  const sink = new FileSink(temporary, ARCHIVE_MODE)
  try {
    await pour(job, sink, signal)
    sink.finish()
    if ((await archivedSha256(temporary, job)) !== job.sha256) {
      rmSync(temporary)
      return false
    }
    if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) throw otherContent(to, 'new')
    renameSync(temporary, to)
    return true
  } catch (error) {
    sink.close()
    rmSync(temporary, { force: true })
    throw asIoError(error, to)
  }
}

async function pour({ from }: ArchiveJob, sink: FileSink, signal: AbortSignal | undefined): Promise<void> {
  const write = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) sink.write(chunk)
  }
  const chunks = readRaw(from, signal)
  if (isGzip(from)) await write(chunks)
  else await pipeline(chunks, createGzip({ chunkSize: CHUNK_BYTES }), write)
}

/** The sha256 of the raw file that an archive holds; undefined if it holds none. */
async function archivedSha256(path: string, { from }: ArchiveJob): Promise<string | undefined> {
  const hash = createHash('sha256')
  const take = async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) hash.update(chunk)
  }
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  try {
    if (isGzip(from)) await pipeline(bytes, take)
    else await pipeline(bytes, createGunzip({ chunkSize: CHUNK_BYTES }), take)
  } catch (error) {
    if (errnoName(error)?.startsWith('Z_') === true) return undefined
    throw error
  }
  return hash.digest('hex')
}

/**
 * Makes sure that an archive outlives a power cut, before its raw file goes. Folders above it may have
 * been made by this run, or by one that was killed; those closed to this user were not.
 */
export function forceToDisk(archive: string): void {
  const runFolder = dirname(archive)
  const archiveFolder = dirname(runFolder)
  fsyncFolder(runFolder)
  fsyncFolder(archiveFolder)
  for (let folder = dirname(archiveFolder); ; folder = dirname(folder)) {
    try {
      fsyncFolder(folder)
    } catch (error) {
      if (errnoName(error) === 'EIO') throw error
    }
    if (folder === dirname(folder)) return
  }
}
