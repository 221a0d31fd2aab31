import { readFileSync } from 'node:fs'
import { createJiti } from 'jiti'
import type { KnownError } from '../../lib/errors.ts'
import { brokenFile, type Position } from '../problems/problem.ts'
import * as api from '../schema/api.ts'

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

function explained(file: string, error: unknown): { what: string; position: Position | undefined } {
  if (!(error instanceof Error)) return { what: String(error), position: undefined }
  const [first] = error.message.split('\n') as [string]
  const place = /^(.*):(\d+):(\d+)\s*$/.exec(error.message.split('\n').at(-1)!)
  if (first.startsWith('ParseError: ') && place !== null) {
    const what = first.replace('ParseError: ', '').trim()
    const inOther = place[1]!.trim() === file ? '' : ` (in ${place[1]!.trim()}, line ${place[2]})`
    const position = { line: Number(place[2]), column: Number(place[3]) + 1 }
    return { what: `${what}${inOther}`, position: inOther === '' ? position : undefined }
  }
  const name = error.name === 'Error' ? '' : `${error.name}: `
  const position = frameIn(file, error.stack ?? '') ?? importIn(file, first)
  return { what: `${name}${first}${otherFrame(file, error.stack ?? '')}`, position }
}

/** The first place of a stack that is in the file. */
function frameIn(file: string, stack: string): Position | undefined {
  for (const line of stack.split('\n')) {
    const at = line.indexOf(`${file}:`)
    const place = at < 0 ? null : /^:(\d+):(\d+)/.exec(line.slice(at + file.length))
    if (place !== null) return { line: Number(place[1]), column: Number(place[2]) }
  }
  return undefined
}

/** Where it was thrown, if that is in another file of the shop's. */
function otherFrame(file: string, stack: string): string {
  const frame = /^ {4}at (?:.*\()?(?:file:\/\/)?([^()]+):(\d+):\d+\)?$/m.exec(stack)
  if (frame === null || frame[1] === file || /^node:|[\\/]node_modules[\\/]/.test(frame[1]!)) return ''
  return ` (in ${frame[1]}, line ${frame[2]})`
}

/** Where a file imports what was not found. */
function importIn(file: string, message: string): Position | undefined {
  const wanted = /^Cannot find module '([^']+)'/.exec(message)?.[1]
  if (wanted === undefined) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const index = lines.findIndex((line) => line.includes(`'${wanted}'`) || line.includes(`"${wanted}"`))
  return index < 0 ? undefined : { line: index + 1, column: 1 }
}
