import type { CouponTally } from '../../facts/coupon-review.ts'
import { add, compare, negate, type Whole } from '../../lib/exact.ts'
import { amount, type Finding, type FindingSources, plural } from '../finding.ts'

/** How many codes a message names. */
const MOST = 3

/** Orders whose discount is not what their coupon's rule says, and codes that no rule is known for. */
export function coupons({ coupons: review }: FindingSources): Finding[] {
  const tallies = review?.tallies ?? []
  const listed = tallies.filter(({ action }) => action !== undefined)
  return [
    ...differing(
      'coupon_discounts_differ',
      listed.filter(({ action }) => action === 'warn'),
      'the tables hold the recorded discounts; look at the coupon set-up of the shop, or mend coupons in the settings file',
    ),
    ...differing(
      'coupon_discounts_corrected',
      listed.filter(({ action }) => action === 'correct'),
      'the tables hold the discounts by the rules, total_price is as recorded; look at the coupon set-up of the shop',
    ),
    ...unlisted(tallies.filter(({ action }) => action === undefined)),
  ]
}

function differing(code: string, tallies: readonly CouponTally[], advice: string): Finding[] {
  const wrong = tallies
    .filter((tally) => tally.differing > 0)
    .sort((a, b) => compare(b.absolute, a.absolute) || b.differing - a.differing)
  if (wrong.length === 0) return []
  const orders = total(tallies, ({ orders: count }) => count)
  const withoutLines = total(tallies, (tally) => tally.withoutLines)
  const count = total(wrong, (tally) => tally.differing)
  const recorded = total(wrong, (tally) => tally.recorded)
  const expected = total(wrong, (tally) => tally.expected)
  const absolute = total(wrong, (tally) => tally.absolute)
  const names = wrong
    .slice(0, MOST)
    .map((tally) => `${tally.code} ${plural(Number(tally.differing), 'order')}`)
  const unchecked =
    withoutLines === 0
      ? ''
      : `; ${plural(Number(withoutLines), 'order')} without line items cannot be checked`
  return [
    {
      code,
      severity: 'warning',
      message: `of ${plural(Number(orders), 'order')} with a coupon of the settings, ${count.toLocaleString('en-US')} have another discount than its rule gives: recorded ${amount(recorded)}, by the rules ${amount(expected)} (difference ${amount(add(recorded, negate(expected)))}, without signs ${amount(absolute)}); most in ${names.join(', ')}${unchecked}`,
      advice,
      details: {
        orders: Number(orders),
        orders_differing: Number(count),
        orders_without_lines: Number(withoutLines),
        orders_corrected: Number(total(wrong, (tally) => tally.corrected)),
        discount_recorded: amount(recorded),
        discount_by_rules: amount(expected),
        difference: amount(add(recorded, negate(expected))),
        difference_without_signs: amount(absolute),
      },
    },
  ]
}

function unlisted(tallies: readonly CouponTally[]): Finding[] {
  if (tallies.length === 0) return []
  const orders = total(tallies, ({ orders: count }) => count)
  const discount = total(tallies, ({ recorded }) => recorded)
  const names = [...tallies]
    .sort((a, b) => b.orders - a.orders)
    .slice(0, MOST)
    .map(({ code, orders: count }) => `${code} ${plural(count, 'order')}`)
  return [
    {
      code: 'coupon_not_listed',
      severity: 'information',
      message: `${plural(Number(orders), 'order')} with discounts of ${amount(discount)} use ${plural(tallies.length, 'coupon')} that the settings do not list: ${names.join(', ')}${tallies.length > MOST ? ' and others' : ''}`,
      advice: 'list them under coupons in the settings file, if they should be checked, too',
      details: { coupons: tallies.length, orders: Number(orders), discount: amount(discount) },
    },
  ]
}

function total(tallies: readonly CouponTally[], of: (tally: CouponTally) => Whole): Whole {
  return tallies.reduce<Whole>((sum, tally) => add(sum, of(tally)), 0)
}
