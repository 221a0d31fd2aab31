import { describe, expect, test } from 'vitest'
import { rulesSchema } from '../../src/rules/rules.ts'

function faults(given: unknown): string[] {
  return (rulesSchema.safeParse(given).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
}

const coupon = (rule: unknown) => faults({ coupons: { A: rule } })

describe('coupons', () => {
  test('warn unless they are told to correct', () => {
    const { coupons, couponTolerance } = rulesSchema.parse({
      coupons: {
        TEN: { percent: 10 },
        'é, "x"': { amount: 4.9999, action: 'correct' },
        '007': { percent: 0 },
      },
    })
    expect(coupons).toEqual({
      TEN: { percent: 10, action: 'warn' },
      'é, "x"': { amount: 4.9999, action: 'correct' },
      '007': { percent: 0, action: 'warn' },
    })
    expect(couponTolerance).toBe(0.01)
  })

  test('give a percentage or an amount, exactly', () => {
    const either = ['coupons.A: must have just one of percent and amount']
    expect(coupon({})).toEqual(either)
    expect(coupon({ percent: 10, amount: 5 })).toEqual(either)
    expect(coupon({ percent: 33.3333 })).toEqual([])
    expect(coupon({ percent: 33.33333 })).toEqual(['coupons.A.percent: 33.33333 has more than four decimals'])
    expect(coupon({ amount: 0.1 + 0.2 })).toEqual([
      'coupons.A.amount: 0.30000000000000004 has more than four decimals',
    ])
  })

  test.each([
    { percent: -1 },
    { percent: 100.0001 },
    { percent: '10' },
    { percent: Number.NaN },
    { amount: -0.01 },
    { amount: 1_000_000_001 },
    { percent: 10, action: 'fix' },
    { percentage: 10 },
  ])('%j is refused', (rule) => {
    expect(coupon(rule)).not.toEqual([])
  })

  test('a code has a text, a tolerance is not below 0', () => {
    expect(faults({ coupons: { '': { percent: 10 } } })).not.toEqual([])
    expect(faults({ couponTolerance: -0.01 })).not.toEqual([])
    expect(faults({ couponTolerance: 0 })).toEqual([])
  })
})

test('list prices are amounts', () => {
  expect(faults({ listPrices: { Mug: 9.99, Free: 0 } })).toEqual([])
  expect(faults({ listPrices: { Mug: -1 } })).toHaveLength(1)
  expect(faults({ listPrices: { Mug: 9.99999 } })).toEqual([
    'listPrices.Mug: 9.99999 has more than four decimals',
  ])
})

test('total_price is paid or gross, if it is said at all', () => {
  expect(['paid', 'gross', undefined].flatMap((totalPrice) => faults({ totalPrice }))).toEqual([])
  expect(faults({ totalPrice: 'net' })).toHaveLength(1)
})
