import type { CouponDifference } from '../../facts/coupon-review.ts'
import { add, subtract, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding, nameForPeople } from '../finding.ts'

/** How many codes a message names. */
const NAMED = 5

/** Discounts that are not what the coupon gives, left as they were recorded. */
export const couponDiscountsDiffer = defineFinding({
  needs: {},
  find(_, { coupons }) {
    const { left, checked, withoutLines } = coupons
    if (left.length === 0) return []
    const sums = total(left)
    const difference = subtract(sums.recorded, sums.expected)
    return [
      {
        code: 'coupon_discounts_differ',
        severity: 'warning',
        message: `the discount of ${plural(sums.orders, 'order')} (of ${plural(checked, 'order')} with a listed coupon and lines) is not what the coupon gives: recorded less expected is ${amount(difference)} in all, ${amount(sums.absolute)} without the signs; ${worst(left)}`,
        advice: "look at the coupon's set-up in the shop, or mend coupons in the settings file",
        details: {
          orders_checked: checked,
          orders_without_lines: withoutLines,
          orders_differing: sums.orders,
          difference: amount(difference),
          absolute_difference: amount(sums.absolute),
          ...byCode(left),
        },
      },
    ]
  },
})

/** Discounts replaced by what the coupon gives. */
export const couponDiscountsCorrected = defineFinding({
  needs: {},
  find(_, { coupons }) {
    const { corrected, checked, withoutLines } = coupons
    if (corrected.length === 0) return []
    const sums = total(corrected)
    return [
      {
        code: 'coupon_discounts_corrected',
        severity: 'warning',
        message: `the discount of ${plural(sums.orders, 'order')} (of ${plural(checked, 'order')} with a listed coupon and lines) was corrected to what the coupon gives: ${amount(sums.recorded)} recorded, ${amount(sums.expected)} used; ${worst(corrected)}`,
        advice:
          "every table shows the discount used, and total_price as it was recorded; look at the coupon's set-up in the shop, or mend coupons in the settings file (action warn keeps the recorded discount)",
        details: {
          orders_checked: checked,
          orders_without_lines: withoutLines,
          orders_corrected: sums.orders,
          discount_recorded: amount(sums.recorded),
          discount_used: amount(sums.expected),
          difference: amount(subtract(sums.recorded, sums.expected)),
          absolute_difference: amount(sums.absolute),
          ...byCode(corrected),
        },
      },
    ]
  },
})

/** Orders whose coupon could not be checked at all. */
export const couponDiscountsUnchecked = defineFinding({
  needs: {},
  find(_, { coupons: { withoutLines, checked } }) {
    if (withoutLines === 0) return []
    return [
      {
        code: 'coupon_discounts_unchecked',
        severity: 'information',
        message: `${plural(withoutLines, 'order')} with a listed coupon have no line items, so that their discount cannot be checked`,
        advice: 'their discount is used as recorded; export the line items for the same period',
        details: { orders: withoutLines, orders_checked: checked },
      },
    ]
  },
})

/** Coupons that the settings, which list some, do not know. */
export const couponNotListed = defineFinding({
  needs: {},
  find(_, { coupons: { unlisted } }) {
    if (unlisted.length === 0) return []
    let orders = 0
    let discount: Whole = 0
    for (const one of unlisted) {
      orders += one.orders
      discount = add(discount, one.discount)
    }
    const frequent = unlisted.slice(0, NAMED)
    return [
      {
        code: 'coupon_not_listed',
        severity: 'information',
        message: `${plural(orders, 'order')} with ${amount(discount)} of discount use ${plural(unlisted.length, 'coupon')} that the settings do not list, most often ${frequent
          .map((one) => `${nameForPeople(one.code)} (${plural(one.orders, 'order')})`)
          .join(', ')}`,
        advice: 'list them under coupons in the settings file, to have their discounts checked',
        details: {
          codes: unlisted.length,
          orders,
          discount: amount(discount),
          ...Object.fromEntries(frequent.map((one) => [`code ${nameForPeople(one.code)}`, one.orders])),
        },
      },
    ]
  },
})

function total(differences: readonly CouponDifference[]): Omit<CouponDifference, 'code'> {
  return differences.reduce(
    (sum, one) => ({
      orders: sum.orders + one.orders,
      recorded: add(sum.recorded, one.recorded),
      expected: add(sum.expected, one.expected),
      absolute: add(sum.absolute, one.absolute),
    }),
    { orders: 0, recorded: 0 as Whole, expected: 0 as Whole, absolute: 0 as Whole },
  )
}

function worst(differences: readonly CouponDifference[]): string {
  const named = differences.slice(0, NAMED).map((one) => `${nameForPeople(one.code)} ${inWords(one)}`)
  return named.join('; ') + (differences.length > NAMED ? '; …' : '')
}

function byCode(differences: readonly CouponDifference[]): Record<string, string> {
  return Object.fromEntries(differences.map((one) => [`code ${nameForPeople(one.code)}`, inWords(one)]))
}

function inWords({ orders, recorded, expected }: CouponDifference): string {
  return `${plural(orders, 'order')}, ${amount(subtract(recorded, expected))}`
}
