import { checkAgreement } from './agreement.mjs'
import { pythonWithPandas } from './commands.mjs'
import { contestantsFor, PANDAS } from './contestants.mjs'
import { goalLines, growthLines, sizeLines } from './process-report.mjs'
import { alternate, failedResult } from './rounds.mjs'
import { sampleOf } from './sample-data.mjs'

/** @import { Size } from './process-report.mjs' */
/** @import { Surroundings } from './surroundings.mjs' */

/**
 * Whole runs at each size, against the others.
 *
 * @param {Surroundings} surroundings
 * @returns {Promise<string[]>} lines of text
 * @throws {Disagreement} before anything of that size is timed
 */
export async function measureProcess(surroundings) {
  const sizes = []
  const lines = []
  for (const sessions of surroundings.options.sessions) {
    const { size, notes } = await measureSize(sessions, surroundings)
    sizes.push(size)
    lines.push(...sizeLines(size), ...notes, ...goalLines(size.results), '')
  }
  return [...lines, ...growthLines(sizes)]
}

/**
 * @param {number} sessions
 * @param {Surroundings} surroundings
 * @returns {Promise<{ size: Size, notes: string[] }>}
 */
async function measureSize(sessions, { options, folder, say }) {
  say(`sample of ${sessions} sessions`)
  const sample = sampleOf({ ...options, sessions })
  const { python, absence } = findPandas(sessions, options)
  const contestants = contestantsFor({ ...options, rawFolder: sample.rawFolder, folder, python })
  const { notes, unfit } = await checkAgreement(contestants, { ...options, say })
  const fit = contestants.filter(({ name }) => !unfit.has(name))
  const results = await alternate(fit, { ...options, say })
  for (const { before } of contestants) before?.()
  const all = contestants.map(({ name }) => {
    const result = results.find((one) => one.name === name)
    return result ?? failedResult(name, unfit.get(name) ?? 'not run')
  })
  const pandas = absence === undefined ? [] : [`${PANDAS}: ${absence}`]
  return { size: { sample, results: all }, notes: [...pandas, ...notes] }
}

/**
 * @param {number} sessions
 * @param {{ python: string, pandasLimit: number }} options
 * @returns {{ python?: string, absence?: string }} either one with pandas, or why it does not take part
 */
function findPandas(sessions, { python, pandasLimit }) {
  if (sessions > pandasLimit) return { absence: `not run above ${pandasLimit} sessions (--pandas-limit)` }
  return pythonWithPandas(python) ?? { absence: `not run, ${python} cannot import pandas` }
}
