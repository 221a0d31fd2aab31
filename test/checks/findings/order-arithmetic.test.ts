import { describe, expect, test } from 'vitest'
import { type LineCells, type OrderCells, priceShop } from '../../support/price-shop.ts'

// Lines of 20, discount 3, shipping 5: paid is 22, gross is 20.
const LINES: readonly LineCells[] = ['o1', 'o2', 'o3'].map((order) => [order, 'p', '10', '2'])
const orders = (...totals: string[]): OrderCells[] =>
  totals.map((total, i) => [`o${i + 1}`, total, '5', '3', ''])

describe('what the shop says total_price includes', () => {
  test.each([
    ['paid', ['22', '22', '22'], undefined],
    ['gross', ['20', '20', '20'], undefined],
    [
      'paid',
      ['22', '20', '25'],
      { orders_with_lines: 3, orders_differing: 2, difference: '1.00', difference_without_signs: '5.00' },
    ],
    [
      'gross',
      ['22', '20', '20.0001'],
      { orders_with_lines: 3, orders_differing: 2, difference: '2.00', difference_without_signs: '2.00' },
    ],
  ])('%s, with totals %j', async (totalPrice, totals, expected) => {
    const shop = await priceShop(orders(...totals), LINES, { totalPrice })
    expect(shop.details('order_totals_differ')).toEqual(expected)
    expect(shop.codes).not.toContain('order_arithmetic')
  })

  test('orders without lines are not compared; null shipping and discount count as 0', async () => {
    const shop = await priceShop(
      [
        ['o1', '20', '', '', ''],
        ['o9', '999', '0', '0', ''],
      ],
      LINES.slice(0, 1),
      { totalPrice: 'paid' },
    )
    expect(shop.codes).not.toContain('order_totals_differ')
  })

  test('unset, the counts show what fits', async () => {
    const shop = await priceShop(orders('22', '20', '25'), LINES, {})
    expect(shop.details('order_arithmetic')).toMatchObject({ differ_from_gross: 2, differ_from_both: 1 })
    expect(shop.codes).not.toContain('order_totals_differ')
  })

  test('the recorded discount counts, also where a coupon rule corrects it', async () => {
    const shop = await priceShop([['o1', '22', '5', '3', 'TEN']], LINES.slice(0, 1), {
      totalPrice: 'paid',
      coupons: { TEN: { percent: 10, action: 'correct' } },
    })
    expect(shop.codes).toContain('coupon_discounts_corrected')
    expect(shop.codes).not.toContain('order_totals_differ')
  })
})
