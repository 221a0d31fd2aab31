import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, expectOld } from './bench.ts'
import { plainUser } from './commands.ts'

let bench: Bench
const asPlainUser = plainUser()

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

describe.skipIf(asPlainUser === undefined)('permissions of the settings file', () => {
  const by = asPlainUser ?? []

  test.each(['yaml', 'ts', 'json'])('%s that may not be read: exit 78, nothing changes', async (ending) => {
    const place = bench.place()
    const settings = join(place.folder, `secret.${ending}`)
    writeFileSync(settings, '{}')
    place.giveToPlainUser()
    chmodSync(settings, 0)
    const ended = await place.process(['--config', settings], { by })
    expect(ended.exit, ended.stderr).toBe(78)
    expect(ended.stderr).toContain('config_unreadable')
    expect(ended.stderr).toContain(`secret.${ending}`)
    expect(ended.stderr).not.toContain('unexpected')
    expect(place.shown()).toBe('OLD')
    place.dispose()
  })

  test('one in the working folder that may not be read is not taken for none', async () => {
    const place = bench.place()
    const settings = join(place.folder, 'ecomagg.config.json')
    writeFileSync(settings, '{}')
    place.giveToPlainUser()
    chmodSync(settings, 0)
    const ended = await place.process([], { by })
    expect([ended.exit, place.shown()]).toEqual([78, 'OLD'])
    place.dispose()
  })
})

test('a module that the settings name is gone: exit 78, named, and the old set stays', async () => {
  const place = bench.place()
  writeFileSync(join(place.folder, 'ecomagg.config.json'), '{"modules": ["./gone.ts"]}')
  const ended = await place.process()
  expect(ended.exit, ended.stderr).toBe(78)
  expect(ended.stderr).toContain('gone.ts')
  expect(place.shown()).toBe('OLD')
  place.dispose()
})

test('own code that fails half way leaves the old set, and the next run is clean', async () => {
  const place = bench.place()
  mkdirSync(join(place.folder, 'own'))
  const settings = join(place.folder, 'own', 'ecomagg.config.js')
  writeFileSync(
    settings,
    `import { column, defineConfig, defineTable } from 'ecomagg'
export default defineConfig({
  tables: [
    defineTable({
      name: 'broken_table',
      grain: 'never',
      key: ['date'],
      order: [{ column: 'date' }],
      needs: { order_table: ['time'] },
      columns: { date: column.date('day') },
      aggregate: () => {
        throw new Error('on purpose')
      },
    }),
  ],
})
`,
  )
  const ended = await place.process(['--config', settings])
  expect(ended.exit, ended.stderr).toBe(78)
  expect(ended.stderr).toContain('table broken_table of the settings failed: Error: on purpose')
  expectOld(place, { ...ended, exit: 78 })
  expect(existsSync(join(place.output, 'broken_table.csv'))).toBe(false)
  expect(await place.brokenCleanRun()).toEqual([])
  place.dispose()
})
