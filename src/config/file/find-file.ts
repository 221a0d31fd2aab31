import { statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { brokenFile, fileLabel } from '../problems/problem.ts'

/** The settings files that are looked for in the working folder. */
export const SETTINGS_FILES = ['ts', 'js', 'mjs', 'json', 'yaml'].map((ending) => `ecomagg.config.${ending}`)

/** What a file named with --config may end in. */
export const SETTINGS_ENDINGS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml']

export interface WhereSettingsAre {
  readonly workingFolder: string
  /** The file that was named; otherwise it is looked for in the working folder. */
  readonly file: string | undefined
}

/**
 * The absolute path of the settings file, if there is one. It is looked at, not opened.
 *
 * @throws KnownError (config) config_missing, config_unreadable, config_broken or several_config_files
 */
export function findSettingsFile({ workingFolder, file }: WhereSettingsAre): string | undefined {
  if (file !== undefined) {
    const path = resolve(workingFolder, file)
    const label = fileLabel(path, workingFolder)
    if (file === '' || !isThere(path, label)) {
      throw brokenFile('config_missing', path, file === '' ? "''" : label, 'there is no such settings file', {
        allowed: 'a settings file',
        hint: 'name a file that is there with --config; ecomagg init makes one',
      })
    }
    if (!SETTINGS_ENDINGS.includes(extname(path))) {
      throw brokenFile('config_broken', path, label, 'this ending is none of a settings file', {
        allowed: SETTINGS_ENDINGS.join(', '),
        hint: `its name must end in ${SETTINGS_ENDINGS.join(', ')}`,
      })
    }
    return path
  }
  const found = SETTINGS_FILES.filter((name) => isThere(join(workingFolder, name), name, workingFolder))
  if (found.length > 1) {
    throw new KnownError(
      'config',
      'several_config_files',
      `${workingFolder} holds several settings files: ${found.join(', ')}`,
      {
        file: workingFolder,
        found: found.join(', '),
        allowed: 'one settings file',
        hint: 'keep one of them, or name one with --config',
      },
    )
  }
  return found[0] === undefined ? undefined : join(workingFolder, found[0])
}

/** Whether there is such a file; anything but a file (a folder, a pipe) is refused, never opened. */
function isThere(path: string, label: string, searched?: string): boolean {
  let stats: ReturnType<typeof statSync>
  try {
    stats = statSync(path)
  } catch (cause) {
    const code = errnoName(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    // Without a look there is no telling that the settings of the shop are not there.
    if (searched !== undefined && code === 'EACCES') {
      throw brokenFile('config_unreadable', searched, searched, 'it cannot be searched for a settings file', {
        hint: 'start in a folder that this user may enter, or name a settings file with --config',
        cause,
      })
    }
    throw brokenFile('config_unreadable', path, label, `it cannot be read (${code})`, {
      hint: 'mend its permissions or the link, or name another settings file with --config',
      cause,
    })
  }
  if (stats.isFile()) return true
  const what = stats.isDirectory() ? 'it is a folder' : 'it is no plain file'
  throw brokenFile('config_unreadable', path, label, what, { allowed: 'a file' })
}
