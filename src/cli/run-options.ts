import { rulesOf } from '../config/settings.ts'
import { wallClockIn } from '../lib/time-zone.ts'
import { dayOf, parseDay } from '../lib/wall-clock.ts'
import { findHashKey } from '../run/hash-key.ts'
import type { RunOptions } from '../run/options.ts'
import type { CliContext } from './context.ts'
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
  const { paths, since, until, asOf, allowMissing, strict, escapeFormulas, bom, showValues, keepRuns } =
    settings
  const rules = rulesOf(settings)
  const hashKey = findHashKey(rules.privacy, outside.environment[rules.privacy.keyVariable])
  const today = () => dayOf(wallClockIn(rules.timezone)(outside.now().getTime()))
  return {
    command,
    inputFolder: paths.input,
    outputFolder: paths.output,
    logFolder: paths.logs,
    settingsFile: file,
    rules,
    ...(hashKey === undefined ? {} : { hashKey }),
    extensions,
    since: dayIn(since),
    until: dayIn(until),
    force: raw.force === true,
    asOf: asOf === 'today' ? today() : dayIn(asOf),
    allowMissing,
    strict,
    escapeFormulas,
    bom,
    showValues,
    keepRuns,
    signal: outside.signal,
    onProgress: outside.onProgress,
    onPhase: outside.onPhase,
  }
}

function dayIn(date: string | undefined): number | undefined {
  return date === undefined ? undefined : parseDay(date)
}
