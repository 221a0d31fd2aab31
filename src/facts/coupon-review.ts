import { NO_CODE } from '../collections/dictionary.ts'
import type { Collections } from '../collections/vectors.ts'
import { add, divideRounded, multiply, negate, type Whole } from '../lib/exact.ts'
import { tenThousandths } from '../rules/money.ts'
import type { CouponRule } from '../rules/prices.ts'
import type { Rules } from '../rules/rules.ts'
import { lineTotals } from './line-totals.ts'

export const couponNeeds = {
  order_table: ['order_id', 'discount', 'discount_coupon_code'],
  order_line_item_table: ['order_id', 'product_price', 'product_qty'],
} as const

type Tables = Collections<typeof couponNeeds>

/** What became of the orders with one coupon code. Money in ten-thousandths. */
export interface CouponTally {
  readonly code: string
  /** Undefined for codes that the settings do not list. */
  readonly action: CouponRule['action'] | undefined
  orders: number
  /** Orders that cannot be checked, for they have no line items. */
  withoutLines: number
  differing: number
  corrected: number
  /** Of the differing orders; of all orders where the code is not listed. */
  recorded: Whole
  expected: Whole
  /** Sum of the differences without their signs. */
  absolute: Whole
}

/** What the shop's coupon rules say of its orders. */
export interface CouponReview {
  /** By code, listed or not, in order of first appearance. */
  readonly tallies: readonly CouponTally[]
  /** The discount of each order as it shall count: as recorded, but where a rule corrects it. */
  readonly discount: Float64Array
}

/**
 * Compares the discount of each order that has a coupon with what the coupon's rule says; null counts as 0.
 *
 * @example by { percent: 10 }, an order with lines of 25.00 is expected to have a discount of 2.50
 */
export function reviewCoupons({ order_table, order_line_item_table }: Tables, rules: Rules): CouponReview {
  const grossOf = lineTotals(order_line_item_table)
  const tolerance = tenThousandths(rules.couponTolerance)
  const { dictionary, codes } = order_table.discount_coupon_code
  const discount = order_table.discount.slice()
  const tallies = new Map<number, CouponTally>()
  for (let row = 0; row < order_table.rowCount; row++) {
    const coupon = codes[row]!
    if (coupon === NO_CODE) continue
    const code = dictionary.text(coupon)
    const rule = Object.hasOwn(rules.coupons, code) ? rules.coupons[code] : undefined
    const tally = tallies.get(coupon) ?? emptyTally(code, rule)
    tallies.set(coupon, tally)
    tally.orders++
    const recorded = order_table.discount[row]! || 0
    if (rule === undefined) {
      tally.recorded = add(tally.recorded, recorded)
      continue
    }
    const gross = grossOf(order_table.order_id.codes[row]!)
    if (gross === undefined) {
      tally.withoutLines++
      continue
    }
    const expected = expectedDiscount(rule, gross)
    const apart = distance(recorded, expected)
    if (apart <= tolerance) continue
    tally.differing++
    tally.recorded = add(tally.recorded, recorded)
    tally.expected = add(tally.expected, expected)
    tally.absolute = add(tally.absolute, apart)
    // A discount beyond 2^53 is no discount; it is reported and left as it is.
    if (rule.action !== 'correct' || typeof expected === 'bigint') continue
    tally.corrected++
    discount[row] = expected
  }
  return { tallies: [...tallies.values()], discount }
}

function emptyTally(code: string, rule: CouponRule | undefined): CouponTally {
  const counts = { orders: 0, withoutLines: 0, differing: 0, corrected: 0 }
  return { code, action: rule?.action, ...counts, recorded: 0, expected: 0, absolute: 0 }
}

/** Ten-thousandths of a percent of ten-thousandths, in hundredths. */
const PERCENT_TO_HUNDREDTHS = 100_000_000

/**
 * The discount that a coupon gives on an order's lines, in ten-thousandths: a percentage rounded to
 * hundredths, half away from zero; an amount never above the lines and never below 0.
 */
function expectedDiscount({ percent, amount }: CouponRule, gross: Whole): Whole {
  if (percent !== undefined) {
    const hundredths = divideRounded(multiply(gross, tenThousandths(percent)), PERCENT_TO_HUNDREDTHS)
    return multiply(hundredths, 100)
  }
  const most = gross > 0 ? gross : 0
  const given = tenThousandths(amount!)
  return given < most ? given : most
}

function distance(a: Whole, b: Whole): Whole {
  const difference = add(a, negate(b))
  return difference < 0 ? negate(difference) : difference
}
