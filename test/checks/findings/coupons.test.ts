import { describe, expect, test } from 'vitest'
import { runOrders, type ShopOrder } from '../../support/order-shop.ts'

const TEN = { TEN: { percent: 10 } }

async function couponFindings(orders: readonly ShopOrder[], rules: Readonly<Record<string, unknown>>) {
  const { verdict } = await runOrders(orders, rules)
  return verdict.findings.filter(({ code }) => code.startsWith('coupon_'))
}

const order = (id: string, coupon: string, discount: string, price = '20'): ShopOrder => ({
  id,
  coupon,
  discount,
  lines: [['p', price, '1']],
})

test('none without coupons in the settings, and none where every discount fits', async () => {
  expect(await couponFindings([order('o', 'TEN', '7')], {})).toEqual([])
  expect(await couponFindings([order('o', 'TEN', '2'), order('o2', '', '5')], { coupons: TEN })).toEqual([])
})

test('discounts that differ, with the money, the worst code first', async () => {
  const coupons = { TEN: { percent: 10 }, FIVE: { amount: 5 }, FINE: { percent: 50 } }
  const orders = [
    order('o1', 'TEN', '2'),
    order('o2', 'TEN', '1.50'), // -0.50
    order('o3', 'TEN', '2.75'), // +0.75
    order('o4', 'FIVE', ''), // -5.00
    order('o5', 'FINE', '10'),
    { id: 'o6', coupon: 'TEN', discount: '1000' }, // no lines
  ]
  const [differ, unchecked, ...more] = await couponFindings(orders, { coupons })
  expect(differ).toMatchObject({ code: 'coupon_discounts_differ', severity: 'warning' })
  expect(differ!.details).toEqual({
    orders_checked: 5,
    orders_without_lines: 1,
    orders_differing: 3,
    difference: '-4.75',
    absolute_difference: '6.25',
    'code FIVE': '1 order, -5.00',
    'code TEN': '2 orders, 0.25',
  })
  expect(differ!.message).toMatch(/^the discount of 3 orders .*-4\.75.*6\.25.*FIVE.*TEN/)
  expect(unchecked).toMatchObject({
    code: 'coupon_discounts_unchecked',
    severity: 'information',
    details: { orders: 1, orders_checked: 5 },
  })
  expect(more).toEqual([])
})

test('corrected ones say what was recorded and what is used; those of a warn code stay beside them', async () => {
  const coupons = { TEN: { percent: 10, action: 'correct' }, FIVE: { amount: 5, action: 'warn' } }
  const orders = [order('o1', 'TEN', '7'), order('o2', 'TEN', ''), order('o3', 'FIVE', '4')]
  const [differ, corrected, ...more] = await couponFindings(orders, { coupons })
  expect(differ!.details).toMatchObject({ orders_checked: 3, orders_differing: 1, difference: '-1.00' })
  expect(corrected).toMatchObject({
    code: 'coupon_discounts_corrected',
    severity: 'warning',
    details: {
      orders_checked: 3,
      orders_without_lines: 0,
      orders_corrected: 2,
      discount_recorded: '7.00',
      discount_used: '4.00',
      difference: '3.00',
      absolute_difference: '7.00',
      'code TEN': '2 orders, 3.00',
    },
  })
  expect(more).toEqual([])
})

describe('coupons that are not listed', () => {
  test('with their discount, the most frequent first, of equal ones by their bytes', async () => {
    const orders = [
      order('o1', 'B', '1'),
      order('o2', 'A', '2.50'),
      order('o3', 'C', ''),
      order('o4', 'C', '-1'),
      order('o5', 'ten', '2'),
      order('o6', 'TEN', '2'),
      // Neither is a coupon.
      order('o7', '', '9'),
      order('o8', 'NO_COUPON', '9'),
    ]
    const [found, ...more] = await couponFindings(orders, { coupons: TEN })
    expect(more).toEqual([])
    expect(found).toMatchObject({ code: 'coupon_not_listed', severity: 'information' })
    expect(found!.details).toEqual({
      codes: 4,
      orders: 5,
      discount: '4.50',
      'code C': 2,
      'code A': 1,
      'code B': 1,
      'code ten': 1,
    })
    expect(found!.message).toMatch(/C \(2 orders\), A \(1 order\), B \(1 order\), ten \(1 order\)$/)
  })

  test('at most five are named, each on one line and not too long', async () => {
    const long = 'x'.repeat(5000)
    const codes = ['a', 'b', 'c', 'd', 'e', 'f'].map((code) => order(code, code, '1'))
    const [many] = await couponFindings(codes, { coupons: TEN })
    expect(Object.keys(many!.details)).toEqual([
      'codes',
      'orders',
      'discount',
      ...['a', 'b', 'c', 'd', 'e'].map((code) => `code ${code}`),
    ])
    const [odd] = await couponFindings([order('o', `"${long}"`, '1'), order('o2', '"two\nlines"', '1')], {
      coupons: TEN,
    })
    expect(odd!.message).toContain('two lines (1 order)')
    expect(odd!.message).toMatch(/^[^\n]{20,400}$/)
  })
})
