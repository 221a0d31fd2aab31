import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTool } from '../support/tools.ts'
import { Bench, expectNew, type Place } from './bench.ts'
import { isRoot, PLAIN_USER, plainUser } from './commands.ts'
import { expectMended, expectRefusal } from './refusals.ts'

const asPlainUser = plainUser()
let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

describe('the log folder is looked at before the output folder', () => {
  /** Expects a refusal that left the output folder as it was, to the second. */
  async function expectNoOutputWork(place: Place, options: { by?: readonly string[] } = {}): Promise<void> {
    const changed = statSync(place.output).ctimeMs
    await expectRefusal(bench, place, place.logs, options)
    expect(statSync(place.output).ctimeMs, 'something was made in the output folder').toBe(changed)
    expect(place.shown()).toBe('OLD')
  }

  test('it is missing: made, with its parents', async () => {
    const place = bench.place()
    place.logs = join(place.folder, 'deep', 'er', 'logs')
    expectNew(place, await place.process())
    place.dispose()
  })

  test('it is a file: exit 73', async () => {
    const place = bench.place()
    rmSync(place.logs, { recursive: true })
    writeFileSync(place.logs, 'a file\n')
    await expectNoOutputWork(place)
    expect(readFileSync(place.logs, 'utf8')).toBe('a file\n')
    place.dispose()
  })

  test('it is a link to nowhere: exit 73', async () => {
    const place = bench.place()
    rmSync(place.logs, { recursive: true })
    symlinkSync(join(place.folder, 'gone'), place.logs)
    await expectNoOutputWork(place)
    place.dispose()
  })

  test('it is a link to a folder: used', async () => {
    const place = bench.place()
    renameSync(place.logs, join(place.folder, 'elsewhere'))
    symlinkSync(join(place.folder, 'elsewhere'), place.logs)
    expectNew(place, await place.process())
    place.dispose()
  })

  describe.skipIf(asPlainUser === undefined)('permissions', () => {
    const by = asPlainUser ?? []

    test.each([
      ['read-only', 0o555],
      ['neither readable nor writable', 0o000],
      ['writable, but not readable', 0o333],
    ])('it is %s: exit 73', async (_, mode) => {
      const place = bench.place()
      place.giveToPlainUser()
      chmodSync(place.logs, mode)
      await expectNoOutputWork(place, { by })
      chmodSync(place.logs, 0o750)
      await expectMended(place)
    })

    test('it is missing and cannot be made: exit 73', async () => {
      const place = bench.place()
      place.giveToPlainUser()
      const parent = join(place.folder, 'read-only')
      mkdirSync(parent, { mode: 0o555 })
      place.logs = join(parent, 'logs')
      await expectNoOutputWork(place, { by })
      place.dispose()
    })

    test.skipIf(!hasTool('other users (root)', isRoot))(
      'the log that people read belongs to another user: the run is recorded all the same',
      async () => {
        const place = bench.place()
        place.giveToPlainUser()
        const log = join(place.logs, 'aggregation_log.txt')
        chownSync(log, 0, 0)
        chmodSync(log, 0o600)
        const ended = await place.process([], { by })
        expect([ended.exit, place.shown(), place.status()]).toEqual([0, 'NEW', 'published'])
        expect(ended.stderr, 'it must be said').toContain('aggregation_log.txt')
        expect(statSync(log).uid).not.toBe(PLAIN_USER)
        place.dispose()
      },
    )
  })
})
