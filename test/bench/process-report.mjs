import { DUCKDB, ECOMAGG, PANDAS, READING } from './contestants.mjs'
import { brief, grouped, megabytes, textTable } from './text-table.mjs'

/** @import { Result } from './rounds.mjs' */
/** @import { Sample } from './sample-data.mjs' */

/** @typedef {{ sample: Sample, results: readonly Result[] }} Size what was measured at one size */

const GIGABYTE = 1e9

/** Everyone's figures at one size. @param {Size} size */
export function sizeLines({ sample, results }) {
  const head = `${grouped(sample.sessions)} sessions over ${sample.days} days: ${grouped(sample.rows)} rows, ${megabytes(sample.bytes)} MB`
  const names = [
    '',
    's',
    'min–max',
    'MB/s',
    'peak MB',
    'CPU s',
    '÷ DuckDB',
    '÷ reading',
    '÷ pandas',
    'others',
  ]
  const rows = results.map((result) =>
    result.failure !== undefined
      ? [result.name, 'failed']
      : [
          result.name,
          brief(result.seconds),
          `${brief(Math.min(...result.times))}–${brief(Math.max(...result.times))}`,
          brief(sample.bytes / 1e6 / result.seconds),
          megabytes(result.peakBytes),
          brief(result.cpuSeconds),
          ...[DUCKDB, READING, PANDAS].map((name) => brief(ratioTo(name, result, results))),
          brief(result.others),
        ],
  )
  const failures = results.filter(({ failure }) => failure !== undefined)
  return [
    head,
    '',
    ...textTable([names, ...rows]),
    '',
    ...failures.map(({ name, failure }) => `${name} failed: ${failure}`),
  ]
}

/** What ecomagg is meant to reach, and whether it does. @param {readonly Result[]} results */
export function goalLines(results) {
  const ecomagg = results.find(({ name }) => name === ECOMAGG)
  if (ecomagg === undefined) return []
  const toDuckdb = ratioTo(DUCKDB, ecomagg, results)
  const toPandas = 1 / ratioTo(PANDAS, ecomagg, results)
  const peak = ecomagg.failure === undefined ? (ecomagg.peakBytes ?? Number.NaN) : Number.NaN
  return [
    `goal: in the time of plain DuckDB or less: ${brief(toDuckdb)} times its time, ${verdict(toDuckdb, toDuckdb <= 1)}`,
    `goal: at least ten times faster than pandas: ${brief(toPandas)} times faster, ${verdict(toPandas, toPandas >= 10)}`,
    `goal: under 1 GB: ${brief(peak / 1e6)} MB, ${verdict(peak, peak < GIGABYTE)}`,
  ]
}

/** Seconds per million rows at each size: a flat line is linear growth. @param {readonly Size[]} sizes */
export function growthLines(sizes) {
  const names = [...new Set(sizes.flatMap(({ results }) => results.map(({ name }) => name)))]
  const rows = names.map((name) => [
    name,
    ...sizes.map(({ sample, results }) => {
      const seconds = results.find((one) => one.name === name)?.seconds ?? Number.NaN
      return brief(seconds / (sample.rows / 1e6))
    }),
  ])
  const head = [
    'seconds per million rows',
    ...sizes.map(({ sample }) => `${grouped(sample.sessions)} sessions`),
  ]
  return textTable([head, ...rows])
}

/**
 * @param {string} name whose time is 1
 * @param {Result} result
 * @param {readonly Result[]} results
 */
function ratioTo(name, result, results) {
  return result.seconds / (results.find((one) => one.name === name)?.seconds ?? Number.NaN)
}

/**
 * @param {number} figure
 * @param {boolean} isReached
 */
function verdict(figure, isReached) {
  if (!Number.isFinite(figure)) return 'not known'
  return isReached ? 'reached' : 'missed'
}
