import { type Dictionary, NO_CODE } from '../collections/texts/dictionary.ts'
import type { TextVector } from '../collections/vectors.ts'
import {
  absolute,
  add,
  compare,
  divideRounded,
  MONEY_SCALE,
  multiply,
  subtract,
  type Whole,
} from '../lib/numbers/exact.ts'
import { tenThousandths } from '../rules/money.ts'
import { type CouponRule, NO_COUPON } from '../rules/prices.ts'
import type { Rules } from '../rules/rules.ts'
import { grossByOrder } from './order-lines.ts'
import { type LineAmounts, orderLineRows, orderRows } from './orders.ts'

/** Orders of one code whose discount is not what the coupon gives, in ten-thousandths. */
export interface CouponDifference {
  readonly code: string
  readonly orders: number
  readonly recorded: Whole
  readonly expected: Whole
  /** Σ |recorded − expected|. */
  readonly absolute: Whole
}

export interface UnlistedCoupon {
  readonly code: string
  readonly orders: number
  readonly discount: Whole
}

/** The discounts of orders beside what their coupons give by the shop's settings. */
export interface CouponReview {
  /** The discount that all tables use, by row of the orders; the recorded one unless it was corrected. */
  readonly discount: Float64Array
  /** Orders with a listed coupon and with line items. */
  readonly checked: number
  /** Orders with a listed coupon that cannot be checked. */
  readonly withoutLines: number
  /** Those left as recorded, the largest absolute difference first. */
  readonly left: readonly CouponDifference[]
  /** Those corrected, in the same order. */
  readonly corrected: readonly CouponDifference[]
  /** Codes that the settings do not know, the most frequent first; none if no coupon is listed at all. */
  readonly unlisted: readonly UnlistedCoupon[]
}

/** What the review reads, as recorded. */
export const couponNeeds = {
  order_table: ['order_id', 'total_price', 'discount', 'discount_coupon_code'],
  order_line_item_table: ['order_id', 'product_price', 'product_qty'],
} as const

interface Orders {
  readonly order_id: TextVector
  readonly total_price: Float64Array
  readonly discount: Float64Array
  readonly discount_coupon_code: TextVector
}

/**
 * What a coupon gives on lines of this worth, both in ten-thousandths.
 *
 * A percentage is rounded half away from zero to hundredths, and negative on lines below 0. An amount is
 * never more than the lines, and never below 0.
 *
 * @example expectedDiscount({ percent: 10, action: 'warn' }, 20_0500) → 2_0100
 * @example expectedDiscount({ amount: 5, action: 'warn' }, 3_0000) → 3_0000; of -3_0000 → 0
 */
export function expectedDiscount({ percent, amount }: CouponRule, gross: Whole): Whole {
  if (percent !== undefined) {
    const hundredths = divideRounded(multiply(gross, tenThousandths(percent)), 100 * 100 * MONEY_SCALE)
    return multiply(hundredths, 100)
  }
  const most = tenThousandths(amount!)
  if (gross <= 0) return 0
  return gross < most ? gross : most
}

/** Compares the discount of each order that has a listed coupon; null counts as 0. Refunds are not looked at. */
export function reviewCoupons(
  orders: Orders,
  lines: LineAmounts,
  rules: Pick<Rules, 'coupons' | 'couponTolerance' | 'negativeOrders'>,
): CouponReview {
  const { coupons, couponTolerance } = rules
  const { dictionary, codes } = orders.discount_coupon_code
  const listed = listedCoupons(coupons, dictionary)
  const left = new Differences(dictionary)
  const corrected = new Differences(dictionary)
  const unlisted = new Map<number, { orders: number; discount: Whole }>()
  const result = { checked: 0, withoutLines: 0 }
  if (Object.keys(coupons).length === 0)
    return { ...result, discount: orders.discount, left: [], corrected: [], unlisted: [] }
  const isOrder = orderRows(orders.total_price, rules)
  const grossOf = grossByOrder(lines, orderLineRows(lines, orders, rules))
  const tolerance = tenThousandths(couponTolerance)
  const noCoupon = dictionary.findText(NO_COUPON)
  let used = orders.discount
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code === NO_CODE || isOrder[row] === 0) continue
    const recorded = orders.discount[row]! || 0
    const rule = listed.get(code)
    if (rule === undefined) {
      if (code === noCoupon) continue
      const { orders: count, discount } = unlisted.get(code) ?? { orders: 0, discount: 0 }
      unlisted.set(code, { orders: count + 1, discount: add(discount, recorded) })
      continue
    }
    const gross = grossOf(orders.order_id.codes[row]!)
    if (gross === undefined) {
      result.withoutLines++
      continue
    }
    result.checked++
    const expected = expectedDiscount(rule, gross)
    if (absolute(subtract(recorded, expected)) <= tolerance) continue
    // A cell cannot hold a discount beyond 2^53 ten-thousandths: such an order is left as it is.
    if (rule.action === 'correct' && typeof expected === 'number') {
      if (used === orders.discount) used = orders.discount.slice()
      used[row] = expected
      corrected.add(code, recorded, expected)
    } else left.add(code, recorded, expected)
  }
  return {
    ...result,
    discount: used,
    left: left.worstFirst(),
    corrected: corrected.worstFirst(),
    unlisted: mostFrequentFirst(unlisted, dictionary),
  }
}

/** The rules of the codes that occur, by their code in the dictionary. */
function listedCoupons(coupons: Rules['coupons'], dictionary: Dictionary): Map<number, CouponRule> {
  const listed = new Map<number, CouponRule>()
  for (const [text, rule] of Object.entries(coupons)) {
    const code = dictionary.findText(text)
    if (code !== NO_CODE) listed.set(code, rule)
  }
  return listed
}

/** Differences added up by code. */
class Differences {
  readonly #dictionary: Dictionary
  readonly #byCode = new Map<number, Omit<CouponDifference, 'code'>>()

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  add(code: number, recorded: Whole, expected: Whole): void {
    const sums = this.#byCode.get(code) ?? { orders: 0, recorded: 0, expected: 0, absolute: 0 }
    this.#byCode.set(code, {
      orders: sums.orders + 1,
      recorded: add(sums.recorded, recorded),
      expected: add(sums.expected, expected),
      absolute: add(sums.absolute, absolute(subtract(recorded, expected))),
    })
  }

  worstFirst(): CouponDifference[] {
    const ranks = this.#dictionary.ranks()
    return [...this.#byCode]
      .sort(([a, x], [b, y]) => compare(y.absolute, x.absolute) || ranks[a]! - ranks[b]!)
      .map(([code, sums]) => ({ code: this.#dictionary.text(code), ...sums }))
  }
}

function mostFrequentFirst(
  unlisted: ReadonlyMap<number, Omit<UnlistedCoupon, 'code'>>,
  dictionary: Dictionary,
): UnlistedCoupon[] {
  const ranks = dictionary.ranks()
  return [...unlisted]
    .sort(([a, x], [b, y]) => y.orders - x.orders || ranks[a]! - ranks[b]!)
    .map(([code, sums]) => ({ code: dictionary.text(code), ...sums }))
}
