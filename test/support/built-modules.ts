import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/**
 * Each module of the sources built by itself, for tests of what a thread is started for: a thread needs a file
 * of its own, which the sources are not. Its classes are not those of the sources; the two must not be mixed.
 *
 * @returns the folder, which goes when the tests of the file have ended
 */
export function builtModules(): string {
  mkdirSync(join(root, '.vitest'), { recursive: true })
  const folder = mkdtempSync(join(root, '.vitest/modules-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const modules = join(folder, 'modules')
  const tsc = ['tsc', '-p', 'tsconfig.json', '--declaration', 'false', '--outDir', modules]
  execFileSync('npx', tsc, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  return modules
}
