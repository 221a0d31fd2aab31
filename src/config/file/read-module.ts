import { createJiti } from 'jiti'
import type { KnownError } from '../../lib/errors.ts'
import { brokenFile } from '../problems/problem.ts'
import * as api from '../schema/api.ts'
import { explained } from './module-errors.ts'

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>

/**
 * Runs a module in TypeScript or JavaScript and gives what it exports. It may import from 'ecomagg' in any
 * folder, without an installation. Nothing is kept on disk.
 *
 * @throws KnownError config_broken
 */
export async function readModule(file: string, label: string): Promise<Exports> {
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    interopDefault: true,
    debug: false,
    // Lines of errors are those of the file.
    transformOptions: { retainLines: true },
    virtualModules: { ecomagg: api },
  })
  try {
    return await inTime(jiti.import<Exports>(file))
  } catch (error) {
    throw brokenModule(file, label, error)
  }
}

const SECONDS = 60

/** A file that waits for what never comes must not end the process without a word. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it takes more than ${SECONDS} seconds`)), SECONDS * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The default export of a settings file. @throws KnownError config_broken */
export async function readSettingsModule(file: string, label: string, text: string): Promise<unknown> {
  const exports = await readModule(file, label)
  // A file without any code counts as CommonJS, which always has one.
  if (!('default' in exports) || text.trim() === '') throw noObject(file, label, 'it has no default export')
  const value: unknown = exports.default
  if (value instanceof Promise) {
    value.catch(() => {})
    throw noObject(file, label, 'its default export is a promise (await it in the file)')
  }
  if (typeof value === 'function') throw noObject(file, label, 'its default export is a function')
  return value
}

function noObject(file: string, label: string, what: string): KnownError {
  return brokenFile('config_broken', file, label, what, {
    allowed: 'export default { … }',
    hint: 'write: export default { … }',
  })
}

function brokenModule(file: string, label: string, error: unknown): KnownError {
  const { what, position } = explained(file, error)
  return brokenFile('config_broken', file, label, `it cannot be loaded: ${what}`, { position, cause: error })
}
