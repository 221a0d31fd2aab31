import type { Override } from '../../config/cross-checks.ts'
import { type LoadedSettings, readSettings } from '../../config/read-settings.ts'
import { throwIfAny } from './bad-option.ts'
import type { RawRunOptions } from './option-list.ts'
import { optionSettings } from './option-settings.ts'

/** The settings of a run, and the options that some of them come from. */
export interface EffectiveSettings extends LoadedSettings {
  readonly overrides: readonly Override[]
}

/**
 * The settings by options, settings file and defaults.
 *
 * @throws KnownError with every problem of the options (usage) and of the settings file (config)
 */
export async function effectiveSettings(
  raw: RawRunOptions,
  workingFolder: string,
): Promise<EffectiveSettings> {
  const { overrides, problems } = await optionSettings(raw, workingFolder)
  const read = await readSettings({ workingFolder, file: raw.config }, overrides)
  const all = [...problems, ...read.problems]
  throwIfAny(all)
  return { ...read.loaded!, overrides }
}
