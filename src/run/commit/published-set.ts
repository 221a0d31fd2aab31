import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { aggregateTables } from '../../aggregators/index.ts'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { statePath } from './history-folder.ts'
import { MANIFEST_NAME, type Manifest, type ManifestFile, publishedManifest } from './manifest.ts'
import { fileSha256, hasJournal, type Recovery, recover } from './publish.ts'

/** @throws KnownError no_output (input) */
export function requireOutput(outputFolder: string): void {
  if (lstatSync(outputFolder, { throwIfNoEntry: false }) !== undefined) return
  throw new KnownError('input', 'no_output', `there is no output folder ${outputFolder}`, {
    file: outputFolder,
    hint: 'choose it with --output; it is made by the first ecomagg process',
  })
}

/** Completes a publish that was cut short, for whoever holds the lock. @returns what is to be said about it */
export function completeCutShort(outputFolder: string): string[] {
  if (!hasJournal(outputFolder)) return []
  return completionText(recover(outputFolder))
}

/** What is said of a publish that was completed; nothing if there was none. */
export function completionText({ completed, withoutRecord }: Recovery): string[] {
  if (completed === undefined) return []
  const left = withoutRecord === undefined ? '' : `, but not recorded: ${withoutRecord}`
  return [`the publish of run ${completed}, cut short, was completed first${left}`]
}

/**
 * The manifest, for those who need a published set.
 *
 * @throws KnownError no_manifest, manifest_damaged (data)
 */
export function readManifest(outputFolder: string): Manifest {
  const manifest = publishedManifest(outputFolder)
  if (manifest !== undefined) return manifest
  const path = join(outputFolder, MANIFEST_NAME)
  throw new KnownError('data', 'no_manifest', `${path} is missing: nothing was published there`, {
    file: path,
    hint: 'publish a set with: ecomagg process',
  })
}

/**
 * Why the files of the published set are not those of its manifest; undefined if they are.
 *
 * @param looksInside whether their bytes are read, too, and not their sizes alone
 */
export function faultOfSet(
  outputFolder: string,
  manifest: Manifest,
  looksInside = true,
): KnownError | undefined {
  const hint = remedy(manifest)
  const state = manifest.history === undefined ? [] : [{ path: statePath(outputFolder), ...manifest.history }]
  const tables = manifest.files.map((file) => ({ path: join(outputFolder, file.file), ...file }))
  const changed = [...tables, ...state].flatMap(({ path, ...file }) => {
    const found = fileFault(path, file, looksInside)
    if (found === undefined) return []
    return [
      new KnownError(
        'data',
        'set_not_whole',
        `${path} is not the file that run ${manifest.run_id} published: ${found}`,
        {
          file: path,
          found,
          allowed: `${file.bytes} bytes with sha256 ${file.sha256}`,
          hint,
        },
      ),
    ]
  })
  const problems = [...missingTables(outputFolder, manifest), ...changed]
  if (problems.length < 2) return problems[0]
  const message = problems.map((problem) => problem.message).join('; ')
  return new KnownError('data', 'set_not_whole', message, { file: outputFolder, problems })
}

/** What each set has, whatever else a shop asks for or adds. */
function missingTables(outputFolder: string, manifest: Manifest): KnownError[] {
  const listed = new Set(manifest.files.map(({ table }) => table))
  const lacking = aggregateTables
    .filter(({ name, written }) => written === 'always' && !listed.has(name))
    .map(({ name }) => name)
    .join(', ')
  if (lacking === '') return []
  const path = join(outputFolder, MANIFEST_NAME)
  const message = `${path} does not list what every set has: ${lacking}`
  return [new KnownError('data', 'set_not_whole', message, { file: path, hint: remedy(manifest) })]
}

function remedy({ history }: Manifest): string {
  return history === undefined
    ? 'publish the whole set again with: ecomagg process'
    : 'put it back from a backup, or build everything anew from all raw files: ecomagg process --full'
}

function fileFault(
  path: string,
  { bytes, sha256 }: Pick<ManifestFile, 'bytes' | 'sha256'>,
  looksInside: boolean,
): string | undefined {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined) return 'it is missing'
  if (!status.isFile()) return 'it is not a regular file'
  if (status.size !== bytes) return `it has ${status.size} bytes`
  try {
    return !looksInside || fileSha256(path) === sha256 ? undefined : 'its content differs'
  } catch (error) {
    const code = errnoName(error)
    if (code === undefined) throw error
    return `it cannot be read (${code})`
  }
}
