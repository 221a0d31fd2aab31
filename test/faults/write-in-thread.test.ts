import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, expectNew, expectOld, type Place } from './bench.ts'
import { type Ended, main, until } from './commands.ts'
import { hasStrace } from './tracing.ts'

const THREADS = ['--threads=2']

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

/** The tables that are being written, of which none has been published. */
function staged(place: Place): string[] {
  const work = existsSync(place.work) ? readdirSync(place.work) : []
  const staging = work.find((name) => name.startsWith('staging-'))
  return staging === undefined ? [] : readdirSync(join(place.work, staging))
}

describe.skipIf(!hasStrace)('a signal while the thread forces a table to disk', () => {
  // Every table takes so long that the signal comes before the last one.
  const SLOW = ['strace', '-f', '-o', '/dev/null', '--trace=fsync', '--inject=fsync:delay_enter=300000']

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s: the old set stays, and no staging',
    async (signal) => {
      const place = bench.place()
      const { ended } = place.start(THREADS, { by: SLOW })
      const pid = await place.holder()
      await until('a table in the staging folder', () => staged(place).some((name) => name.endsWith('.csv')))
      process.kill(pid, signal)
      const { exit, stderr } = await ended
      expect(exit, stderr).toBe(signal)
      expect(stderr).toContain(signal)
      expectOld(place, { exit, stderr, stdout: '' })
      expect(place.status()).toBe('interrupted')
      expect(await place.brokenCleanRun()).toEqual([])
      place.dispose()
    },
  )
})

/** Runs the program with another file in the place of the thread's, made from what stands there. */
function withThread(place: Place, code: (own: string) => string): Promise<Ended> {
  const program = join(place.folder, 'program')
  const root = dirname(dirname(dirname(main)))
  cpSync(join(root, 'dist'), join(program, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(program, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'))
  const entry = join(program, 'dist/write-worker.js')
  writeFileSync(entry, code(readFileSync(entry, 'utf8')))
  return place.process(THREADS, { program: join(program, 'dist/cli/main.js') })
}

/** Longer than it takes to compute all tables. */
const LATE = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000)'

test('a thread that is there only when all tables have been computed writes them all', async () => {
  const place = bench.place()
  expectNew(place, await withThread(place, (own) => own.replace(/^say\(.*$/m, `${LATE}\n$&`)))
  place.dispose()
})

describe('a thread that ends without having been told to', () => {
  test.each([
    ['at its start', 'process.exit(3)'],
    ['when all tables have been computed', `${LATE}; process.exit(3)`],
  ])('%s: the tables are written without it', async (_, code) => {
    const place = bench.place()
    expectNew(place, await withThread(place, () => code))
    place.dispose()
  })

  test.each([
    ['by itself', 'process.exit(3)', 'writer_ended'],
    ['by an error', "throw new Error('on purpose')", 'on purpose'],
  ])('%s, with a table in its hands: nothing is published', async (_, deed, said) => {
    const place = bench.place()
    const code = `import { parentPort } from 'node:worker_threads'
      parentPort.on('message', () => { ${deed} })
      parentPort.postMessage({ isReady: true })`
    const ended = await withThread(place, () => code)
    expect(ended.exit, ended.stderr).toBe(70)
    expect(ended.stderr).toContain(said)
    expectOld(place, ended)
    expect(place.status()).toBe('failed')
    expect(await place.brokenCleanRun()).toEqual([])
    place.dispose()
  })
})
