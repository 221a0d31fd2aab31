import { statSync, unlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { asIoError, fsyncFolder } from '../../lib/files/fs-safe.ts'
import type { Manifest, ManifestInput } from '../commit/manifest.ts'
import { completeCutShort, faultOfSet, readManifest, requireOutput } from '../commit/published-set.ts'
import { takeLock } from '../lock/lock.ts'
import {
  type ArchiveJob,
  archivePath,
  forceToDisk,
  isArchived,
  prepareArchive,
  writeArchive,
} from './raw-archive.ts'
import { hasChanged, type RawFile, rawFiles, rawSha256 } from './raw-file.ts'

export interface PruneOptions {
  readonly inputFolder: string
  readonly outputFolder: string
  /** Undefined to delete instead. */
  readonly archiveFolder: string | undefined
  readonly olderThanSeconds: number
  readonly dryRun: boolean
  readonly now: Date
  readonly signal: AbortSignal | undefined
}

export type PruneAction = 'archived' | 'deleted' | 'would archive' | 'would delete' | 'kept'

/** What became of one raw file. */
export interface PrunedFile {
  readonly file: string
  readonly bytes: number
  readonly age_seconds: number
  readonly action: PruneAction
  /** Why it was kept. */
  readonly reason: string | null
  readonly archive: string | null
}

export interface PruneResult {
  /** The run that aggregated what was pruned. */
  readonly run_id: string
  readonly files: readonly PrunedFile[]
  readonly notices: readonly string[]
  /** What stopped it half-way; what it had done until then stands in `files`. */
  readonly error: unknown
}

/** A raw file with the judgement on it. */
interface Judged {
  readonly raw: RawFile
  readonly age: number
  /** Why it stays; undefined if it may go. */
  readonly reason: string | undefined
  /** Undefined if it is not to be archived. */
  readonly job: ArchiveJob | undefined
  readonly isDone: boolean
}

/**
 * Archives or deletes those raw files of which the manifest of the published set proves that they were
 * aggregated, whole and as they are now. Whatever is not proven stays.
 *
 * @throws KnownError, with nothing changed: no_output, missing_folder (input); no_manifest,
 *   manifest_damaged, set_not_whole (data); locked (retry); archive_differs (create); read_failed (io)
 */
export async function pruneRaw(options: PruneOptions): Promise<PruneResult> {
  const { inputFolder, outputFolder, now } = options
  requireOutput(outputFolder)
  requireInput(inputFolder)
  const holder = { pid: process.pid, host: hostname(), run_id: 'prune', started_at: now.toISOString() }
  const lock = await takeLock(outputFolder, holder)
  try {
    const notices = completeCutShort(outputFolder)
    const manifest = readManifest(outputFolder)
    const fault = faultOfSet(outputFolder, manifest)
    if (fault !== undefined) throw fault
    const judged: Judged[] = []
    const read = (manifest.inputs ?? []).flatMap(({ files }) => files.map(({ file }) => file))
    for (const raw of rawFiles(inputFolder, read)) judged.push(await judge(raw, manifest, options))
    return { run_id: manifest.run_id, notices, ...(await carryOut(judged, manifest.run_id, options)) }
  } finally {
    lock.release()
  }
}

function requireInput(folder: string): void {
  const status = statSync(folder, { throwIfNoEntry: false })
  if (status?.isDirectory() === true) return
  const found = status === undefined ? 'no such folder' : 'not a folder'
  throw new KnownError('input', 'missing_folder', `the input folder ${folder} cannot be used: ${found}`, {
    file: folder,
    found,
    allowed: 'the folder with the raw CSVs that were aggregated',
    hint: 'choose it with --input',
  })
}

async function judge(raw: RawFile, manifest: Manifest, options: PruneOptions): Promise<Judged> {
  const { archiveFolder, now, signal } = options
  const age = Math.max(0, Math.floor((now.getTime() - raw.modified) / 1000))
  const kept = (reason: string): Judged => ({ raw, age, reason, job: undefined, isDone: false })
  if (raw.fault !== undefined) return kept(raw.fault)
  if (age < options.olderThanSeconds) return kept('not old enough')
  const proof = proofOf(raw, manifest, options.inputFolder)
  if (typeof proof === 'string') return kept(proof)
  const reason = archiveFolder === undefined ? lossOf(proof.inputs, manifest) : undefined
  if (reason !== undefined) return kept(reason)
  const sha256 = await rawSha256(raw.path, signal)
  if (sha256 !== proof.sha256) return kept(otherContent(manifest))
  if (hasChanged(raw)) return kept(CHANGED)
  if (archiveFolder === undefined) return { raw, age, reason, job: undefined, isDone: false }
  const job = { from: raw.path, sha256, to: archivePath(archiveFolder, manifest.run_id, raw.name) }
  return { raw, age, reason, job, isDone: await isArchived(job) }
}

const CHANGED = 'it changed just now'

/** What a manifest says of a file that was read whole. */
interface Proof {
  readonly sha256: string
  /** The tables that were read from it. */
  readonly inputs: readonly ManifestInput[]
}

/** What the manifest says of a raw file, or why that proves nothing. */
function proofOf(raw: RawFile, manifest: Manifest, inputFolder: string): Proof | string {
  const run = `run ${manifest.run_id}`
  if (manifest.inputs === undefined || manifest.input_folder === undefined) {
    return `${run}, of an older version, did not note what it read: run ecomagg process again`
  }
  if (manifest.input_folder !== inputFolder) return `${run} read another folder, ${manifest.input_folder}`
  const inputs = manifest.inputs.filter(({ files }) => files.some(({ file }) => file === raw.name))
  const read = inputs[0]?.files.find(({ file }) => file === raw.name)
  if (read === undefined) return `${run} did not read it`
  const isRange = inputs.some(({ accounting }) => accounting.outside_range > 0)
  if (manifest.since !== null || manifest.until !== null || isRange) {
    return `${run} read only a range of dates of it`
  }
  return read.bytes === raw.bytes ? { sha256: read.sha256, inputs } : otherContent(manifest)
}

function otherContent({ run_id }: Manifest): string {
  return `it is not the file that run ${run_id} read: run ecomagg process first`
}

/**
 * Why deleting a file would lose rows that are nowhere else; undefined if it would not. Of a table of several files
 * nobody knows in which the rows are.
 */
function lossOf(inputs: readonly ManifestInput[], { rules }: Manifest): string | undefined {
  const lost = inputs.reduce((sum, { table, accounting }) => {
    const { rejected, conflicting, filtered, duplicate } = accounting
    const { keep } = (rules.rawTables as Record<string, { keep?: string }> | undefined)?.[table] ?? {}
    // Those before the last may hold anything.
    return sum + rejected + filtered + (keep === 'last' ? duplicate : conflicting)
  }, 0)
  if (lost === 0) return undefined
  return `${lost} of its rows were rejected, conflicting, filtered or written again and are nowhere else: archive it instead`
}

async function carryOut(
  judged: readonly Judged[],
  runId: string,
  options: PruneOptions,
): Promise<Pick<PruneResult, 'files' | 'error'>> {
  const { archiveFolder, dryRun, signal } = options
  const qualified = judged.filter(({ reason }) => reason === undefined)
  if (archiveFolder !== undefined && qualified.length > 0 && !dryRun) prepareArchive(archiveFolder, runId)
  const done = archiveFolder === undefined ? 'deleted' : 'archived'
  const would = archiveFolder === undefined ? 'would delete' : 'would archive'
  const files: PrunedFile[] = []
  let error: unknown
  for (const { raw, age, reason, job, isDone } of judged) {
    let why = reason
    if (why === undefined && !dryRun && error === undefined) {
      try {
        signal?.throwIfAborted()
        why = await removeRaw(raw, isDone ? undefined : job, job?.to, signal)
      } catch (thrown) {
        error = asIoError(thrown, raw.path)
        why = 'it could not be done, see the error'
      }
    } else if (why === undefined && error !== undefined) why = 'not reached after the error'
    files.push({
      file: raw.path,
      bytes: raw.bytes,
      age_seconds: age,
      action: why !== undefined ? 'kept' : dryRun ? would : done,
      reason: why ?? null,
      archive: why === undefined ? (job?.to ?? null) : null,
    })
  }
  return { files, error }
}

/**
 * Removes a raw file, after its archive has been written.
 *
 * @param job the archive that is still to be written
 * @param archive the archive that must be on disk before
 * @returns why it was kept all the same
 */
async function removeRaw(
  raw: RawFile,
  job: ArchiveJob | undefined,
  archive: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (hasChanged(raw)) return CHANGED
  if (job !== undefined && !(await writeArchive(job, signal))) {
    if (hasChanged(raw)) return CHANGED
    throw new KnownError('io', 'archive_unreadable', `the archive of ${raw.path} cannot be read back`, {
      file: raw.path,
      hint: `check the disk that holds ${dirname(job.to)}; the raw file is still there`,
    })
  }
  if (archive !== undefined) forceToDisk(archive)
  if (hasChanged(raw)) return CHANGED
  try {
    unlinkSync(raw.path)
  } catch (cause) {
    const code = errnoName(cause)
    throw new KnownError('io', 'not_removed', `${raw.path} cannot be removed (${code})`, {
      file: raw.path,
      hint: 'check who may write to its folder, then run again',
      cause,
    })
  }
  try {
    fsyncFolder(dirname(raw.path))
  } catch {
    // After a power cut the file may be back; the next start then removes it again.
  }
  return undefined
}
