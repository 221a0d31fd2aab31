import { optionsOf } from '../../config/complete-options.ts'
import { findHashKey } from '../../config/hash-key.ts'
import type { RunOptions } from '../../config/run-options.ts'
import { rulesOf } from '../../config/schema/settings.ts'
import { KnownError } from '../../lib/errors.ts'
import type { CliContext } from '../edge/context.ts'
import { throwIfAny } from './bad-option.ts'
import { effectiveSettings } from './effective-settings.ts'
import type { RawRunOptions } from './option-list.ts'

/**
 * The complete, typed options of a run, from those of the command line and from the settings file.
 *
 * @throws KnownError bad_option (usage), config_… or hash_key_… (config) with every problem
 */
export async function runOptions(
  command: RunOptions['command'],
  raw: RawRunOptions,
  outside: Pick<RunOptions, 'signal' | 'onProgress' | 'onPhase'> &
    Pick<CliContext, 'workingFolder' | 'environment' | 'now'>,
): Promise<RunOptions> {
  const { settings, extensions, file } = await effectiveSettings(raw, outside.workingFolder)
  throwIfAny(historyProblems(raw, settings.since ?? settings.until))
  const { privacy } = rulesOf(settings)
  return {
    ...optionsOf(settings, outside.now),
    command,
    mode: raw.incremental === true ? 'incremental' : raw.full === true ? 'full' : 'plain',
    mergeDays: raw.mergeDays === true,
    allowShrink: raw.allowShrink === true,
    settingsFile: file,
    hashKey: findHashKey(privacy, outside.environment[privacy.keyVariable]),
    extensions,
    force: raw.force === true,
    threads: raw.threads === undefined ? undefined : Number(raw.threads),
    signal: outside.signal,
    onProgress: outside.onProgress,
    onPhase: outside.onPhase,
  }
}

/** What is wrong with the options about the history. @param range a date that limits what is read */
function historyProblems(raw: RawRunOptions, range: string | undefined): KnownError[] {
  const mode = raw.incremental === true ? '--incremental' : raw.full === true ? '--full' : undefined
  const problems: KnownError[] = []
  const misplaced = (message: string, found: string, allowed: string, hint: string) =>
    problems.push(new KnownError('usage', 'bad_option', message, { found, allowed, hint }))
  if (raw.mergeDays === true && mode !== '--incremental')
    misplaced(
      '--merge-days goes with --incremental',
      mode ?? 'a plain run',
      '--incremental',
      'add --incremental, or leave --merge-days out',
    )
  if (raw.allowShrink === true && mode === undefined)
    misplaced(
      '--allow-shrink goes with --incremental or --full',
      'a plain run',
      '--incremental, --full',
      'add one of them, or leave --allow-shrink out',
    )
  if (mode !== undefined && range !== undefined)
    misplaced(
      `${mode} takes all dates of the raw files: a range (--since, --until, or the settings of that name) would cut them`,
      range,
      'no range',
      `leave the range out, or make a report of it with a plain run into another --output`,
    )
  return problems
}
