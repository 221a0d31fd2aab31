import { completeOptions, type GivenOptions } from '../config/complete-options.ts'
import { type RunResult, run } from './process.ts'

/**
 * One run of a script, from start to end; whatever is left out is as the settings or their defaults say.
 *
 * @example const { record, error } = await runOnce({ settings: { timezone: 'Europe/Berlin' } })
 * @returns the run record, also of a run that failed: then with the error
 * @throws KnownError config_invalid, hash_key_… (config); whatever keeps the run from being recorded
 */
export async function runOnce(given: GivenOptions = {}): Promise<RunResult> {
  return run(await completeOptions(given))
}
