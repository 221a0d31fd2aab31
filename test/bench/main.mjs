// node test/bench/main.mjs [options]: npm run bench builds before.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ecomaggMain } from './commands.mjs'
import { machineLines } from './machine.mjs'
import { measureIncremental } from './measure-incremental.mjs'
import { measureMapped } from './measure-mapped.mjs'
import { measureProcess } from './measure-process.mjs'
import { measureStartup } from './measure-startup.mjs'
import { HELP, parseOptions, UsageError } from './options.mjs'
import { writeSection } from './performance-page.mjs'

/** @import { Options } from './options.mjs' */

const MEASURES = {
  process: measureProcess,
  startup: measureStartup,
  incremental: measureIncremental,
  mapped: measureMapped,
}

process.exitCode = await main(process.argv.slice(2))

/** @param {string[]} args @returns {Promise<number>} the exit code */
async function main(args) {
  try {
    const options = parseOptions(args)
    if (options.help) process.stdout.write(HELP)
    else await measure(options)
    return 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(`bench: ${error.message}\n`)
    return error instanceof UsageError ? 64 : 1
  }
}

/** @param {Options} options */
async function measure(options) {
  if (!existsSync(ecomaggMain)) throw new Error('dist/ is not built: npm run build')
  mkdirSync(options.data, { recursive: true })
  const folder = mkdtempSync(join(options.data, 'run-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.once(signal, () => process.exit(1))
  const machine = machineLines(options)
  process.stdout.write(`${machine.join('\n')}\n`)
  for (const section of options.only) {
    const lines = await MEASURES[section]({ options, folder, say })
    process.stdout.write(`\n== ${section}\n\n${lines.join('\n')}\n`)
    if (options.write) writeSection(section, [...machine, '', ...lines])
  }
}

/** To stderr, so that the results alone can be kept. @param {string} text */
function say(text) {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}
