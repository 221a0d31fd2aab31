import { resolve } from 'node:path'
import type { Folders } from '../config/read-settings.ts'
import { throwIfAny } from './bad-option.ts'
import type { CliContext } from './context.ts'

/**
 * A folder: as given on the command line, or else by the settings, which are read only then: a broken
 * settings file must not keep anybody from looking at what is there.
 *
 * @throws KnownError with every problem of the settings file
 */
export async function chosenFolder(
  name: keyof Folders,
  given: string | undefined,
  config: string | undefined,
  { workingFolder }: CliContext,
): Promise<string> {
  if (given !== undefined) return resolve(workingFolder, given)
  const { readSettings } = await import('../config/read-settings.ts')
  const { loaded, problems } = await readSettings({ workingFolder, file: config })
  throwIfAny(problems)
  return loaded!.settings.paths[name]
}
