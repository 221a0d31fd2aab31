import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chosen } from '../support/effort.ts'
import { hasTool } from '../support/tools.ts'
import { Bench, expectNew, expectOld } from './bench.ts'
import { inShell } from './commands.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

const hasFull = hasTool('/dev/full', existsSync('/dev/full'))

/** Ways in which nobody listens, as words of a shell that then runs the command. */
const NOBODY: readonly (readonly [string, string])[] = [
  ['stdout is closed', 'exec "$@" >&-'],
  ['stderr is closed', 'exec "$@" 2>&-'],
  ['stdin is closed', 'exec "$@" <&-'],
  ['all three are closed', 'exec "$@" <&- >&- 2>&-'],
  ['stdout is full', 'exec "$@" >/dev/full'],
  ['stderr is full', 'exec "$@" 2>/dev/full'],
  ['both are full', 'exec "$@" >/dev/full 2>&1'],
  ['the reader of stdout is gone', '"$@" > >(exec true); exit $?'],
  ['the reader of stderr is gone', '"$@" 2> >(exec true); exit $?'],
  ['the readers of both are gone', '"$@" > >(exec true) 2>&1; exit $?'],
  ['the reader of stdout goes after one byte', '"$@" > >(exec head -c 1 >/dev/null); exit $?'],
]

describe('nobody listens', () => {
  const ways = NOBODY.filter(([, script]) => hasFull || !script.includes('/dev/full'))

  describe.each(ways)('%s', (what, script) => {
    const by = inShell(script)
    const args = [[[]], [['--json']], [['--verbose']]]
    // By default one of them in turn.
    const turn = ways.findIndex(([name]) => name === what) % args.length

    test.each(chosen(args, (_, i) => i === turn))('with %j: published all the same', async (args) => {
      const place = bench.place()
      expectNew(place, await place.process(args, { by }))
      place.dispose()
    })

    test('a run that fails keeps its exit code and its record', async () => {
      const place = bench.place()
      place.input = bench.nowhere
      const ended = await place.process(['--json'], { by })
      expect(ended.exit, ended.stderr).toBe(66)
      expectOld(place, ended)
      expect(place.status()).toBe('failed')
      place.dispose()
    })
  })

  test('the reader of stdout does not read: the results are there before it does', async () => {
    const place = bench.place()
    const script = '"$@" > >(exec 3<&0; until [ -e go ]; do sleep 0.05; done; cat <&3 >/dev/null); exit $?'
    const run = place.start(['--json'], { by: inShell(`cd ${JSON.stringify(place.folder)}; ${script}`) })
    const published = async () => {
      while (place.shown() !== 'NEW' || place.status() !== 'published')
        await new Promise((r) => setTimeout(r, 10))
    }
    await published()
    await place.process([], { by: inShell('touch go; exit 0') })
    expectNew(place, await run.ended)
    place.dispose()
  })
})

describe('who listens hears', () => {
  test('nothing on stderr, and one line on stdout, of a run that succeeds', async () => {
    const place = bench.place()
    const { stdout, stderr } = await place.process()
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^ecomagg: published 7 tables, [^\n]*\n$/)
    place.dispose()
  })

  test('nothing at all with --quiet', async () => {
    const place = bench.place()
    const { stdout, stderr } = await place.process(['--quiet'])
    expect([stdout, stderr]).toEqual(['', ''])
    place.dispose()
  })

  test('on stderr what is wrong and what mends it, of a run that fails', async () => {
    const place = bench.place()
    rmSync(join(place.ownInput(), 'session_table.csv'))
    const { stdout, stderr } = await place.process(['--quiet'])
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error \(missing_file\): .*session_table\.csv/m)
    expect(stderr).toMatch(/what to do: /)
    place.dispose()
  })
})
