import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ecomaggProcess } from './commands.mjs'
import { compareTables } from './compare-tables.mjs'
import { cutLastDay } from './last-day.mjs'
import { alternate } from './rounds.mjs'
import { bytesIn, sampleOf } from './sample-data.mjs'
import { brief, grouped, megabytes, textTable } from './text-table.mjs'

/** @import { Surroundings } from './surroundings.mjs' */

/** Where ecomagg keeps what an incremental run goes on from, in the output folder. */
const STATE_FOLDER = '.ecomagg'

/**
 * One further day on top of all days before it, against reading all of them again.
 *
 * @param {Surroundings} surroundings
 * @returns {Promise<string[]>} lines of text
 */
export async function measureIncremental(surroundings) {
  const lines = []
  for (const sessions of surroundings.options.sessions)
    lines.push(...(await measureSize(sessions, surroundings)), '')
  return lines.slice(0, -1)
}

/**
 * @param {number} sessions
 * @param {Surroundings} surroundings
 */
async function measureSize(sessions, { options, folder, say }) {
  say(`sample of ${sessions} sessions, its last day apart`)
  const { rawFolder, lastDay, days, rows, bytes } = sampleOf({ ...options, sessions })
  const beforeFolder = join(folder, 'days_before')
  const lastDayFolder = join(folder, 'last_day')
  cutLastDay({ rawFolder, lastDay, beforeFolder, lastDayFolder })
  const [grown, whole] = [join(folder, 'grown'), join(folder, 'whole')]
  const full = `process --full, ${days - 1} days`
  const incremental = 'process --incremental, 1 day'
  const ordinary = `process, ${days} days`
  /** @param {string} output @param {string} raw @param {string[]} more */
  const command = (output, raw, ...more) => ecomaggProcess({ rawFolder: raw, output, folder, more })
  const contestants = [
    { name: full, command: command(grown, beforeFolder, '--full'), before: () => remove(grown) },
    { name: incremental, command: command(grown, lastDayFolder, '--incremental'), needs: full },
    { name: ordinary, command: command(whole, rawFolder), before: () => remove(whole) },
  ]
  const results = await alternate(contestants, { ...options, say })
  const read = [bytesIn(beforeFolder), bytesIn(lastDayFolder), bytes]
  const base = results.at(-1)?.seconds ?? Number.NaN
  const table = results.map(({ name, failure, seconds, times, peakBytes, cpuSeconds, others }, i) =>
    failure !== undefined
      ? [name, 'failed']
      : [
          name,
          brief(seconds),
          `${brief(Math.min(...times))}–${brief(Math.max(...times))}`,
          megabytes(read[i]),
          megabytes(peakBytes),
          brief(cpuSeconds),
          brief(seconds / base),
          brief(others),
        ],
  )
  const isComplete = results.every(({ failure }) => failure === undefined)
  const lines = [
    `${grouped(sessions)} sessions over ${days} days: ${grouped(rows)} rows, ${megabytes(bytes)} MB`,
    '',
    ...textTable([['', 's', 'min–max', 'MB read', 'peak MB', 'CPU s', '÷ plain', 'others'], ...table]),
    '',
    ...results.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name} failed: ${failure}`])),
    ...(isComplete
      ? [
          ...agreementLines(whole, grown),
          stateLine(join(grown, STATE_FOLDER)),
          readingLine(join(folder, 'logs')),
        ]
      : []),
  ]
  for (const path of [beforeFolder, lastDayFolder, grown, whole]) remove(path)
  return lines
}

/**
 * @param {string} whole
 * @param {string} grown
 */
function agreementLines(whole, grown) {
  const { isSameBytes, differences } = compareTables(
    { name: 'one run', folder: whole },
    { name: 'the last day added', folder: grown },
  )
  if (isSameBytes) return ['agreement: the last day added gives the same bytes as one run over all days']
  return ['DISAGREEMENT between the last day added and one run over all days:', ...differences]
}

/** @param {string} folder */
function stateLine(folder) {
  return existsSync(folder)
    ? `${STATE_FOLDER} in the output folder, after the last day: ${megabytes(bytesIn(folder))} MB`
    : `${STATE_FOLDER} is not in the output folder`
}

/**
 * How long the last incremental run needed for the kept rows of all days, as its record says.
 *
 * @param {string} logs
 */
function readingLine(logs) {
  const records = readdirSync(logs)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(logs, name), 'utf8')))
    .filter(({ options }) => options.mode === 'incremental')
  const seconds = records.at(-1)?.incremental?.history_seconds
  return `kept rows of all days read and judged in ${brief(seconds)} s of that run`
}

/** @param {string} path */
function remove(path) {
  rmSync(path, { recursive: true, force: true })
}
