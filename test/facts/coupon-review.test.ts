import { describe, expect, test } from 'vitest'
import { expectedDiscount, reviewCoupons } from '../../src/facts/coupon-review.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import { type Cell, collectionsOf } from '../support/collections.ts'

describe('what a coupon gives, in ten-thousandths', () => {
  test.each([
    // percent, lines, discount
    [10, 20_0000, 2_0000],
    [10, 20_0500, 2_0100], // 2.005 is half a hundredth up
    [10, 20_0499, 2_0000],
    [10, -20_0500, -2_0100], // and away from zero below it
    [10, -20_0499, -2_0000],
    [12.5, 400, 100], // 0.005
    [12.5, 399, 0],
    [12.5, -399, 0],
    [0, 20_0000, 0],
    [100, 19_9950, 20_0000],
    [100, 0, 0],
    [0.0001, 49_9999_9999, 5000], // 0.4999999999
    [0.0001, 5000_0000, 100],
    [0.0001, 4999_9999, 0],
    [33.3333, 100_0000, 33_3300],
    // 10 % of 10^18 units less one ten-thousandth
    [10, 10n ** 22n - 1n, 10n ** 21n],
    [50, -(10n ** 22n) - 99n, -5n * 10n ** 21n],
    [50, -(10n ** 22n) - 100n, -5n * 10n ** 21n - 100n],
  ])('%d %% of %d', (percent, gross, expected) => {
    expect(expectedDiscount({ percent, action: 'warn' }, gross)).toBe(expected)
  })

  test.each([
    // amount, lines, discount
    [5, 20_0000, 5_0000],
    [5, 5_0000, 5_0000],
    [5, 4_9999, 4_9999],
    [0.0001, 20_0000, 1],
    [0, 20_0000, 0],
    [5, 0, 0],
    [5, -20_0000, 0], // a refund gives no amount back
    [5, 10n ** 22n, 5_0000],
    [5, -(10n ** 22n), 0],
  ])('an amount of %d on %d', (amount, gross, expected) => {
    expect(expectedDiscount({ amount, action: 'warn' }, gross)).toBe(expected)
  })
})

const needs = {
  order_table: ['order_id', 'total_price', 'discount', 'discount_coupon_code'],
  order_line_item_table: ['order_id', 'product_price', 'product_qty'],
} as const

/** [code, recorded discount, price of its one line; null for no line] */
type Order = readonly [string | null, Cell, number | null]

function review(orders: readonly Order[], rules: Readonly<Record<string, unknown>>) {
  const { order_table, order_line_item_table } = collectionsOf(needs, {
    order_table: orders.map(([discount_coupon_code, discount], i) => ({
      order_id: `o${i}`,
      total_price: 1,
      discount,
      discount_coupon_code,
    })),
    order_line_item_table: orders.flatMap(([, , product_price], i) =>
      product_price === null ? [] : [{ order_id: `o${i}`, product_price, product_qty: 1 }],
    ),
  })
  const recorded = order_table.discount.slice()
  const result = reviewCoupons(order_table, order_line_item_table, rulesSchema.parse(rules))
  expect(order_table.discount, 'what was loaded stays as it is').toEqual(recorded)
  return { ...result, discount: [...result.discount], isAsLoaded: result.discount === order_table.discount }
}

const correct = { coupons: { TEN: { percent: 10, action: 'correct' } } }

test('nothing is looked at without a coupon in the settings', () => {
  expect(review([['TEN', 5, 20]], {})).toEqual({
    discount: [5_0000],
    isAsLoaded: true,
    checked: 0,
    withoutLines: 0,
    left: [],
    corrected: [],
    unlisted: [],
  })
})

describe('the tolerance', () => {
  const isCorrected = (discount: number, rules: Readonly<Record<string, unknown>> = {}) =>
    review([['TEN', discount, 20]], { ...correct, ...rules }).corrected.length === 1

  test.each([
    [2, false],
    [2.01, false],
    [1.99, false],
    [2.0101, true],
    [1.9899, true],
  ])('is 0.01 and lets exactly that pass: %d of 2.00', (discount, corrected) => {
    expect(isCorrected(discount)).toBe(corrected)
  })

  test('may be 0 or wider', () => {
    expect(isCorrected(2, { couponTolerance: 0 })).toBe(false)
    expect(isCorrected(2.0001, { couponTolerance: 0 })).toBe(true)
    expect(isCorrected(2.5, { couponTolerance: 0.5 })).toBe(false)
    expect(isCorrected(2.5001, { couponTolerance: 0.5 })).toBe(true)
  })
})

test('null counts as 0: corrected if the coupon gives something, else left null', () => {
  const { discount, checked, withoutLines, corrected } = review(
    [
      ['TEN', null, 20],
      ['TEN', null, 0],
      ['TEN', null, 0.04],
      ['TEN', 0, -20],
    ],
    correct,
  )
  // 0.00 of 0.04; a line below 0 is a refund's, so that the last order has none.
  expect(discount).toEqual([2_0000, Number.NaN, Number.NaN, 0])
  expect([checked, withoutLines]).toEqual([3, 1])
  expect(corrected).toEqual([{ code: 'TEN', orders: 1, recorded: 0, expected: 2_0000, absolute: 2_0000 }])
})

test('an order without lines is counted and never corrected', () => {
  const { discount, checked, withoutLines } = review(
    [
      ['TEN', 99, null],
      ['TEN', 2, 20],
    ],
    correct,
  )
  expect({ discount, checked, withoutLines }).toEqual({
    discount: [99_0000, 2_0000],
    checked: 1,
    withoutLines: 1,
  })
})

test('codes are compared as they are, and other orders are left alone', () => {
  const { discount, unlisted, checked } = review(
    [
      ['TEN', 5, 20],
      ['ten', 5, 20],
      [null, 5, 20],
      ['NO_COUPON', 5, 20],
      ['constructor', 5, 20],
    ],
    correct,
  )
  expect(discount).toEqual([2_0000, 5_0000, 5_0000, 5_0000, 5_0000])
  expect(checked).toBe(1)
  expect(unlisted.map(({ code }) => code)).toEqual(['constructor', 'ten'])
})

test('a discount that no cell can hold exactly is reported and left', () => {
  const many = { order_id: 'o', product_price: 1_000_000_000, product_qty: 1_000_000 }
  const tables = collectionsOf(needs, {
    order_table: [{ order_id: 'o', total_price: 1, discount: 1, discount_coupon_code: 'TEN' }],
    order_line_item_table: [many],
  })
  const result = reviewCoupons(tables.order_table, tables.order_line_item_table, rulesSchema.parse(correct))
  expect(result.discount).toBe(tables.order_table.discount)
  expect(result.corrected).toEqual([])
  expect(result.left).toEqual([
    { code: 'TEN', orders: 1, recorded: 1_0000, expected: 10n ** 18n, absolute: 10n ** 18n - 10_000n },
  ])
})

test('equal differences stand in the order of their bytes', () => {
  const coupons = Object.fromEntries(['\u{1F600}', '\uFF5E', 'b', 'a'].map((code) => [code, { amount: 1 }]))
  const { left } = review(
    [
      ['\u{1F600}', 3, 20],
      ['b', -1, 20],
      ['\uFF5E', 3, 20],
      ['a', 3, 20],
    ],
    { coupons },
  )
  expect(left.map(({ code }) => code)).toEqual(['a', 'b', '\uFF5E', '\u{1F600}'])
})
