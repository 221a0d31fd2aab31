import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What can be measured, in the order in which it is. */
export const SECTIONS = /** @type {const} */ (['process', 'startup', 'incremental', 'mapped'])

/** @typedef {(typeof SECTIONS)[number]} Section */

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {readonly number[]} sessions
 * @property {number} rounds
 * @property {readonly Section[]} only
 * @property {number} days
 * @property {string} data
 * @property {string} python
 * @property {number} pandasLimit
 * @property {number} threads
 * @property {number} timeout in seconds, for each child
 * @property {boolean} write
 */

const DATA = join(tmpdir(), 'ecomagg-bench')

export const HELP = `npm run bench -- [options]

Measures the built ecomagg against plain DuckDB, pandas and just reading the files, on sample data.
docs/performance.md says what is measured and how to read it.

  --sessions <list>      sizes, comma-separated (100000,1000000,4000000)
  --rounds <number>      how often each contestant runs; start-up: five times as often (3)
  --only <list>          process, startup, incremental, mapped (process,startup)
  --days <number>        over how many days the sessions are spread (365)
  --data <folder>        where sample data is kept and found again (${join('<temporary folder>', 'ecomagg-bench')})
  --python <command>     the python3 that may have pandas (python3)
  --pandas-limit <n>     pandas only up to so many sessions; 0: never (1000000)
  --threads <number>     of plain DuckDB (2)
  --timeout <seconds>    after which a child is ended and counts as failed (3600)
  --write                put the results into docs/performance.md
  --help                 this text
`

/** An option that cannot be used; the message is for the terminal. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} args
 * @returns {Options}
 * @throws {UsageError} an unknown option, or a value out of its range
 */
export function parseOptions(args) {
  const values = parsed(args)
  const only = list(values.only).map((name) => {
    const section = SECTIONS.find((one) => one === name)
    if (section === undefined) throw new UsageError(`--only: '${name}' is none of ${SECTIONS.join(', ')}`)
    return section
  })
  return {
    help: values.help,
    sessions: list(values.sessions).map((text) => whole('--sessions', text, 1)),
    rounds: whole('--rounds', values.rounds, 1),
    only: SECTIONS.filter((section) => only.includes(section)),
    days: whole('--days', values.days, 2),
    data: resolve(values.data),
    python: values.python,
    pandasLimit: whole('--pandas-limit', values['pandas-limit'], 0),
    threads: whole('--threads', values.threads, 1),
    timeout: whole('--timeout', values.timeout, 1),
    write: values.write,
  }
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        sessions: { type: 'string', default: '100000,1000000,4000000' },
        rounds: { type: 'string', default: '3' },
        only: { type: 'string', default: 'process,startup' },
        days: { type: 'string', default: '365' },
        data: { type: 'string', default: DATA },
        python: { type: 'string', default: 'python3' },
        'pandas-limit': { type: 'string', default: '1000000' },
        threads: { type: 'string', default: '2' },
        timeout: { type: 'string', default: '3600' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @param {string} text */
function list(text) {
  return text.split(',').map((part) => part.trim())
}

/**
 * @param {string} option
 * @param {string} text
 * @param {number} least
 */
function whole(option, text, least) {
  const number = Number(text.replaceAll('_', ''))
  if (text !== '' && Number.isSafeInteger(number) && number >= least) return number
  throw new UsageError(`${option}: '${text}' is not a whole number of ${least} or more`)
}
