import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { readHint } from '../../lib/files/open-fault.ts'

/** Whether a text is a glob, and not the name of one file. */
function isGlob(name: string): boolean {
  return picomatch.scan(name).isGlob
}

/**
 * A glob that fits the name of one file: the name itself, unless some of its signs mean more in a glob.
 *
 * @example globOfName('orders [old].csv') → 'orders ?old?.csv'
 */
export function globOfName(name: string): string {
  return isGlob(name) || name.includes('\\') ? name.replace(/[[\](){}!*+@|\\]/g, '?') : name
}

/**
 * The files of a folder that fit at least one of some globs, each once, by the UTF-8 bytes of their names. A name that
 * is no glob stands for itself, whether it is there or not. Hidden files fit only a glob that names the dot; folders
 * behind symbolic links are not entered.
 *
 * @param globs relative to the folder, with slashes
 * @returns names relative to the folder, with slashes
 * @throws KnownError unreadable_folder (input)
 */
export function findFiles(folder: string, globs: readonly string[]): string[] {
  const names = new Set(globs.filter((glob) => !isGlob(glob)))
  const patterns = globs.filter(isGlob)
  for (const pattern of patterns) {
    const { base } = picomatch.scan(pattern)
    const fits = picomatch(pattern)
    const depth = pattern.includes('**') ? Number.POSITIVE_INFINITY : pattern.split('/').length
    for (const name of filesBelow(folder, base, depth)) if (fits(name)) names.add(name)
  }
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** @param depth most parts of a name */
function* filesBelow(folder: string, below: string, depth: number): Generator<string> {
  const start = below === '' || below === '.' ? '' : `${below}/`
  for (const entry of entriesOf(join(folder, below))) {
    const name = `${start}${entry.name}`
    if (!entry.isDirectory()) yield name
    else if (name.split('/').length < depth) yield* filesBelow(folder, name, depth)
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    const code = errnoName(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new KnownError('input', 'unreadable_folder', `${folder} cannot be listed (${code})`, {
      file: folder,
      found: code ?? String(cause),
      allowed: 'a folder that this user may list',
      hint: readHint(folder, code),
      cause,
    })
  }
}
