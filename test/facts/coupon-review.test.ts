import { describe, expect, test } from 'vitest'
import { type LineCells, type OrderCells, priceShop } from '../support/price-shop.ts'
import { Random, seedOf } from '../support/random.ts'

/** A discount and a coupon; what the order costs plays no part. */
const order = (id: string, discount: string, coupon = 'TEN'): OrderCells => [id, '1', '0', discount, coupon]
const line = (id: string, price: string, quantity = '1'): LineCells => [id, 'p', price, quantity]

/** Of one order: whether its discount is as expected, or by how much it differs. */
async function difference(
  rule: object,
  discount: string,
  lines: readonly LineCells[],
  more: object = {},
): Promise<string | undefined> {
  const shop = await priceShop([order('o', discount)], lines, { coupons: { TEN: rule }, ...more })
  return shop.details('coupon_discounts_differ')?.difference as string | undefined
}

describe('what a rule expects', () => {
  test.each([
    // 10 % of 2 × 12.50 is 2.50.
    [{ percent: 10 }, '2.50', [line('o', '12.50', '2')], undefined],
    [{ percent: 10 }, '3.50', [line('o', '12.50', '2')], '1.00'],
    [{ percent: 10 }, '0', [line('o', '12.50', '2')], '-2.50'],
    [{ percent: 10 }, '', [line('o', '12.50', '2')], '-2.50'],
    // Several lines count together: 10 % of 30 is 3.
    [{ percent: 10 }, '3', [line('o', '10'), line('o', '10', '2')], undefined],
    // 7.5 % of 99.99 is 7.49925, which is 7.50 in hundredths.
    [{ percent: 7.5 }, '7.52', [line('o', '99.99')], '0.02'],
    // 10 % of 0.45 is 0.045: half away from zero, 0.05.
    [{ percent: 10 }, '0.07', [line('o', '0.45')], '0.02'],
    // A refund: 10 % of -20 is -2.
    [{ percent: 10 }, '-2', [line('o', '-20')], undefined],
    [{ percent: 10 }, '2', [line('o', '-20')], '4.00'],
    [{ percent: 0 }, '1', [line('o', '20')], '1.00'],
    [{ percent: 100 }, '20', [line('o', '20')], undefined],
    [{ amount: 5 }, '5', [line('o', '20')], undefined],
    [{ amount: 5 }, '4', [line('o', '20')], '-1.00'],
    // Never more than the lines, never below 0.
    [{ amount: 5 }, '3', [line('o', '3')], undefined],
    [{ amount: 5 }, '0', [line('o', '-3')], undefined],
    [{ amount: 5 }, '5', [line('o', '0')], '5.00'],
  ] as const)('%j with a discount of %j on %j', async (rule, discount, lines, expected) => {
    expect(await difference(rule, discount, lines)).toBe(expected)
  })

  test('a difference up to the tolerance is rounding', async () => {
    const lines = [line('o', '20')]
    expect(await difference({ percent: 10 }, '2.01', lines)).toBeUndefined()
    expect(await difference({ percent: 10 }, '1.99', lines)).toBeUndefined()
    expect(await difference({ percent: 10 }, '2.0101', lines)).toBe('0.01')
    expect(await difference({ percent: 10 }, '2.01', lines, { couponTolerance: 0 })).toBe('0.01')
    expect(await difference({ percent: 10 }, '2.50', lines, { couponTolerance: 0.5 })).toBeUndefined()
  })
})

test('warn leaves the tables as they are; orders without lines and other codes are told apart', async () => {
  const orders = [
    order('o1', '2'),
    order('o2', '5'),
    order('o3', '1'),
    order('o4', '9'),
    order('o5', '7', 'OTHER'),
    order('o6', '3', 'ten'),
    order('o7', '8', ''),
  ]
  const lines = [line('o1', '20'), line('o2', '20'), line('o3', '20'), line('o5', '70'), line('o7', '9')]
  const coupons = { TEN: { percent: 10 }, UNUSED: { amount: 5 } }
  const shop = await priceShop(orders, lines, { coupons })
  expect(shop.codes).toEqual(expect.arrayContaining(['coupon_discounts_differ', 'coupon_not_listed']))
  expect(shop.details('coupon_discounts_differ')).toEqual({
    orders: 4,
    orders_differing: 2,
    orders_without_lines: 1,
    orders_corrected: 0,
    discount_recorded: '6.00',
    discount_by_rules: '4.00',
    difference: '2.00',
    difference_without_signs: '4.00',
  })
  expect(shop.details('coupon_not_listed')).toEqual({ coupons: 2, orders: 2, discount: '10.00' })
  expect(shop.broken).toEqual([])
  const plain = await priceShop(orders, lines, {})
  expect(shop.csvs).toEqual(plain.csvs)
  expect(plain.codes).not.toContain('coupon_not_listed')
})

test('correct uses the discount by the rule in every table, and total_price stays', async () => {
  const orders = [order('o1', '5'), order('o2', ''), order('o3', '4'), order('o4', '6', 'FIVE')]
  const lines = [line('o1', '20'), line('o2', '30'), line('o4', '50')]
  const coupons = { TEN: { percent: 10, action: 'correct' }, FIVE: { amount: 5 } }
  const shop = await priceShop(orders, lines, { coupons })
  expect(shop.broken).toEqual([])
  // 2.00 and 3.00 by the rule, 4.00 as recorded without lines, 6.00 as recorded where the rule only warns.
  expect(shop.column('daily_business_metrics', 'total_discount')).toEqual(['15.00'])
  expect(shop.column('user_lifetime_metrics', 'total_discount')).toEqual(['15.00'])
  expect(shop.column('coupon_performance', 'discount_coupon_code')).toEqual(['TEN', 'FIVE'])
  expect(shop.column('coupon_performance', 'total_discount_given')).toEqual(['9.00', '6.00'])
  expect(shop.column('daily_business_metrics', 'total_revenue')).toEqual(['4.00'])
  expect(shop.details('coupon_discounts_corrected')).toMatchObject({
    orders_differing: 2,
    orders_corrected: 2,
    discount_recorded: '5.00',
    discount_by_rules: '5.00',
    difference: '0.00',
    difference_without_signs: '6.00',
  })
  expect(shop.details('coupon_discounts_differ')).toMatchObject({ orders: 1, difference: '1.00' })
})

const { seed, name } = seedOf(3)
test(`random orders: differences and corrected totals as worked out one by one (${name})`, async () => {
  const random = new Random(seed)
  for (let round = 0; round < 40; round++) {
    const codes = ['A', 'B', 'C', '']
    const rules = {
      A: { percent: random.whole(0, 1000) / 10, action: random.pick(['warn', 'correct']) },
      B: { amount: random.whole(0, 2000) / 100, action: random.pick(['warn', 'correct']) },
    }
    const cents = (value: number) => (value / 100).toFixed(2)
    const orders = Array.from({ length: random.whole(1, 20) }, (_, i) => ({
      id: `o${i}`,
      code: random.pick(codes),
      discount: random.whole(-200, 3000),
      lines: Array.from(
        { length: random.whole(0, 3) },
        () => [random.whole(-500, 5000), random.whole(1, 4)] as const,
      ),
    }))
    let counted = 0n
    let differing = 0
    for (const { code, discount, lines } of orders) {
      let discountCounts = BigInt(discount)
      const gross = lines.reduce((sum, [price, quantity]) => sum + BigInt(price * quantity), 0n)
      if ((code === 'A' || code === 'B') && lines.length > 0) {
        // In cents; a tenth of a percent of cents is a thousandth of a cent.
        const thousandths = gross * BigInt(Math.round((rules.A.percent ?? 0) * 10))
        const rounded =
          (thousandths < 0n ? -1n : 1n) * (((thousandths < 0n ? -thousandths : thousandths) + 500n) / 1000n)
        const amount = BigInt(Math.round(rules.B.amount * 100))
        const most = gross > 0n ? gross : 0n
        const expected = code === 'A' ? rounded : amount < most ? amount : most
        const apart = expected > discountCounts ? expected - discountCounts : discountCounts - expected
        if (apart > 1n) {
          differing++
          if (rules[code].action === 'correct') discountCounts = expected
        }
      }
      counted += discountCounts
    }
    const shop = await priceShop(
      orders.map(({ id, code, discount }) => [id, '1', '0', cents(discount), code]),
      orders.flatMap(({ id, lines }) =>
        lines.map(([price, quantity]) => [id, 'p', cents(price), String(quantity)] as const),
      ),
      { coupons: rules },
    )
    expect(shop.broken).toEqual([])
    const found = ['coupon_discounts_differ', 'coupon_discounts_corrected'].map((code) =>
      Number(shop.details(code)?.orders_differing ?? 0),
    )
    expect(found[0]! + found[1]!).toBe(differing)
    const total = shop.column('daily_business_metrics', 'total_discount')[0]!
    expect(total).toBe(cents(Number(counted)).replace(/^-0\.00$/, '0.00'))
  }
})
