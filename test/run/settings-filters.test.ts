import { describe, expect, test } from 'vitest'
import { runWith, type SettingsRun, SHOP } from '../support/settings-shop.ts'

describe.concurrent('filters, counted and never silent', () => {
  const orders = (run: SettingsRun) =>
    run.rows('coupon_performance').reduce((sum, row) => sum + Number(row.usage_count), 0)
  const filtered = (run: SettingsRun) =>
    Object.fromEntries(
      Object.keys(SHOP).flatMap((table) => {
        const { filtered: rows, read, accepted, duplicate } = run.accounting(table)
        expect(read).toBe(rows! + accepted! + duplicate!)
        return rows === 0 ? [] : [[table, rows]]
      }),
    )
  const ofTestUser = {
    user_table: 1,
    session_table: 1,
    order_table: 1,
    order_line_item_table: 1,
    pageview_table: 1,
  }
  const ofSessionTwo = {
    session_table: 1,
    order_table: 1,
    order_line_item_table: 1,
    pageview_table: 2,
    click_table: 1,
  }

  test.each([
    [{ testUsers: ['test-9'] }, ofTestUser, 3],
    [{ users: [{ prefix: 'test-' }] }, ofTestUser, 3],
    [{ sessions: [{ regex: '2$' }] }, ofSessionTwo, 3],
    [{ sessions: ['s2'] }, ofSessionTwo, 3],
    [{ ips: ['203.0.113.0-203.0.113.7'] }, ofSessionTwo, 3],
    [{ ips: ['203.0.113.7'] }, ofSessionTwo, 3],
    [{ paths: ['/admin'] }, { pageview_table: 1, click_table: 1 }, 4],
    [{ ordersBelow: 0.5 }, {}, 4],
    [{ ordersBelow: 0.51 }, { order_table: 1, order_line_item_table: 1 }, 3],
    [
      { ips: ['10.0.0.0/8'] },
      {
        session_table: 1,
        order_table: 1,
        order_line_item_table: 1,
        add_to_cart_table: 1,
        pageview_table: 2,
        scroll_table: 1,
      },
      3,
    ],
  ])('%j', (filters, expected, left) =>
    runWith({ filters }, (run) => {
      expect(run.exit, run.stderr).toBe(0)
      expect(filtered(run)).toEqual(expected)
      expect(orders(run)).toBe(left)
      if (Object.keys(expected).length > 0)
        expect(JSON.stringify(run.record.notices)).toContain("the shop's settings left out")
    }),
  )

  test('users whose orders are all left out stay without orders, unless the user is', () =>
    runWith({ filters: { ordersBelow: 1 } }, (run) => {
      expect(run.row('user_lifetime_metrics', { user_id: 'u2' })).toMatchObject({
        total_orders: '0',
        rfm_segment: 'Prospect',
      })
    }))
})
