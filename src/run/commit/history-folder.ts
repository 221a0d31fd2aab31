import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { HistoryDamage } from '../../history/format/damage.ts'
import { HISTORY_VERSION, type HistoryState, stateSchema, stateVersionSchema } from '../../history/state.ts'
import { readingHistory } from '../../history/store.ts'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { readRegular } from '../../lib/files/regular-file.ts'
import { cannotPublish, historyFolder } from '../lock/work-folder.ts'
import { MANIFEST_NAME, publishedManifest, readableManifest } from './manifest.ts'

const PIECES = /^(?:days|whole)-[0-9A-Za-z-]+\.bin$/

/**
 * What is kept for the set that is published; undefined if there is no set, or one without a history.
 *
 * @throws KnownError history_damaged (data) if its state is not the one that belongs to the set, or no
 *   manifest says to which set it belongs; manifest_damaged, history_version (data)
 */
export async function readState(outputFolder: string): Promise<HistoryState | undefined> {
  const manifest = publishedManifest(outputFolder)
  const folder = historyFolder(outputFolder)
  return readingHistory(folder, () => {
    if (manifest === undefined && hasState(outputFolder))
      throw new HistoryDamage(`${MANIFEST_NAME}, which says what was published with it, is missing or`)
    if (manifest?.history === undefined) return undefined
    const bytes = readRegular(statePath(outputFolder))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (sha256 !== manifest.history.sha256) throw new HistoryDamage('state.json')
    return parseState(outputFolder, bytes)
  })
}

function parseState(outputFolder: string, bytes: Buffer): HistoryState {
  const content: unknown = JSON.parse(bytes.toString('utf8'))
  const state = stateSchema.safeParse(content)
  if (state.success) return state.data
  // Whole, so it is of a version that knows other fields.
  const other = stateVersionSchema.safeParse(content)
  throw otherVersion(
    outputFolder,
    other.success
      ? `version ${other.data.history_version} of the history, by ecomagg ${other.data.version}`
      : 'another version of the history',
  )
}

/** Whether a history lies beside the tables, whatever is in it. */
export function hasState(outputFolder: string): boolean {
  return lstatSync(statePath(outputFolder), { throwIfNoEntry: false }) !== undefined
}

/** The dates that a state names, also where nothing says to which set it belongs; none if it cannot be read. */
export function keptDates(outputFolder: string): string[] {
  try {
    return parseState(outputFolder, readRegular(statePath(outputFolder))).days.map(({ date }) => date)
  } catch {
    return []
  }
}

/** The same, undefined also if it is damaged. */
export async function readableState(outputFolder: string): Promise<HistoryState | undefined> {
  try {
    return await readState(outputFolder)
  } catch {
    return undefined
  }
}

/** The error of a history whose numbers are those of another version. */
function otherVersion(outputFolder: string, found: string): KnownError {
  const message = `the history in ${outputFolder} was made by a version of ecomagg that keeps rows in another way`
  return new KnownError('data', 'history_version', message, {
    file: outputFolder,
    found,
    allowed: `version ${HISTORY_VERSION} of the history`,
    hint: 'build everything anew from all raw files with: ecomagg process --full',
  })
}

export function statePath(outputFolder: string): string {
  return join(historyFolder(outputFolder), 'state.json')
}

/** Makes the folder of the history, and removes files of it that no published set refers to. */
export function prepareHistory(outputFolder: string, state: HistoryState | undefined): void {
  const folder = historyFolder(outputFolder)
  const status = lstatSync(folder, { throwIfNoEntry: false })
  if (status !== undefined && !status.isDirectory()) throw cannotPublish(folder, 'it is not a folder')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    // Of a set that cannot be read nothing is removed before another one is in place.
    if (state !== undefined) removeUnused(folder, state)
  } catch (cause) {
    throw cannotPublish(folder, `no file can be made in it (${errnoName(cause)})`, cause)
  }
}

/**
 * Removes what the published set does not refer to: the whole history of a set without one, else files that
 * its state no longer names. What cannot be read or removed stays, and does no harm.
 */
export async function cleanHistory(outputFolder: string): Promise<void> {
  const folder = historyFolder(outputFolder)
  const manifest = readableManifest(outputFolder)
  if (manifest === undefined) return
  const state = await readableState(outputFolder)
  try {
    if (manifest.history === undefined) rmSync(folder, { recursive: true, force: true })
    else if (state !== undefined) removeUnused(folder, state)
  } catch {
    // The next run tries again.
  }
}

function removeUnused(folder: string, state: HistoryState): void {
  const used = new Set(filesOf(state))
  for (const name of readdirSync(folder))
    if (PIECES.test(name) && !used.has(name)) rmSync(join(folder, name), { force: true })
}

/** The files that a state refers to. */
export function filesOf(state: HistoryState): string[] {
  const pieces = [...state.days.map(({ piece }) => piece), state.undated]
  return [...new Set(pieces.map(({ file }) => file))]
}
