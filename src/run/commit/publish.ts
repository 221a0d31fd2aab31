import { createHash } from 'node:crypto'
import {
  closeSync,
  lstatSync,
  mkdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import * as z from 'zod'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { asIoError, fsyncFolder, replaceFile } from '../../lib/files/fs-safe.ts'
import { openRegular, readRegular } from '../../lib/files/regular-file.ts'
import { isRunId } from '../lock/run-id.ts'
import {
  cannotPublish,
  historyFolder,
  journalPath,
  publishedPath,
  removeLeftovers,
  stagingFolder,
} from '../lock/work-folder.ts'
import { LOG_MODE } from '../logs/run-files.ts'
import { checkTargets } from './preflight.ts'

const JOURNAL_VERSION = 1

/** One file that is put in place by renaming. */
const moveSchema = z.object({
  /** Names in the staging and in the output folder. */
  name: z
    .string()
    .regex(
      /^(?:[A-Za-z0-9_-]+\.csv|manifest\.json|history\/(?:state\.json|(?:days|whole)-[0-9A-Za-z-]+\.bin))$/,
    ),
  bytes: z.number(),
  sha256: z.string(),
})
export type StagedFile = z.infer<typeof moveSchema>

/**
 * What is still to be done once a run has been committed: a redo journal. It exists from the commit until
 * the last rename, and whoever finds it carries it out.
 */
const journalSchema = z
  .object({
    schema_version: z.literal(JOURNAL_VERSION),
    run_id: z.string().refine(isRunId),
    /** In the order of renaming; the manifest is the last. */
    files: z.array(moveSchema),
    /** The run record, complete but for its name. */
    record: z.object({ from: z.string().refine(isAbsolute), to: z.string().refine(isAbsolute) }),
    /** The output folder that it was made for, which may have been copied since; older journals lack it. */
    made_for: z.object({ path: z.string(), dev: z.string(), ino: z.string() }).optional(),
  })
  // A planted journal must not move anything but a record of ours.
  .refine(
    ({ run_id, record }) => basename(record.to) === `${run_id}.json` && record.from === `${record.to}.next`,
  )
type Journal = z.infer<typeof journalSchema>

export interface PublishOptions {
  readonly outputFolder: string
  readonly runId: string
  /** Files in the staging folder, forced to disk; the manifest last. */
  readonly files: readonly StagedFile[]
  /** The complete run record, forced to disk under another name, and the name it shall have. */
  readonly record: { readonly from: string; readonly to: string }
  /** The same record, should somebody have removed it by the time it is to get its name. */
  readonly text: string
}

/**
 * Puts a staged set in place so that at any moment, also after a crash, the old set or the new one is
 * whole, or the journal says how to make it so. Seven renames are not one: the journal is the commit.
 *
 * @returns once the new set is visible and its record is in place
 * @throws KnownError before the commit only; after it what went wrong is left to the next start
 */
export function publish(options: PublishOptions): void {
  const { outputFolder, runId, files, record, text } = options
  const staging = stagingFolder(outputFolder, runId)
  let journal: Journal
  try {
    for (const file of files) {
      if (hasSize(join(staging, file.name), file)) continue
      throw new KnownError(
        'io',
        'short_file',
        `${file.name} does not have the ${file.bytes} bytes that were written`,
        {
          file: join(staging, file.name),
          hint: 'check the disk, then run again: the old results are still there',
        },
      )
    }
    fsyncFolder(staging)
    if (files.some(isOfHistory)) fsyncFolder(join(staging, 'history'))
    checkTargets(
      outputFolder,
      files.map(({ name }) => name),
    )
    journal = {
      schema_version: JOURNAL_VERSION,
      run_id: runId,
      files: [...files],
      record,
      made_for: identityOf(outputFolder),
    }
    replaceFile(journalPath(outputFolder), `${JSON.stringify(journal)}\n`, 0o644)
  } catch (error) {
    takeBack(outputFolder, error)
    throw asIoError(error, outputFolder)
  }
  rollForward(outputFolder, journal, text)
}

function identityOf(folder: string): NonNullable<Journal['made_for']> {
  const { dev, ino } = statSync(folder, { bigint: true })
  return { path: realpathSync(folder), dev: String(dev), ino: String(ino) }
}

/**
 * Whether a journal was made for this folder and not for one that this is a copy of. One that was moved keeps
 * its number, and one that is mounted anew, perhaps as another device, keeps its path.
 */
function isMadeFor(outputFolder: string, { made_for }: Journal): boolean {
  if (made_for === undefined) return true
  const { path, dev, ino } = identityOf(outputFolder)
  return path === made_for.path || (dev === made_for.dev && ino === made_for.ino)
}

/** A journal that was put in place, but perhaps not on disk, must not speak of what is then removed. */
function takeBack(outputFolder: string, cause: unknown): void {
  try {
    rmSync(journalPath(outputFolder), { force: true })
  } catch {
    throw cutShort(outputFolder, cause)
  }
}

/** What a start found of a run that was killed. */
export interface Recovery {
  /** The run whose publish was completed, if one had been committed. */
  readonly completed: string | undefined
  /** Files that the journal promised and that are not there; somebody removed or changed them. */
  readonly lost: readonly string[]
  /** Why the record of that run was not put in place; undefined if it was. */
  readonly withoutRecord: string | undefined
  readonly removed: readonly string[]
}

/** Completes a publish that was cut short after its commit, and removes what is left of one cut short before. */
export function recover(outputFolder: string): Recovery {
  const path = journalPath(outputFolder)
  const journal = readJournal(path)
  const { lost, withoutRecord } =
    journal === undefined ? NOTHING_DONE : rollForward(outputFolder, journal, undefined)
  try {
    if (journal === undefined) rmSync(path, { force: true, recursive: true })
    return { completed: journal?.run_id, lost, withoutRecord, removed: removeLeftovers(outputFolder) }
  } catch (error) {
    throw cannotPublish(outputFolder, `leftovers in it cannot be removed (${errnoName(error)})`, error)
  }
}

const NOTHING_DONE: Rolled = { lost: [], withoutRecord: undefined }

/** Whether a start would have something to recover. */
export function hasJournal(outputFolder: string): boolean {
  return isFile(journalPath(outputFolder))
}

/** The journal, if there is one; a journal is renamed into place whole, so one that is not ours counts as none. */
function readJournal(path: string): Journal | undefined {
  if (!isFile(path)) return undefined
  try {
    return journalSchema.parse(JSON.parse(readRegular(path).toString('utf8')))
  } catch {
    return undefined
  }
}

type Rolled = Pick<Recovery, 'lost' | 'withoutRecord'>

/**
 * Carries out a journal; doing so twice is the same as once.
 *
 * @param text the record, if it is known; else one that is gone stays so
 */
function rollForward(outputFolder: string, journal: Journal, text: string | undefined): Rolled {
  const staging = stagingFolder(outputFolder, journal.run_id)
  const lost: string[] = []
  let withoutRecord: string | undefined
  try {
    for (const file of journal.files) {
      const from = join(staging, file.name)
      const to = publishedPath(outputFolder, file.name)
      // What is staged was forced to disk before the commit; only what is not there any more needs a look.
      if (hasSize(from, file)) renameSync(from, to)
      else if (!hasSize(to, file) || fileSha256(to) !== file.sha256) lost.push(file.name)
      // The manifest comes last and must not reach the disk before what it speaks of.
      if (file !== journal.files.at(-2)) continue
      if (journal.files.some(isOfHistory)) fsyncFolder(historyFolder(outputFolder))
      fsyncFolder(outputFolder)
    }
    fsyncFolder(outputFolder)
    withoutRecord = isMadeFor(outputFolder, journal)
      ? nameRecord(journal.record, text)
      : 'this folder is a copy of the one that it was published in'
  } catch (error) {
    throw cutShort(outputFolder, error)
  }
  try {
    if (withoutRecord === undefined) fsyncFolder(dirname(journal.record.to))
    rmSync(staging, { recursive: true, force: true })
    rmSync(journalPath(outputFolder), { force: true })
    fsyncFolder(dirname(staging))
  } catch {
    // The new set is visible and recorded. While the journal stands, the next start does all this again.
  }
  return { lost, withoutRecord }
}

/** Gives the complete record its name. @returns why that is not possible any more */
function nameRecord({ from, to }: Journal['record'], text: string | undefined): string | undefined {
  if (isFile(from)) renameSync(from, to)
  else if (text !== undefined) {
    mkdirSync(dirname(to), { recursive: true, mode: 0o750 })
    replaceFile(to, text, LOG_MODE)
  } else if (!isFile(to)) return `${to} is gone`
  return undefined
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function isOfHistory({ name }: StagedFile): boolean {
  return name.startsWith('history/')
}

function cutShort(outputFolder: string, cause: unknown): KnownError {
  const { path = outputFolder, dest } = cause as NodeJS.ErrnoException & { dest?: string }
  const found = cause instanceof KnownError ? cause.message : `${dest ?? path} (${errnoName(cause)})`
  const message = `the new results are complete but could not all be put in place in ${outputFolder}: ${found}`
  return new KnownError('io', 'publish_cut_short', message, {
    file: outputFolder,
    hint: 'mend the disk or the permissions of that folder; the next ecomagg process or verify completes it',
    cause,
  })
}

function hasSize(path: string, { bytes }: StagedFile): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false })
  return status?.isFile() === true && status.size === bytes
}

const CHUNK = 1 << 20

/** The sha256 of a file's bytes, in hex. */
export function fileSha256(path: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK)
  const fd = openRegular(path)
  try {
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer))
      hash.update(buffer.subarray(0, read))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
