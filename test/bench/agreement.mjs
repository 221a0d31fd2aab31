import { compareTables } from './compare-tables.mjs'
import { DUCKDB, ECOMAGG, PANDAS } from './contestants.mjs'
import { runChild } from './run-child.mjs'
import { grouped } from './text-table.mjs'

/** @import { Writer } from './contestants.mjs' */

/** Two contestants give different tables: their times would say nothing. */
export class Disagreement extends Error {
  /** @param {readonly string[]} differences */
  constructor(differences) {
    super(`${ECOMAGG} and ${DUCKDB} disagree, nothing is timed:\n  ${differences.join('\n  ')}`)
  }
}

/** pandas rounds binary floats, so the last digit may be another. */
const PANDAS_TOLERANCE = 0.01

/**
 * Lets everyone who writes tables run once, and compares what they wrote. That also brings the raw tables into
 * the page cache, for all alike.
 *
 * @param {readonly Writer[]} contestants
 * @param {{ timeout: number, say: (text: string) => void }} options
 * @returns {Promise<{ notes: string[], unfit: Map<string, string> }>} what was found, and who need not be timed
 * @throws {Disagreement} if ecomagg and plain DuckDB do not say the same
 */
export async function checkAgreement(contestants, { timeout, say }) {
  /** @type {Map<string, string>} */
  const unfit = new Map()
  /** @type {Map<string, { name: string, folder: string }>} */
  const written = new Map()
  for (const { name, command, output, before } of contestants) {
    if (output === undefined) continue
    say(`check: ${name}`)
    before?.()
    const { failure } = await runChild(command, timeout)
    if (failure === undefined) written.set(name, { name, folder: output })
    else unfit.set(name, failure)
  }
  say('check: compare')
  const [ecomagg, duckdb, pandas] = [ECOMAGG, DUCKDB, PANDAS].map((name) => written.get(name))
  const notes = []
  if (ecomagg === undefined || duckdb === undefined)
    notes.push('agreement: not checked, since one of the two failed')
  else {
    const { isSame, isSameBytes, differences } = compareTables(duckdb, ecomagg)
    if (!isSame) throw new Disagreement(differences)
    notes.push(`agreement: ${ECOMAGG} and ${DUCKDB} give the same ${isSameBytes ? 'bytes' : 'values'}`)
  }
  const truth = duckdb ?? ecomagg
  if (pandas !== undefined && truth !== undefined) {
    const { isSame, differences, rounded } = compareTables(truth, pandas, PANDAS_TOLERANCE)
    if (isSame)
      notes.push(`agreement: ${PANDAS} too, but for ${grouped(rounded)} cells whose last digit is another`)
    else unfit.set(PANDAS, `not timed, since it disagrees: ${differences[0]}`)
  }
  return { notes, unfit }
}
