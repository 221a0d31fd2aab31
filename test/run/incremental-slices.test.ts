import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  eachWithPublishedDays,
  expectDone,
  expectUnchanged,
  type PublishedDays,
} from '../support/published-days.ts'
import { addressOfDay, shopDays } from '../support/shop-days.ts'
import { bytesBelow } from '../support/slice-workspace.ts'

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

describe('slices with', () => {
  test.each([[['--bom']], [['--no-escape-formulas']], [['--bom', '--no-escape-formulas']]])(
    '%s',
    async (args) => {
      rmSync(shop.output, { recursive: true })
      for (const day of [2, 1, 3]) expectDone(await shop.add(shop.slice(shopDays(day)), ...args))
      expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3], ...args))
      expect((await shop.verifyAgainstDays([1, 2, 3])).exit).toBe(0)
    },
  )

  test('gzip', async () => {
    const input = join(shop.folder, 'zipped')
    mkdirSync(input)
    for (const [table, text] of Object.entries(shopDays(4)))
      writeFileSync(join(input, `${table}.csv.gz`), gzipSync(text))
    expectDone(await shop.add(input))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
  })

  test('offsets that carry rows to another date of the shop', async () => {
    shop.writeSettings({ timezone: 'America/New_York' })
    const zoned = (tables: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(tables).map(([name, text]) => [name, text.replace(/(\d\d:\d\d:\d\d),/g, '$1Z,')]),
      )
    // In New York 00:05 UTC of a date is still the date before: each file holds rows of two dates.
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.add(shop.slice(zoned(shopDays(1, 2)))))
    expectDone(await shop.add(shop.slice(zoned(shopDays(3, 4))), '--merge-days'))
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(zoned(shopDays(1, 2, 3, 4)))))
  })

  test.each(['mobile-revenue', 'traffic-hourly', 'profit-margin'])('the example %s', async (name) => {
    shop.writeExample(name)
    rmSync(shop.output, { recursive: true })
    for (const day of [3, 1, 2]) expectDone(await shop.add(shop.slice(shopDays(day))))
    expectUnchanged(await shop.add(shop.slice(shopDays(2))))
    const output = join(shop.folder, 'all at once')
    const folders = ['--input', shop.slice(shopDays(1, 2, 3)), '--output', output]
    expect((await shop.ecomagg(['process', ...folders])).exit).toBe(0)
    const csvs = (folder: string) => [...bytesBelow(folder)].filter(([file]) => /^[^/]+\.csv$/.test(file))
    expect(csvs(shop.output)).toEqual(csvs(output))
    expect(csvs(output).length).toBe(name === 'traffic-hourly' ? 8 : 7)
    expect((await shop.verifyAgainstDays([1, 2, 3])).exit).toBe(0)
  })

  test('filters of sessions, users and orders whose rows are on other dates', async () => {
    shop.writeSettings({
      filters: {
        sessions: ['alpha-2'],
        users: ['visitor-3'],
        ips: [addressOfDay(1)],
        ordersBelow: 2,
      },
    })
    for (const order of [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 4, 1, 3],
    ]) {
      rmSync(shop.output, { recursive: true })
      for (const day of order) expectDone(await shop.add(shop.slice(shopDays(day))))
      expect(shop.results(), String(order)).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
    }
  })
})
