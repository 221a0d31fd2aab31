import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ecomaggProcess } from './commands.mjs'
import { compareTables } from './compare-tables.mjs'
import { mappedVariants } from './mapped-data.mjs'
import { alternate } from './rounds.mjs'
import { bytesIn, sampleOf } from './sample-data.mjs'
import { brief, grouped, megabytes, textTable } from './text-table.mjs'

/** @import { Surroundings } from './surroundings.mjs' */

/**
 * The same rows as other shops export them, mapped by settings, against files as Sources describes them.
 *
 * @param {Surroundings} surroundings
 * @returns {Promise<string[]>} lines of text
 */
export async function measureMapped(surroundings) {
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
  say(`sample of ${sessions} sessions, in other forms`)
  const { rawFolder, rows, days } = sampleOf({ ...options, sessions })
  const forms = join(folder, 'forms')
  const variants = mappedVariants(rawFolder, forms)
  const contestants = variants.map(({ name, rawFolder: raw, settings }, i) => {
    const more = settings === undefined ? [] : ['--config', settings]
    const output = join(folder, `mapped-${i}`)
    const command = ecomaggProcess({ rawFolder: raw, output, folder, more })
    return { name, command, before: () => rmSync(output, { recursive: true, force: true }) }
  })
  const results = await alternate(contestants, { ...options, say })
  const base = results[0]?.seconds ?? Number.NaN
  const baseCpu = results[0]?.cpuSeconds ?? Number.NaN
  const table = results.map(({ name, failure, seconds, times, peakBytes, cpuSeconds }, i) =>
    failure !== undefined
      ? [name, 'failed']
      : [
          name,
          brief(seconds),
          `${brief(Math.min(...times))}–${brief(Math.max(...times))}`,
          megabytes(bytesIn(/** @type {string} */ (variants[i]?.rawFolder))),
          megabytes(peakBytes),
          brief(cpuSeconds),
          brief(seconds / base),
          brief((cpuSeconds ?? Number.NaN) / baseCpu),
        ],
  )
  const lines = [
    `${grouped(sessions)} sessions over ${days} days: ${grouped(rows)} rows`,
    '',
    ...textTable([['', 's', 'min–max', 'MB read', 'peak MB', 'CPU s', '÷ plain', 'CPU ÷ plain'], ...table]),
    '',
    ...results.flatMap(({ name, failure }, i) =>
      failure === undefined ? agreementLines(name, folder, i) : [`${name} failed: ${failure}`],
    ),
  ]
  rmSync(forms, { recursive: true, force: true })
  return lines
}

/** @param {string} name @param {string} folder @param {number} i */
function agreementLines(name, folder, i) {
  if (i === 0) return []
  const { isSameBytes, differences } = compareTables(
    { name: 'as Sources says', folder: join(folder, 'mapped-0') },
    { name, folder: join(folder, `mapped-${i}`) },
  )
  return isSameBytes
    ? [`agreement: ${name} gives the same bytes`]
    : [`DISAGREEMENT of ${name}:`, ...differences]
}
