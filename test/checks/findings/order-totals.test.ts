import { describe, expect, test } from 'vitest'
import { runOrders, type ShopOrder } from '../../support/order-shop.ts'

async function found(orders: readonly ShopOrder[], rules: Readonly<Record<string, unknown>>) {
  const { verdict } = await runOrders(orders, rules)
  const findings = verdict.findings.filter(({ code }) => code.startsWith('order_'))
  expect(findings.length).toBeLessThanOrEqual(1)
  return findings[0]
}

/** Lines worth 20, 2 of shipping and 5 of discount: 17 if paid, 20 if gross. */
const order = (total: string, id = 'o'): ShopOrder => ({
  id,
  total,
  shipping: '2',
  discount: '5',
  lines: [
    ['p', '7.5', '2'],
    ['q', '5', '1'],
  ],
})

test('unset, the finding asks what total_price means', async () => {
  expect(await found([order('17')], {})).toMatchObject({ code: 'order_arithmetic', severity: 'information' })
})

describe('declared', () => {
  test.each([
    ['paid', '17'],
    ['gross', '20'],
  ])('%s: none where every order agrees', async (totalPrice, total) => {
    expect(await found([order(total)], { totalPrice })).toBeUndefined()
  })

  test('the orders that differ, with their money', async () => {
    const orders = [order('17', 'a'), order('20', 'b'), order('16.9999', 'c'), order('-17', 'd')]
    // d is a refund, which is not looked at.
    expect(await found(orders, { totalPrice: 'paid' })).toMatchObject({
      code: 'order_totals_differ',
      severity: 'warning',
      // 3 − 0.0001
      details: {
        orders_compared: 3,
        orders_differing: 2,
        difference: '3.00',
        absolute_difference: '3.00',
      },
    })
    expect((await found(orders, { totalPrice: 'gross' }))!.details).toEqual({
      orders_compared: 3,
      orders_differing: 2,
      // −3 − 3.0001
      difference: '-6.00',
      absolute_difference: '6.00',
    })
  })

  test('orders without lines are not compared; null shipping and discount count as 0', async () => {
    const orders = [
      { id: 'a', total: '99' },
      { id: 'b', total: '10', lines: [['p', '10', '1']] as const },
    ]
    expect(await found(orders, { totalPrice: 'paid' })).toBeUndefined()
    expect(await found(orders, { totalPrice: 'gross' })).toBeUndefined()
  })

  test('a refund is not looked at, unless it counts as an order', async () => {
    const refund = { id: 'a', total: '-18', discount: '-2', lines: [['p', '10', '-2']] as const }
    expect(await found([refund], { totalPrice: 'gross' })).toBeUndefined()
    const asOrder = { negativeOrders: 'order' }
    expect(await found([refund], { totalPrice: 'paid', ...asOrder })).toBeUndefined()
    expect((await found([refund], { totalPrice: 'gross', ...asOrder }))!.details).toMatchObject({
      difference: '2.00',
    })
  })

  test('exactly, beyond 2^53', async () => {
    const lines = [
      ['p', '1000000000', '1000000'],
      ['p', '0.01', '1'],
    ] as const
    const far = { id: 'b', total: '0', lines }
    expect((await found([far], { totalPrice: 'gross' }))!.details).toMatchObject({
      orders_differing: 1,
      difference: '-1,000,000,000,000,000.01',
    })
  })
})

test('the recorded discount counts, also where the coupon corrected it', async () => {
  // total_price was computed with the recorded 5, although the coupon gives 2.
  const orders = [{ ...order('17'), coupon: 'TEN' }]
  const rules = { totalPrice: 'paid', coupons: { TEN: { percent: 10, action: 'correct' } } }
  expect(await found(orders, rules)).toBeUndefined()
  const byCoupon = [{ ...order('20'), coupon: 'TEN' }]
  expect((await found(byCoupon, rules))!.details).toMatchObject({ difference: '3.00' })
})
