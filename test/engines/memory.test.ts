import { describe, expect, test } from 'vitest'
import { numbersBy } from '../support/memory-run.ts'
import { runOrders, type ShopOrder } from '../support/order-shop.ts'

const sum = (values: Iterable<bigint>) => [...values].reduce((all, one) => all + one, 0n)

describe('corrected discounts', () => {
  const orders: readonly ShopOrder[] = [
    { id: 'a', user: 'u1', total: '15', discount: '5', coupon: 'TEN', lines: [['p', '20', '1']] },
    { id: 'b', user: 'u1', total: '30', discount: '', coupon: 'TEN', lines: [['p', '10', '3']] },
    { id: 'c', user: 'u2', total: '9', discount: '1.01', coupon: 'TEN', lines: [['p', '10', '1']] },
    { id: 'd', user: 'u2', total: '7', discount: '3', coupon: 'FIVE', day: '2025-01-02' },
    { id: 'e', user: 'u3', total: '4', discount: '0.5', day: '2025-01-02', lines: [['q', '4', '1']] },
  ]
  const coupons = {
    TEN: { percent: 10, action: 'correct' },
    FIVE: { amount: 5, action: 'correct' },
  }
  // 2 and 3 instead of 5 and none; 1.01 is within the tolerance, d has no lines, e no coupon.
  const perCoupon = { TEN: 2_0000n + 3_0000n + 1_0100n, FIVE: 3_0000n, NO_COUPON: 5000n }

  test('are those of every table and of both sides of the control total', async () => {
    const { tables, verdict } = await runOrders(orders, { coupons })
    const total = sum(Object.values(perCoupon))
    const daily = tables.get('daily_business_metrics')!
    const performance = tables.get('coupon_performance')!
    const lifetime = tables.get('user_lifetime_metrics')!
    expect(numbersBy(daily, [], 'total_discount').get('')).toBe(total)
    expect(
      Object.fromEntries(numbersBy(performance, ['discount_coupon_code'], 'total_discount_given')),
    ).toEqual(perCoupon)
    expect(Object.fromEntries(numbersBy(lifetime, ['user_id'], 'total_discount'))).toEqual({
      u1: 5_0000n,
      u2: 4_0100n,
      u3: 5000n,
    })
    const control = verdict.controlTotals.find(({ name }) => name === 'discount')!
    expect(control.sides.map(({ value }) => BigInt(value))).toEqual(Array(4).fill(total))
  })

  test('total_price stays, and so does all revenue', async () => {
    const [plain, corrected] = await Promise.all([runOrders(orders, {}), runOrders(orders, { coupons })])
    const revenue = (run: typeof plain) =>
      run.verdict.controlTotals.find(({ name }) => name === 'revenue')!.sides.map(({ value }) => value)
    expect(revenue(corrected)).toEqual(Array(5).fill(65_0000))
    expect(revenue(plain)).toEqual(revenue(corrected))
    for (const table of ['session_attribution', 'session_funnel', 'product_performance_daily'])
      expect(corrected.csvs[table]).toBe(plain.csvs[table])
  })

  test('warn changes no table', async () => {
    const warn = { TEN: { percent: 10 }, FIVE: { amount: 5 } }
    const [plain, warned] = await Promise.all([runOrders(orders, {}), runOrders(orders, { coupons: warn })])
    expect(warned.csvs).toEqual(plain.csvs)
  })

  test('findings of the export are those of what was recorded', async () => {
    const refund: ShopOrder = { id: 'f', discount: '-4', coupon: 'TEN', lines: [['p', '10', '1']] }
    const { verdict } = await runOrders([refund], { coupons })
    expect(verdict.findings.find(({ code }) => code === 'negative_amounts')?.details).toEqual({
      'order_table.discount': '1 row, together -4.00',
    })
    const minus: ShopOrder = { id: 'g', discount: '4', coupon: 'TEN', lines: [['p', '-10', '-1']] }
    const { verdict: other } = await runOrders([minus], { coupons })
    expect(other.findings.find(({ code }) => code === 'negative_amounts')?.details).toEqual({
      'order_line_item_table.product_price': '1 row, together -10.00',
    })
  })

  test('sums beyond 2^53', async () => {
    // Each gives 10 % of 10^9 × 9,000; 120 of them are 1.08 × 10^18 ten-thousandths.
    const many = Array.from(
      { length: 120 },
      (_, i): ShopOrder => ({
        id: `o${i}`,
        coupon: 'TEN',
        discount: '1000000000',
        lines: [['p', '1000000000', '9000']],
      }),
    )
    const odd: ShopOrder = { id: 'x', discount: '0.0001' }
    const { tables, verdict } = await runOrders([...many, odd], { coupons })
    const performance = tables.get('coupon_performance')!
    const total = 120n * 9_000_000_000_000_000n
    expect(numbersBy(performance, ['discount_coupon_code'], 'total_discount_given').get('TEN')).toBe(total)
    expect(numbersBy(tables.get('user_lifetime_metrics')!, ['user_id'], 'total_discount').get('u')).toBe(
      total + 1n,
    )
    expect(verdict.findings.find(({ code }) => code === 'coupon_discounts_corrected')?.details).toMatchObject(
      {
        orders_corrected: 120,
        discount_recorded: '120,000,000,000.00',
        discount_used: '108,000,000,000,000.00',
      },
    )
  })
})
