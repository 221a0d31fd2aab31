import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ecomaggProcess, pandasScript, plainDuckdb, readOnly } from './commands.mjs'

/** @import { Contestant } from './rounds.mjs' */

export const ECOMAGG = 'ecomagg process'
export const DUCKDB = 'plain DuckDB'
export const READING = 'just reading'
export const PANDAS = 'pandas script'

/** @typedef {Contestant & { output?: string }} Writer one that may write the seven tables into a folder */

/**
 * Who runs against whom over the same raw tables.
 *
 * @param {{ rawFolder: string, folder: string, threads: number, python?: string | undefined }} options
 * @returns {readonly Writer[]}
 */
export function contestantsFor({ rawFolder, folder, threads, python }) {
  return [
    writer(ECOMAGG, join(folder, 'ecomagg'), (output) => ecomaggProcess({ rawFolder, output, folder })),
    writer(DUCKDB, join(folder, 'duckdb'), (output) => plainDuckdb({ rawFolder, output, folder, threads })),
    { name: READING, command: readOnly({ rawFolder, folder }) },
    ...(python === undefined
      ? []
      : [
          writer(PANDAS, join(folder, 'pandas'), (output) =>
            pandasScript({ python, rawFolder, output, folder }),
          ),
        ]),
  ]
}

/**
 * Each run writes into a folder that is not there yet.
 *
 * @param {string} name
 * @param {string} output
 * @param {(output: string) => Contestant['command']} command
 * @returns {Writer}
 */
function writer(name, output, command) {
  return {
    name,
    output,
    command: command(output),
    before: () => rmSync(output, { recursive: true, force: true }),
  }
}
