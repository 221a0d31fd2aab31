import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { HistoryState } from '../../history/state.ts'
import { KnownError } from '../../lib/errors.ts'
import { hasState, keptDates } from '../commit/history-folder.ts'
import { MANIFEST_NAME, readableManifest } from '../commit/manifest.ts'

/**
 * Refuses to add a slice to a set that was published without a history.
 *
 * @throws KnownError no_history (data)
 */
export function checkReplacedSet(outputFolder: string, state: HistoryState | undefined): void {
  const manifest = join(outputFolder, MANIFEST_NAME)
  if (state !== undefined || lstatSync(manifest, { throwIfNoEntry: false }) === undefined) return
  throw new KnownError(
    'data',
    'no_history',
    `the set in ${outputFolder} has no history that a slice could be added to`,
    {
      file: outputFolder,
      found: 'a set that was published by a plain run, or whose history is gone',
      allowed: 'a set of ecomagg process --full or --incremental, or none',
      hint: 'build it with its history from all raw files: ecomagg process --full; or choose another folder with --output',
    },
  )
}

/**
 * Refuses to let a plain run take the place of a set that incremental runs keep: its raw files are perhaps
 * only the newest.
 *
 * @throws KnownError history_would_be_lost (create)
 */
export function checkHistoryStays(outputFolder: string): void {
  const manifest = readableManifest(outputFolder)
  // Without a manifest, or with a damaged one, nobody can know what the history belongs to.
  if (manifest === undefined ? !hasState(outputFolder) : manifest.history === undefined) return
  const dates = datesBefore(outputFolder)
  const found =
    dates.length === 0 ? 'a history' : `a history of ${dates.length} dates, ${dates[0]} to ${dates.at(-1)}`
  throw new KnownError(
    'create',
    'history_would_be_lost',
    `the set in ${outputFolder} is kept by incremental runs (${found}), and a plain run would put only its own raw files in its place`,
    {
      file: outputFolder,
      found,
      allowed: 'a set without a history',
      hint: 'add the raw files as a slice with --incremental, build everything anew from all raw files with --full, choose another folder with --output, or give the history up with --force',
    },
  )
}

/** The dates of a set with a history, ascending; none if neither manifest nor history can be read. */
export function datesBefore(outputFolder: string): string[] {
  const manifest = readableManifest(outputFolder)
  if (manifest === undefined) return keptDates(outputFolder)
  if (manifest.history === undefined) return []
  return [...new Set(Object.values(manifest.rows_by_date ?? {}).flatMap((rows) => Object.keys(rows)))].sort()
}
