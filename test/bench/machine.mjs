import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { pythonWithPandas, root } from './commands.mjs'

/** @import { Options } from './options.mjs' */

/**
 * What the numbers are worth nothing without: the date, the machine, the versions.
 *
 * @param {Options} options
 */
export function machineLines({ python, threads }) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 1e9)
  const pandas = pythonWithPandas(python)?.version
  return [
    `${new Date().toISOString().slice(0, 10)}, ${processor}, ${availableParallelism()} cores, ${memory} GB of memory, ${type()} ${process.arch}`,
    `ecomagg ${manifest.version}, Node ${process.version}, DuckDB ${manifest.devDependencies['@duckdb/node-api']} with ${threads} threads, ${pandas === undefined ? 'no pandas' : `pandas ${pandas}`}`,
  ]
}
