import { runChild } from './run-child.mjs'
import { median } from './statistics.mjs'

/** @import { Command } from './run-child.mjs' */

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {Command} command
 * @property {() => void} [before] what is done before each run, outside the measure
 * @property {string} [needs] another one, whose run in the same round this one continues
 */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string | undefined} failure of the first run that failed; it had no further ones
 * @property {readonly number[]} times wall seconds of each round
 * @property {number} seconds their median, `NaN` after a failure
 * @property {number | undefined} peakBytes the most of all rounds
 * @property {number | undefined} cpuSeconds median
 * @property {number | undefined} others cores that everything else on the machine kept busy, median
 */

/**
 * Lets the contestants run in turn, round by round, so that whatever else happens on the machine meets all of
 * them alike.
 *
 * @param {readonly Contestant[]} contestants
 * @param {{ rounds: number, timeout: number, say?: (text: string) => void }} options
 * @returns {Promise<Result[]>} in the order of the contestants
 */
export async function alternate(contestants, { rounds, timeout, say }) {
  const records = new Map(contestants.map(({ name }) => [name, emptyRecord()]))
  for (let round = 1; round <= rounds; round++) {
    for (const { name, command, before, needs } of contestants) {
      const record = recordOf(records, name)
      if (record.failure !== undefined) continue
      if (needs !== undefined && recordOf(records, needs).failure !== undefined) {
        record.failure = `not run, because ${needs} failed`
        continue
      }
      say?.(`round ${round} of ${rounds}: ${name}`)
      before?.()
      const run = await runChild(command, timeout)
      record.failure = run.failure
      record.times.push(run.seconds)
      if (run.peakBytes !== undefined) record.peaks.push(run.peakBytes)
      if (run.cpuSeconds !== undefined) record.cpu.push(run.cpuSeconds)
      if (run.others !== undefined) record.others.push(run.others)
    }
  }
  return contestants.map(({ name }) => resultOf(name, recordOf(records, name)))
}

/**
 * The result of one who did not run.
 *
 * @param {string} name
 * @param {string} failure
 * @returns {Result}
 */
export function failedResult(name, failure) {
  return resultOf(name, { ...emptyRecord(), failure })
}

/** @typedef {{ failure: string | undefined, times: number[], peaks: number[], cpu: number[], others: number[] }} Notebook */

/** @returns {Notebook} */
function emptyRecord() {
  return { failure: undefined, times: [], peaks: [], cpu: [], others: [] }
}

/**
 * @param {ReadonlyMap<string, Notebook>} records
 * @param {string} name
 */
function recordOf(records, name) {
  const record = records.get(name)
  if (record === undefined) throw new RangeError(`no contestant ${name}`)
  return record
}

/**
 * @param {string} name
 * @param {Notebook} record
 * @returns {Result}
 */
function resultOf(name, { failure, times, peaks, cpu, others }) {
  return {
    name,
    failure,
    times,
    seconds: failure === undefined ? median(times) : Number.NaN,
    peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
    cpuSeconds: cpu.length === 0 ? undefined : median(cpu),
    others: others.length === 0 ? undefined : median(others),
  }
}
