import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, expectNew } from './bench.ts'
import { run } from './commands.ts'
import { hasStrace, runInjected } from './tracing.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

describe('what is planted where ecomagg works is never written through', () => {
  test.each(['lock.json', 'journal.json'])('%s is a link', async (name) => {
    const place = bench.place()
    const victim = join(place.folder, 'victim')
    writeFileSync(victim, 'not yours\n')
    mkdirSync(place.work)
    symlinkSync(victim, join(place.work, name))
    expectNew(place, await place.process())
    expect(readFileSync(victim, 'utf8')).toBe('not yours\n')
    place.dispose()
  })

  test.each([
    ['garbage', 'no journal \u0000'],
    ['nothing', ''],
    ['another version', '{"schema_version":99}'],
    ['a file from elsewhere', JSON.stringify(journalOf('../../victim'))],
    ['a file beyond its folder', JSON.stringify(journalOf('..'))],
  ])('a journal with %s', async (_, text) => {
    const place = bench.place()
    writeFileSync(join(place.folder, 'victim'), 'not yours\n')
    mkdirSync(place.work)
    writeFileSync(place.journal, text)
    expectNew(place, await place.process())
    expect(readFileSync(join(place.folder, 'victim'), 'utf8')).toBe('not yours\n')
    place.dispose()
  })

  const FOREIGN_ID = '9999999999999999999999-20250101T000000Z-abcd'

  test('a run file with a number that no run of ours has: a run is numbered on', async () => {
    const place = bench.place()
    const planted = join(place.logs, `${FOREIGN_ID}.rejects.csv`)
    writeFileSync(planted, 'not yours\n')
    const ended = await place.process()
    expect([ended.exit, place.shown(), place.lastRecord().run_id.slice(0, 7)]).toEqual([0, 'NEW', '000002-'])
    expect(readFileSync(planted, 'utf8')).toBe('not yours\n')
    place.dispose()
  })

  test.skipIf(!hasStrace)(
    'beside such a file, a run that was killed after its commit is completed',
    async () => {
      const place = bench.place()
      writeFileSync(join(place.logs, `${FOREIGN_ID}.rejects.csv`), 'not yours\n')
      const { struck } = await runInjected(place, { syscall: 'rename', number: 5, fault: 'signal=SIGKILL' })
      expect([struck === undefined, place.hasJournal()]).toEqual([false, true])
      const { stdout } = await run(['verify', '--output', place.output], { cwd: place.folder })
      expect(stdout).toContain('cut short, was completed first')
      expect([place.shown(), place.hasJournal()]).toEqual(['NEW', false])
      place.dispose()
    },
  )

  test('a journal of a run that no run of ours is called by is no journal', async () => {
    const place = bench.place()
    const from = join(place.logs, `${FOREIGN_ID}.json.next`)
    const to = join(place.logs, `${FOREIGN_ID}.json`)
    const staging = join(place.work, `staging-${FOREIGN_ID}`)
    mkdirSync(staging, { recursive: true })
    writeFileSync(from, 'not yours\n')
    const journal = { schema_version: 1, run_id: FOREIGN_ID, files: [], record: { from, to } }
    writeFileSync(place.journal, JSON.stringify(journal))
    expect([(await place.process()).exit, place.shown()]).toEqual([0, 'NEW'])
    expect([existsSync(from), existsSync(to), existsSync(staging), place.hasJournal()]).toEqual([
      true,
      false,
      true,
      false,
    ])
    place.dispose()
  })

  test('a journal that would move a file of somebody else', async () => {
    const place = bench.place()
    const victim = join(place.folder, 'victim')
    writeFileSync(victim, 'not yours\n')
    mkdirSync(place.work)
    const journal = { ...journalOf('session_funnel.csv'), record: { from: victim, to: `${victim}.moved` } }
    writeFileSync(place.journal, JSON.stringify(journal))
    expectNew(place, await place.process())
    expect(existsSync(victim)).toBe(true)
    place.dispose()
  })
})

function journalOf(name: string): object {
  return {
    schema_version: 1,
    run_id: '000001-20240101T000000Z-0000',
    files: [{ name, bytes: 10, sha256: '' }],
    record: { from: '/nowhere/a.json.next', to: '/nowhere/a.json' },
  }
}
