import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @import { Command } from './run-child.mjs' */

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const ecomaggMain = join(root, 'dist/cli/main.js')

/**
 * @param {readonly string[]} args
 * @param {string} folder
 * @returns {Command}
 */
export function node(args, folder) {
  return { program: process.execPath, args, folder }
}

/**
 * A run of the built command. It starts in a folder of its own, where no settings file is.
 *
 * @param {{ rawFolder: string, output: string, folder: string, more?: readonly string[] }} options
 */
export function ecomaggProcess({ rawFolder, output, folder, more = [] }) {
  const folders = ['--input', rawFolder, '--output', output, '--log-dir', join(folder, 'logs')]
  return node([ecomaggMain, 'process', '--quiet', ...folders, ...more], folder)
}

/** @param {{ rawFolder: string, output: string, folder: string, threads: number }} options */
export function plainDuckdb({ rawFolder, output, folder, threads }) {
  return node([join(import.meta.dirname, 'plain-duckdb/run.mjs'), rawFolder, output, `${threads}`], folder)
}

/** @param {{ rawFolder: string, folder: string }} options */
export function readOnly({ rawFolder, folder }) {
  return node([join(import.meta.dirname, 'read-files.mjs'), rawFolder], folder)
}

/**
 * @param {{ python: string, rawFolder: string, output: string, folder: string }} options
 * @returns {Command}
 */
export function pandasScript({ python, rawFolder, output, folder }) {
  const script = join(import.meta.dirname, 'pandas_script.py')
  return { program: python, args: [script, rawFolder, output], folder }
}

/**
 * The python3 that a command starts, if it can import pandas. The command itself may be a script that first looks
 * for a version, which would count as time of pandas.
 *
 * @param {string} command
 * @returns {{ python: string, version: string } | undefined}
 */
export function pythonWithPandas(command) {
  try {
    const code = 'import sys, pandas; print(sys.executable); print(pandas.__version__)'
    const out = execFileSync(command, ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const [python, version] = out.split(/\r?\n/)
    return python && version ? { python, version } : undefined
  } catch {
    return undefined
  }
}
