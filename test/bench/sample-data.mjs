import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { ecomaggMain } from './commands.mjs'
import { countLines } from './lines.mjs'

/**
 * @typedef {object} Sample
 * @property {string} rawFolder
 * @property {number} sessions
 * @property {number} days
 * @property {string} lastDay `YYYY-MM-DD`
 * @property {number} rows of all tables
 * @property {number} bytes
 */

const LAST_DAY = '2025-03-31'

/**
 * Sample data of that size: found in the data folder, or else made there.
 *
 * @param {{ data: string, sessions: number, days: number }} options
 * @returns {Sample}
 */
export function sampleOf({ data, sessions, days }) {
  const folder = join(data, `sample-${sessions}-sessions-${days}-days`)
  const description = join(folder, 'sample.json')
  if (!existsSync(description)) makeSample(folder, sessions, days)
  return { ...JSON.parse(readFileSync(description, 'utf8')), rawFolder: join(folder, 'raw_data') }
}

/**
 * In a folder of another name until all is there, so that data of a bench that was broken off is never used.
 *
 * @param {string} folder
 * @param {number} sessions
 * @param {number} days
 */
function makeSample(folder, sessions, days) {
  const unfinished = `${folder}.unfinished`
  const rawFolder = join(unfinished, 'raw_data')
  rmSync(unfinished, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const args = ['sample', '--quiet', '--output', rawFolder, '--sessions', `${sessions}`, '--days', `${days}`]
  execFileSync(process.execPath, [ecomaggMain, ...args, '--end-date', LAST_DAY], {
    cwd: unfinished,
    stdio: 'inherit',
  })
  const files = readdirSync(rawFolder).map((name) => join(rawFolder, name))
  const rows = files.reduce((sum, file) => sum + countLines(file) - 1, 0)
  const description = { sessions, days, lastDay: LAST_DAY, rows, bytes: bytesIn(rawFolder) }
  writeFileSync(join(unfinished, 'sample.json'), `${JSON.stringify(description)}\n`)
  renameSync(unfinished, folder)
}

/** Of all files below a folder. @param {string} folder */
export function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
