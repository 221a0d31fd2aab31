import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What can be imported of what is built, by the name of its file. */
const MODULES = {
  engine: 'src/engines/memory/index.ts',
  contract: 'src/custom/contract.ts',
  'run-once': 'src/run/run-once.ts',
  lock: 'src/run/lock/lock.ts',
  'table-writer': 'src/run/commit/table-writer.ts',
  'write-in-thread': 'src/run/commit/write-in-thread.ts',
  // Threads are started by their files, which stand beside the parts that start them.
  'load-worker': 'src/parsers/threads/load-worker.ts',
  'write-worker': 'src/run/commit/write-worker.ts',
}

/** Of many files: read one by one, they would take most of the time in which a thread starts. */
const BUNDLED = ['zod', 'date-fns', '@date-fns/utc']

/**
 * Modules of the sources as they are built, for tests of what a thread is started for: a thread needs a file of
 * its own, which the sources are not. In few parts, so that a thread starts as fast as that of the program.
 * Its classes are not those of the sources; the two must not be mixed.
 *
 * @returns the folder, which goes when the tests of the file have ended
 */
export async function builtModules(): Promise<string> {
  mkdirSync(join(root, '.vitest'), { recursive: true })
  const folder = mkdtempSync(join(root, '.vitest/modules-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
    dependencies: Record<string, string>
  }
  await build({
    absWorkingDir: root,
    entryPoints: MODULES,
    outdir: join(folder, 'modules'),
    bundle: true,
    splitting: true,
    external: Object.keys(dependencies).filter((name) => !BUNDLED.includes(name)),
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    define: { ECOMAGG_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  return join(folder, 'modules')
}
