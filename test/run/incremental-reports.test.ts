import { rmSync, statSync } from 'node:fs'
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

/** A file that was put in place has another number. */
function inodes({ output }: PublishedDays) {
  return { inode: RESULTS.map((name) => statSync(join(output, name)).ino) }
}

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

describe('what is said:', () => {
  test.each([
    ['the same slice again', [1, 2, 3]],
    ['one of its dates again', [2]],
  ])('%s publishes nothing, and says so', async (_, days) => {
    const before = shop.everything()
    const { inode } = inodes(shop)
    const ran = await shop.add(shop.slice(shopDays(...days)))
    expectUnchanged(ran)
    expect([...shop.everything()]).toEqual([...before])
    expect(inodes(shop).inode).toEqual(inode)
    expect(ran.record.incremental).toMatchObject({
      slice_dates: days.map((n) => `2024-03-0${n}`),
      changed_dates: [],
      updated: [],
      kept_dates: 3,
    })
    expect(ran.record.notices.join()).toMatch(/nothing that was not there already/)
    expect(ran.stdout).toMatch(/nothing new, the published set stays as it is, \d+ rows read/)
    // Each record is accounted for all the same.
    const orders = ran.record.inputs.find(({ table }) => table === 'order_table')!
    expect(orders.accounting).toMatchObject({
      read: 2 * days.length,
      accepted: 2 * days.length,
      duplicate: 0,
    })
    const listed = await shop.ecomagg(['logs', '--log-dir', shop.logs])
    expect(listed.stdout).toContain('unchanged')
    expect((await shop.ecomagg(['logs', '--failed', '--log-dir', shop.logs])).stdout).not.toContain(
      ran.record.run_id,
    )
  })

  test('the same slice again is published if another as-of date is asked for', async () => {
    expectDone(await shop.add(shop.slice(shopDays(3)), '--as-of', '2024-04-01'))
    expectUnchanged(await shop.add(shop.slice(shopDays(3)), '--as-of', '2024-04-01'))
    expectDone(await shop.add(shop.slice(shopDays(3))))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3]))
  })

  test('findings of --strict are those of all kept rows, also if the slice brings nothing', async () => {
    const ran = await shop.add(shop.slice(shopDays(3)), '--strict')
    expect([ran.exit, ran.record.error?.code]).toEqual([65, 'strict_findings'])
  })

  test('own code is asked each time, and publishes nothing if it gives the same', async () => {
    shop.writeExample('traffic-hourly')
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.add(shop.slice(shopDays(1, 2))))
    expectUnchanged(await shop.add(shop.slice(shopDays(2))))
    expectDone(await shop.add(shop.slice(shopDays(3))))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3]))
  })

  test('dates of the slice, dates outside of it with their tables and the reason', async () => {
    const ran = await shop.add(shop.slice(shopDays(4)))
    expectDone(ran)
    const { slice_dates, changed_dates, updated, kept_dates, history_bytes } = ran.record.incremental!
    expect([slice_dates, changed_dates, kept_dates]).toEqual([['2024-03-04'], ['2024-03-04'], 4])
    // On 4 March session alpha-3 of 3 March goes on: a pageview, an order, and its mug is bought.
    expect(updated.map(({ date, tables }) => ({ date, tables: [...tables].sort() }))).toEqual([
      {
        date: '2024-03-03',
        tables: [
          'daily_business_metrics',
          'page_engagement_metrics',
          'product_performance_daily',
          'session_attribution',
          'session_funnel',
        ],
      },
    ])
    // 4 March has two orders, of 40.50 and 4.25.
    expect(ran.record.incremental!.revenue).toEqual([{ date: '2024-03-04', before: '0.00', now: '44.75' }])
    expect(ran.record.incremental!.tables).toContainEqual({
      table: 'session_funnel',
      dates: 2,
      rows_before: 6,
      rows: 8,
    })
    const sizes = shop.historyFiles().map((name) => statSync(join(shop.history, name)).size)
    expect(history_bytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
    const notes = ran.record.notices.join('\n')
    expect(notes).toMatch(/1 date in the slice \(2024-03-04\), 1 of them new or changed/)
    expect(notes).toMatch(/1 date outside of the slice changed: 2024-03-03 \(.*session_funnel.*\)/)
    expect(notes).toMatch(/revenue of 1 date changed: 2024-03-04 0\.00 -> 44\.75; \+44\.75 in all/)
  })

  test('only dates that differ count as changed', async () => {
    const slice = changed(shopDays(1, 2, 3), 'click_table', {
      plus: ['click-new,beta-2,2024-03-02 12:05:00,/,x'],
    })
    const { record } = await shop.add(shop.slice(slice))
    expect(record.incremental).toMatchObject({
      slice_dates: ['2024-03-01', '2024-03-02', '2024-03-03'],
      changed_dates: ['2024-03-02'],
      updated: [],
    })
  })

  test('a user who changes changes past dates', async () => {
    const { user_table, ...others } = shopDays()
    const input = shop.slice({ ...others, user_table: `${user_table!.split('\n')[0]}\nvisitor-2,1,0\n` })
    const { record } = await shop.add(input)
    // visitor-2 ordered on 2 March, and turns from a new into a repeat customer.
    expect(record.incremental!.updated).toEqual([{ date: '2024-03-02', tables: ['daily_business_metrics'] }])
    expect(record.incremental!.slice_dates).toEqual([])
  })

  test('the manifest counts the rows of all dates, and says how the set was made', async () => {
    const perDate = (count: number, days: readonly number[]) =>
      Object.fromEntries(days.map((n) => [`2024-03-0${n}`, count]))
    const rows = (days: readonly number[]) => ({
      session_table: perDate(2, days),
      order_table: perDate(2, days),
      order_line_item_table: perDate(2, days),
      add_to_cart_table: perDate(2, days),
      pageview_table: perDate(3, days),
      scroll_table: perDate(1, days),
      click_table: perDate(1, days),
    })
    expectDone(await shop.add(shop.slice(shopDays(5))))
    expect(shop.manifest()).toMatchObject({ mode: 'incremental', as_of: '2024-03-05', as_of_given: false })
    expect(shop.manifest().rows_by_date).toEqual(rows([1, 2, 3, 5]))
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 5)), ['--full']))
    expect(shop.manifest().mode).toBe('full')
    expect(shop.manifest().rows_by_date).toEqual(rows([1, 2, 3, 5]))
    expectDone(await shop.run(shop.slice(shopDays(1, 2)), ['--force']))
    expect(shop.manifest().mode).toBe('plain')
    expect(shop.manifest().rows_by_date).toEqual(rows([1, 2]))
  })

  test('an as-of date that was chosen counts for its run alone', async () => {
    expectDone(await shop.add(shop.slice(shopDays(4)), '--as-of', '2024-05-01'))
    expect(shop.manifest()).toMatchObject({ as_of: '2024-05-01', as_of_given: true })
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4], '--as-of', '2024-05-01'))
    expect((await shop.verifyAgainstDays([1, 2, 3, 4])).exit).toBe(0)
    expectDone(await shop.add(shop.slice(shopDays(5))))
    expect(shop.manifest()).toMatchObject({ as_of: '2024-03-05', as_of_given: false })
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4, 5]))
    expect((await shop.verifyAgainstDays([1, 2, 3, 4, 5])).exit).toBe(0)
  })
})
