import { resolve } from 'node:path'
import type { Folders } from '../../config/read-settings.ts'
import type { CliContext } from '../edge/context.ts'
import { throwIfAny } from './bad-option.ts'

/**
 * Folders as given on the command line, or else by the settings, which are read only then: a broken
 * settings file must not keep anybody from looking at what is there.
 *
 * @throws KnownError with every problem of the settings file
 */
export async function chosenFolders<F extends keyof Folders>(
  given: Readonly<Record<F, string | undefined>>,
  config: string | undefined,
  { workingFolder }: CliContext,
): Promise<Record<F, string>> {
  const names = Object.keys(given) as F[]
  const settings = names.every((name) => given[name] !== undefined)
    ? undefined
    : await foldersOfSettings(workingFolder, config)
  const chosen = names.map((name) => [name, given[name] ?? settings![name]] as const)
  return Object.fromEntries(chosen.map(([name, path]) => [name, resolve(workingFolder, path)])) as Record<
    F,
    string
  >
}

/** One of them. */
export async function chosenFolder(
  name: keyof Folders,
  given: string | undefined,
  config: string | undefined,
  context: CliContext,
): Promise<string> {
  if (given !== undefined) return resolve(context.workingFolder, given)
  return (await foldersOfSettings(context.workingFolder, config))[name]
}

async function foldersOfSettings(workingFolder: string, file: string | undefined): Promise<Folders> {
  const { readSettings } = await import('../../config/read-settings.ts')
  const { loaded, problems } = await readSettings({ workingFolder, file })
  throwIfAny(problems)
  return loaded!.settings.paths
}
