import { extname } from 'node:path'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { readRegular } from '../../lib/files/regular-file.ts'
import { brokenFile, fileLabel, type ReadFile } from '../problems/problem.ts'
import type { WhereSettingsAre } from './find-file.ts'

/**
 * Reads the settings file that was found.
 *
 * @throws KnownError (config) config_unreadable or config_broken
 */
export async function readSettingsFile(found: string, where: WhereSettingsAre): Promise<ReadFile> {
  const label = fileLabel(found, where.workingFolder)
  try {
    return await read(extname(found), found, label, readRegular(found).toString('utf8'))
  } catch (cause) {
    const code = cause instanceof KnownError ? undefined : errnoName(cause)
    if (code === undefined) throw cause
    throw brokenFile('config_unreadable', found, label, `it cannot be read (${code})`, {
      hint: 'mend its permissions',
      cause,
    })
  }
}

async function read(ending: string, file: string, label: string, text: string): Promise<ReadFile> {
  if (ending === '.json') return (await import('./read-data.ts')).readJson(file, label, text)
  if (/^\.ya?ml$/.test(ending)) return (await import('./read-data.ts')).readYaml(file, label, text)
  const { readSettingsModule } = await import('./read-module.ts')
  return { value: await readSettingsModule(file, label, text), positionOf: () => undefined }
}
