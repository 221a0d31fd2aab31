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

  test('rejected rows, whose dates belong to it if they can be read', async () => {
    const header = shopDays().order_table!.trimEnd()
    const rows = [
      // 5 to 8 April: a bad cell, an empty one, a NUL and bytes that are no UTF-8, beside a time that is fine.
      'visitor-2,beta-2,o1,2024-04-05 18:00:00,"7,25",,,',
      ',beta-2,o2,2024-04-06 18:00:00,7.25,,,',
      'visitor-2,beta-2,o3\u0000,2024-04-07 18:00:00,7.25,,,',
      'visitor-2,beta-2,o4~,2024-04-08 18:00:00,7.25,,,',
      // Nobody can know which cell is the time, or what it says.
      'beta-2,o5,2024-04-09 18:00:00,7.25,,,',
      'visitor-2,beta-2,o6,10-04-2024,7.25,,,',
      'visitor-2,beta-2,o7,,7.25,,,',
      'visitor-2,be"ta-2,o8,2024-04-11 18:00:00,7.25,,,',
    ]
    const input = shop.slice(shopDays(4))
    const text = Buffer.from(`${[header, ...rows].join('\n')}\n`, 'latin1')
    text[text.indexOf('~')] = 0xff
    writeFileSync(join(input, 'order_table.csv'), text)
    const ran = await shop.add(input, '--max-reject-rate', '1')
    expectDone(ran)
    expect(ran.record.inputs.find(({ table }) => table === 'order_table')!.accounting).toMatchObject({
      read: 8,
      rejected: 8,
    })
    expect(ran.record.incremental!.slice_dates).toEqual([
      '2024-03-04',
      '2024-04-05',
      '2024-04-06',
      '2024-04-07',
      '2024-04-08',
    ])
    expect(ran.record.incremental!.kept_dates).toBe(4)
  })
})
