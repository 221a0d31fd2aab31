import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ecomaggMain, ecomaggProcess, node } from './commands.mjs'
import { alternate } from './rounds.mjs'
import { sampleOf } from './sample-data.mjs'
import { brief, textTable } from './text-table.mjs'

/** @import { Surroundings } from './surroundings.mjs' */

/** The size of the sample that `npm start` makes. */
const SMALL = { sessions: 500, days: 30 }

/** Such short runs are more often disturbed, and cost less. */
const TIMES_AS_OFTEN = 5

/**
 * What it takes until anything happens at all, in milliseconds.
 *
 * @param {Surroundings} surroundings
 * @returns {Promise<string[]>} lines of text
 */
export async function measureStartup({ options, folder, say }) {
  const { rawFolder } = sampleOf({ ...options, ...SMALL })
  const output = join(folder, 'small')
  const contestants = [
    { name: 'node -e 0', command: node(['-e', '0'], folder) },
    { name: 'ecomagg --help', command: node([ecomaggMain, '--help'], folder) },
    {
      name: `ecomagg process, ${SMALL.sessions} sessions`,
      command: ecomaggProcess({ rawFolder, output, folder }),
      before: () => rmSync(output, { recursive: true, force: true }),
    },
  ]
  // The first run of each finds nothing in the page cache and is not counted.
  await alternate(contestants, { ...options, rounds: 1 })
  const rounds = options.rounds * TIMES_AS_OFTEN
  say(`start-up, ${rounds} rounds`)
  const results = await alternate(contestants, { ...options, rounds })
  const base = results[0]?.seconds ?? Number.NaN
  const rows = results.map(({ name, failure, seconds, times, others }) =>
    failure !== undefined
      ? [name, 'failed']
      : [
          name,
          brief(seconds * 1000),
          `${brief(Math.min(...times) * 1000)}–${brief(Math.max(...times) * 1000)}`,
          brief((seconds - base) * 1000),
          brief(seconds / base),
          brief(others),
        ],
  )
  return [
    `medians of ${rounds} runs`,
    '',
    ...textTable([['', 'ms', 'min–max', 'above node', '÷ node', 'others'], ...rows]),
    ...results.flatMap(({ name, failure }) =>
      failure === undefined ? [] : ['', `${name} failed: ${failure}`],
    ),
  ]
}
