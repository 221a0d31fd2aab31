import type { Finding, FindingSources } from '../finding.ts'
import { daysWithoutSessions } from './calendar.ts'
import {
  couponDiscountsCorrected,
  couponDiscountsDiffer,
  couponDiscountsUnchecked,
  couponNotListed,
} from './coupons.ts'
import { conflictingDuplicates } from './duplicates.ts'
import { outOfOrderSessions, pathRules } from './funnel.ts'
import { listPricesDiffer } from './list-prices.ts'
import { negativeAmounts } from './negative-amounts.ts'
import { orderArithmetic } from './order-arithmetic.ts'
import { orderTotalsDiffer } from './order-totals.ts'
import { orphanEvents, orphanOrders } from './orphans.ts'
import { personalData } from './personal-data.ts'

/** The data-quality findings (SPEC section 5), in the order in which they are reported. */
const findings: readonly ((sources: FindingSources) => Finding[])[] = [
  orphanOrders,
  orphanEvents,
  pathRules,
  orderArithmetic,
  orderTotalsDiffer,
  couponDiscountsDiffer,
  couponDiscountsCorrected,
  couponDiscountsUnchecked,
  couponNotListed,
  listPricesDiffer,
  negativeAmounts,
  conflictingDuplicates,
  outOfOrderSessions,
  daysWithoutSessions,
  personalData,
]

export function findAll(sources: FindingSources): Finding[] {
  return findings.flatMap((find) => find(sources))
}
