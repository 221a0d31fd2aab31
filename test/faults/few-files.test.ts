import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases, chosen } from '../support/effort.ts'
import { canRun } from '../support/tools.ts'
import { Bench, type Place } from './bench.ts'
import { type Ended, inShell, run } from './commands.ts'

const ENOUGH = 40

const canLimit = process.platform !== 'win32' && canRun('ulimit', ['bash', '-c', 'ulimit -n 40'])
let bench: Bench
let first: number

beforeAll(async () => {
  bench = await Bench.make()
  if (canLimit) first = fewest()
})

afterAll(() => bench?.dispose())

/** With how many files Node starts and opens one file: below, nobody is there to say anything. */
function fewest(): number {
  const file = join(bench.folder, 'empty.mjs')
  writeFileSync(file, '')
  for (let files = 10; files < ENOUGH; files++) {
    const [command = '', ...args] = [...limited(files), process.execPath, file]
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return files
  }
  throw new Error('Node does not start')
}

const limited = (files: number) => inShell(`ulimit -n ${files} && exec "$@"`)

const COMMANDS: Readonly<Record<string, (place: Place) => readonly string[]>> = {
  process: (place) => place.args(),
  'process --threads 4': (place) => place.args('--threads=4'),
  'process --full': (place) => place.args('--full'),
  check: (place) => ['check', ...place.args().slice(1)],
  verify: (place) => ['verify', '--output', place.output],
  sample: (place) => ['sample', '--output', join(place.folder, 'sample')],
  logs: (place) => ['logs', '--log-dir', place.logs],
  config: () => ['config'],
}

describe.skipIf(!canLimit)('too few open files', () => {
  test.each(chosen(Object.keys(COMMANDS), (_, i) => i % 3 === 0))(
    '%s: exit 74 with limit and need, and the old set stays',
    async (name) => {
      const place = bench.place()
      const ends = new Map<number, Ended['exit']>()
      for (let files = first; files < ENOUGH; files += files < first + cases(1, 4) ? 1 : 3) {
        const ended = await run(COMMANDS[name]!(place), { cwd: place.folder, by: limited(files) })
        ends.set(files, ended.exit)
        if (ended.exit === 0) break
        expect(ended.exit, `${files} files: ${ended.stderr}`).toBe(74)
        expect(ended.stderr).toMatch(
          new RegExp(`^error \\(too_few_files\\): this process may have ${files} files open at a time`, 'm'),
        )
        expect(ended.stderr).toContain(`needs up to ${ENOUGH}`)
        expect([place.shown(), place.litter(), place.brokenLogs()]).toEqual(['OLD', [], []])
      }
      expect(ends.get(first)).toBe(74)
      place.dispose()
    },
  )

  test.each(Object.keys(COMMANDS))('%s works with as many as the message asks for', async (name) => {
    const place = bench.place()
    const ended = await run(COMMANDS[name]!(place), { cwd: place.folder, by: limited(ENOUGH) })
    expect(ended.exit, ended.stderr).toBe(0)
    place.dispose()
  })
})
