import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  eachWithPublishedDays,
  expectDone,
  expectUnchanged,
  type PublishedDays,
} from '../support/published-days.ts'
import { changed, shopDays } from '../support/shop-days.ts'
import { RESULTS } from '../support/slice-workspace.ts'

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

describe('what the options let through:', () => {
  test('--merge-days adds rows that came late, and leaves those that are there', async () => {
    const late = {
      ...Object.fromEntries(Object.entries(shopDays()).map(([name, text]) => [name, text])),
      order_table: changed(shopDays(), 'order_table', {
        plus: ['visitor-2,beta-2,order-c2,2024-03-02 18:00:00,7.25,,,'],
      }).order_table!,
    }
    expectDone(await shop.add(shop.slice(late), '--merge-days'))
    const all = changed(shopDays(1, 2, 3), 'order_table', {
      plus: ['visitor-2,beta-2,order-c2,2024-03-02 18:00:00,7.25,,,'],
    })
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })

  test('--allow-shrink replaces the date, and a note names what is gone', async () => {
    const slice = changed(shopDays(2), 'order_table', { without: 'order-a2' })
    const ran = await shop.add(shop.slice(slice), '--allow-shrink')
    expectDone(ran)
    const note = ran.record.notices.find((notice) => notice.includes('--allow-shrink'))
    expect(note).toMatch(/2024-03-02/)
    expect(note).toMatch(/order_table/)
    expect(note).toMatch(/\b20\.50\b/)
    const all = changed(shopDays(1, 2, 3), 'order_table', { without: 'order-a2' })
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })

  test('--allow-shrink without anything that is gone says nothing', async () => {
    const ran = await shop.add(shop.slice(shopDays(2)), '--allow-shrink')
    expectUnchanged(ran)
    expect(ran.record.notices.filter((notice) => notice.includes('gone'))).toEqual([])
  })

  test('--full --allow-shrink gives dates up', async () => {
    expectDone(await shop.run(shop.slice(shopDays(2, 3)), ['--full', '--allow-shrink']))
    expect(shop.results()).toEqual(await shop.plainResultsOf([2, 3]))
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expect(shop.results()).toEqual(await shop.plainResultsOf([2, 3, 4]))
  })

  test('a plain run with --force puts its own rows there, and the history goes', async () => {
    expectDone(await shop.run(shop.slice(shopDays(4)), ['--force']))
    expect(existsSync(join(shop.output, '.ecomagg'))).toBe(false)
    expect(shop.manifest().mode).toBe('plain')
    expect(shop.results()).toEqual(await shop.plainResultsOf([4]))
  })

  test.each([
    ['rfm', { rfm: { monetary: [2000, 1000, 20, 5] } }],
    [
      'purchaseFrequencyBuckets',
      {
        purchaseFrequencyBuckets: [
          { from: 0, name: 'none' },
          { from: 1, name: 'once or more' },
        ],
      },
    ],
    ['maxRejectRate', { maxRejectRate: 0.5 }],
    ['maxRejectRate of a table', { rawTables: { click_table: { maxRejectRate: 0.5 } } }],
    ['totalPrice', { totalPrice: 'gross' }],
    ['listPrices', { listPrices: { Mug: 30 } }],
    ['coupons that are only reported', { coupons: { CODE1: { percent: 10 } } }],
    ['coupons that correct', { coupons: { CODE1: { percent: 10, action: 'correct' } } }],
    ['timeOnPageCap', { timeOnPageCap: 60 }],
    ['funnel', { funnel: { productView: ['/products'], steps: { home: [{ equals: '/' }] } } }],
    ['channels', { channels: { rules: [{ group: 'Ours', source: ['google'] }] } }],
  ])('another setting of %s, which counts for all dates', async (_, more) => {
    shop.writeSettings(more)
    const ran = await shop.add(shop.slice(shopDays(4)))
    expect(ran.exit, ran.stderr).toBe(0)
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
    // Also where the slice brings nothing.
    shop.writeSettings({})
    expect((await shop.add(shop.slice(shopDays(4)))).exit).toBe(0)
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
  })

  test.each(['--bom', '--no-escape-formulas'])('%s, with which the set was not written', async (option) => {
    expectDone(await shop.add(shop.slice(shopDays(3)), option))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3], option))
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
  })

  test.each(RESULTS)(
    'a slice for a set of which somebody has changed %s, which is made good',
    async (name) => {
      const path = join(shop.output, name)
      for (const day of [4, 4]) {
        writeFileSync(path, `~${readFileSync(path, 'utf8').slice(1)}`)
        expectDone(await shop.add(shop.slice(shopDays(day))))
        expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
      }
    },
  )

  test('dates that come backwards, one by one, beginning without any set', async () => {
    rmSync(shop.output, { recursive: true })
    for (const day of [4, 3, 2, 1]) expectDone(await shop.add(shop.slice(shopDays(day))))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
  })

  test('slices without any row, at the beginning and later', async () => {
    rmSync(shop.output, { recursive: true })
    const empty = { ...shopDays(), user_table: `${shopDays().user_table!.split('\n')[0]}\n` }
    expectDone(await shop.add(shop.slice(empty)))
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(empty)))
    expectDone(await shop.add(shop.slice(shopDays(2))))
    const before = shop.results()
    expectUnchanged(await shop.add(shop.slice(empty)))
    expect(shop.results()).toEqual(before)
    expect(before).toEqual(await shop.plainResultsOf([2]))
  })

  test('the only date emptied, with --allow-shrink, but for one row that makes no calendar', async () => {
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.add(shop.slice(shopDays(2))))
    const click = ['click-9,,2024-03-02 08:00:00,/,x']
    const rest = changed(shopDays(), 'click_table', { plus: click })
    expectDone(await shop.add(shop.slice(rest), '--allow-shrink'))
    // Users have no dates, and stay.
    const all = { ...rest, user_table: shopDays(2).user_table! }
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
    expect(shop.manifest()).toMatchObject({ as_of: null, rows_by_date: { click_table: { '2024-03-02': 1 } } })
  })

  test('missing files of a new date, with --allow-missing', async () => {
    const { session_table, order_table } = shopDays(5)
    const input = shop.slice({ session_table: session_table!, order_table: order_table! })
    expectDone(await shop.add(input, '--allow-missing'))
    const all = Object.fromEntries(
      Object.entries(shopDays(1, 2, 3)).map(([name, text]) => {
        const isThere = name === 'session_table' || name === 'order_table'
        return [name, isThere ? shopDays(1, 2, 3, 5)[name]! : text]
      }),
    )
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })
})
