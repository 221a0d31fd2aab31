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
 */

/**
 * @typedef {object} Measured
 * @property {readonly Result[]} results in the order of the contestants
 * @property {number | undefined} others cores that everything else on the machine kept busy; Linux only
 */

/**
 * Lets the contestants run in turn, round by round, so that whatever else happens on the machine meets all of
 * them alike.
 *
 * @param {readonly Contestant[]} contestants
 * @param {{ rounds: number, timeout: number, say?: (text: string) => void }} options
 * @returns {Promise<Measured>}
 */
export async function alternate(contestants, { rounds, timeout, say }) {
  const records = new Map(contestants.map(({ name }) => [name, emptyRecord()]))
  const elsewhere = { seconds: 0, busy: 0 }
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
      if (run.others !== undefined) {
        elsewhere.seconds += run.seconds
        elsewhere.busy += run.others * run.seconds
      }
      record.failure = run.failure
      record.times.push(run.seconds)
      if (run.peakBytes !== undefined) record.peaks.push(run.peakBytes)
      if (run.cpuSeconds !== undefined) record.cpu.push(run.cpuSeconds)
    }
  }
  const results = contestants.map(({ name }) => resultOf(name, recordOf(records, name)))
  return { results, others: elsewhere.seconds === 0 ? undefined : elsewhere.busy / elsewhere.seconds }
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

/** @typedef {{ failure: string | undefined, times: number[], peaks: number[], cpu: number[] }} Notebook */

/** @returns {Notebook} */
function emptyRecord() {
  return { failure: undefined, times: [], peaks: [], cpu: [] }
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
function resultOf(name, { failure, times, peaks, cpu }) {
  return {
    name,
    failure,
    times,
    seconds: failure === undefined ? median(times) : Number.NaN,
    peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
    cpuSeconds: cpu.length === 0 ? undefined : median(cpu),
  }
}
