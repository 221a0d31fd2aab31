import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, expectNew } from './bench.ts'

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
