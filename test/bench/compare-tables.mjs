import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { linesOf } from './lines.mjs'

/**
 * @typedef {object} Comparison
 * @property {boolean} isSame whether every cell says the same
 * @property {boolean} isSameBytes
 * @property {readonly string[]} differences the first ones, as text
 * @property {number} rounded cells that differ by no more than the tolerance
 */

/** How many differences are told. */
const SHOWN = 10

/**
 * Compares the CSVs of two folders cell by cell. Two numbers are the same if they are as decimals: `5.00` and
 * `5.0`; with a tolerance, also if they lie no further apart.
 *
 * @param {{ name: string, folder: string }} expected
 * @param {{ name: string, folder: string }} actual
 * @param {number} [tolerance]
 * @returns {Comparison}
 */
export function compareTables(expected, actual, tolerance = 0) {
  /** @type {string[]} */
  const differences = []
  const found = { isSameBytes: true, rounded: 0 }
  const files = new Set([...csvsIn(expected.folder), ...csvsIn(actual.folder)])
  if (files.size === 0) differences.push(`no tables in ${expected.name} and ${actual.name}`)
  for (const file of [...files].sort()) {
    const missing = [expected, actual].find(({ folder }) => !existsSync(join(folder, file)))
    if (missing !== undefined) differences.push(`${file}: not written by ${missing.name}`)
    else compareFiles(file, expected, actual, tolerance, differences, found)
    if (differences.length >= SHOWN) break
  }
  return {
    isSame: differences.length === 0,
    isSameBytes: differences.length === 0 && found.isSameBytes,
    differences,
    rounded: found.rounded,
  }
}

/**
 * @param {string} file
 * @param {{ name: string, folder: string }} expected
 * @param {{ name: string, folder: string }} actual
 * @param {number} tolerance
 * @param {string[]} differences
 * @param {{ isSameBytes: boolean, rounded: number }} found
 */
function compareFiles(file, expected, actual, tolerance, differences, found) {
  const [left, right] = [linesOf(join(expected.folder, file)), linesOf(join(actual.folder, file))]
  /** @type {readonly string[]} */
  let header = []
  for (let number = 1; differences.length < SHOWN; number++) {
    const [a, b] = [left.next().value, right.next().value]
    if (a === undefined && b === undefined) break
    if (a === undefined || b === undefined) {
      differences.push(`${file}: ${(a === undefined ? expected : actual).name} ends before line ${number}`)
      break
    }
    const isHeader = number === 1
    if (isHeader) header = cellsOf(a)
    if (a.equals(b)) continue
    found.isSameBytes = false
    const [cells, others] = [cellsOf(a), cellsOf(b)]
    for (let i = 0; i < Math.max(cells.length, others.length) && differences.length < SHOWN; i++) {
      const verdict = compareCells(cells[i], others[i], tolerance)
      if (verdict === 'rounded') found.rounded++
      if (verdict !== 'different') continue
      const column = isHeader ? `column ${i + 1}` : header[i]
      const values = `${expected.name} ${shown(cells[i])}, ${actual.name} ${shown(others[i])}`
      differences.push(`${file}, line ${number}, ${column}: ${values}`)
      // The first one in a line says enough: with a row too many, all of them differ.
      break
    }
  }
  left.return()
  right.return()
}

/**
 * @param {string | undefined} a
 * @param {string | undefined} b
 * @param {number} tolerance
 * @returns {'same' | 'rounded' | 'different'}
 */
function compareCells(a, b, tolerance) {
  if (a === b) return 'same'
  if (a === undefined || b === undefined || !isDecimal(a) || !isDecimal(b)) return 'different'
  if (plain(a) === plain(b)) return 'same'
  // A hair more than the tolerance, since the difference of two such decimals is a binary one.
  return tolerance > 0 && Math.abs(Number(a) - Number(b)) < tolerance * 1.001 ? 'rounded' : 'different'
}

/** @param {string} cell */
function isDecimal(cell) {
  return /^-?\d+(\.\d+)?$/.test(cell)
}

/** Without zeros that do not count. @param {string} decimal @example plain('5.00') → '5' */
function plain(decimal) {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}

/** @param {Buffer} line @returns {string[]} */
function cellsOf(line) {
  const text = line.toString()
  // Most lines hold no quote, and a parser for each of them would take minutes.
  return text.includes('"') ? (parse(text)[0] ?? []) : text.split(',')
}

/** @param {string | undefined} cell */
function shown(cell) {
  return cell === undefined ? 'nothing' : `'${cell}'`
}

/** @param {string} folder */
function csvsIn(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : []
}
