import { resolve } from 'node:path'
import { readExtensions } from '../custom/declare.ts'
import { usualEngine } from '../engines/index.ts'
import { KnownError } from '../lib/errors.ts'
import { wallClockIn } from '../lib/times/time-zone.ts'
import { dayOf, parseDay } from '../lib/times/wall-clock.ts'
import { expandPresets } from '../sources/presets/expand.ts'
import { findHashKey } from './hash-key.ts'
import type { ConfigProblem } from './problems/problem.ts'
import { DEFAULT_FOLDERS } from './read-settings.ts'
import type { RunOptions } from './run-options.ts'
import { type Config, rulesOf, type Settings, settingsSchema } from './schema/settings.ts'

/** What a script gives of a run; whatever it leaves out is as the settings or their defaults say. */
export interface GivenOptions extends Partial<RunOptions> {
  /** As a settings file holds them; paths count from the working folder. */
  readonly settings?: Config
}

/** Files of a history from which on they are joined. */
const MOST_HISTORY_FILES = 400

/**
 * The complete options of a run of a script.
 *
 * @example await completeOptions({ settings: { timezone: 'Europe/Berlin' } })
 * @throws KnownError config_invalid, hash_key_… (config)
 */
export async function completeOptions({ settings = {}, ...given }: GivenOptions): Promise<RunOptions> {
  const expanded = expandPresets(settings)
  if (expanded.problems.length > 0) throw invalid(expanded.problems)
  const parsed = settingsSchema.safeParse(expanded.given)
  if (!parsed.success) {
    const { problemsOf } = await import('./problems/problem-texts.ts')
    throw invalid(problemsOf(parsed.error.issues, expanded.given, settingsSchema))
  }
  const rules = given.rules ?? rulesOf(parsed.data)
  const { extensions, problems } = readExtensions(settings, rules)
  if (problems.length > 0) throw invalid(problems)
  return {
    ...optionsOf(parsed.data, () => new Date()),
    hashKey: given.hashKey ?? findHashKey(rules.privacy, undefined),
    extensions,
    ...given,
  }
}

/** The options of a plain run by settings alone, without what only a machine or a command line knows. */
export function optionsOf(settings: Settings, now: () => Date): Omit<RunOptions, 'hashKey' | 'extensions'> {
  const { paths, since, until, asOf, allowMissing, strict, escapeFormulas, bom, showValues, keepRuns } =
    settings
  const rules = rulesOf(settings)
  const today = () => dayOf(wallClockIn(rules.timezone)(now().getTime()))
  return {
    command: 'process',
    mode: 'plain',
    mergeDays: false,
    allowShrink: false,
    mostHistoryFiles: MOST_HISTORY_FILES,
    inputFolder: resolve(paths.input ?? DEFAULT_FOLDERS.input),
    outputFolder: resolve(paths.output ?? DEFAULT_FOLDERS.output),
    logFolder: resolve(paths.logs ?? DEFAULT_FOLDERS.logs),
    settingsFile: undefined,
    rules,
    since: dayIn(since),
    until: dayIn(until),
    asOf: asOf === 'today' ? today() : dayIn(asOf),
    force: false,
    allowMissing,
    strict,
    escapeFormulas,
    bom,
    showValues,
    keepRuns,
    engine: usualEngine,
    threads: undefined,
    signal: undefined,
    onProgress: () => {},
    onPhase: () => {},
  }
}

function dayIn(date: string | undefined): number | undefined {
  return date === undefined ? undefined : parseDay(date)
}

function invalid(problems: readonly Pick<ConfigProblem, 'path' | 'message'>[]): KnownError {
  const texts = problems.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
  return new KnownError('config', 'config_invalid', `the settings are not valid: ${texts.join('; ')}`, {
    hint: 'mend them; docs/settings.md explains each',
  })
}
