import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eachWithPublishedDays, expectDone, type PublishedDays } from '../support/published-days.ts'
import { changed, shopDays } from '../support/shop-days.ts'

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

const order = (date: string, price: string) => `visitor-2,beta-2,order-x,${date} 18:00:00,${price},,,`
const line = (date: string) => `line-x,,order-x,${date} 18:00:00,Mug,5,1,`

/** Order and line item of one key on 4 and 5 March, the later date first in the file. */
const backwards = changed(
  changed(shopDays(4, 5), 'order_table', {
    plus: [order('2024-03-05', '7.00'), order('2024-03-04', '5.00')],
  }),
  'order_line_item_table',
  { plus: [line('2024-03-05'), line('2024-03-04')] },
)

describe('a key that stands on several dates', () => {
  test.each([['--incremental'], ['--full', '--allow-shrink']])(
    'counts on the earliest, and a note says where that is not the first in the file (%s)',
    async (...args) => {
      const ran = await shop.run(shop.slice(backwards), [...args, '--max-reject-rate', '1'])
      expectDone(ran)
      const daily = readFileSync(join(shop.output, 'daily_business_metrics.csv'), 'utf8')
      // 4 March: 40.50 + 4.25 + 5.00; 5 March: 50.50 + 5.25.
      expect(daily).toMatch(/^2024-03-04,49\.75,3,/m)
      expect(daily).toMatch(/^2024-03-05,55\.75,2,/m)
      const notes = ran.record.notices.join('\n')
      expect(notes).toMatch(/order_table: 1 key of the raw files .* not the first in the file/)
      expect(notes).toMatch(/order_line_item_table: 1 key of the raw files .* not the first in the file/)
      expect(notes).not.toContain('session_table: ')
    },
  )

  test('is told of as any conflicting row: counted, and with its line in the rejects', async () => {
    const ran = await shop.add(shop.slice(backwards), '--max-reject-rate', '1', '--show-values')
    expectDone(ran)
    const accounting = (table: string) => ran.record.inputs.find((one) => one.table === table)!.accounting
    expect(accounting('order_table')).toMatchObject({ read: 6, duplicate: 1, conflicting: 1, accepted: 5 })
    expect(accounting('order_line_item_table')).toMatchObject({ read: 6, duplicate: 1, conflicting: 1 })
    const money = (table: string) => ran.record.inputs.find((one) => one.table === table)!.money
    // 4 March 40.50 + 4.25 + 5.00, 5 March 50.50 + 5.25 + 7.00, of which 7.00 repeat a key.
    expect(money('order_table')).toEqual({ read: '112.50', rejected: '7.00', reject_rate: 7 / 112.5 })
    expect(money('order_line_item_table')).toMatchObject({ rejected: '5.00' })
    expect(money('session_table')).toBeNull()
    const rejects = readFileSync(join(shop.logs, `${ran.record.run_id}.rejects.csv`), 'utf8')
    // The header is line 1; two days have two rows each.
    expect(rejects).toContain('order_table,order_table.csv,6,,conflicting_duplicate,order-x\n')
    expect(rejects).toContain(
      'order_line_item_table,order_line_item_table.csv,6,,conflicting_duplicate,line-x\n',
    )
  })

  test('needs no note where the file is in the order of days', async () => {
    const forwards = changed(shopDays(4, 5), 'order_table', {
      plus: [order('2024-03-04', '5.00'), order('2024-03-05', '7.00')],
    })
    const ran = await shop.add(shop.slice(forwards), '--max-reject-rate', '1')
    expectDone(ran)
    expect(ran.record.notices.join()).not.toContain('not the first in the file')
    expect((await shop.verifyAgainst(shop.slice(wholeWith(forwards)))).exit).toBe(0)
  })

  test('is refused where too many rows repeat others, those of other dates included', async () => {
    const again = changed(shopDays(4), 'order_table', {
      plus: ['visitor-2,beta-2,order-b2,2024-03-04 18:00:00,9,,,'],
    })
    const ran = await shop.add(shop.slice(again))
    expect([ran.exit, ran.record.error?.code]).toEqual([65, 'too_many_rejects'])
    expect(ran.record.error?.message).toContain('conflicting_duplicate')
  })
})

/** The first three days, and these after them. */
function wholeWith(slice: Readonly<Record<string, string>>): Record<string, string> {
  const before = shopDays(1, 2, 3)
  return Object.fromEntries(
    Object.entries(slice).map(([table, text]) => [
      table,
      before[table]! + text.slice(text.indexOf('\n') + 1),
    ]),
  )
}
