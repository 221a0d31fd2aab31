import type { Needs } from '../../collections/vectors.ts'
import type { AnyFinding, Finding, FindingContext } from '../finding.ts'
import { daysWithoutSessions } from './calendar.ts'
import {
  couponDiscountsCorrected,
  couponDiscountsDiffer,
  couponDiscountsUnchecked,
  couponNotListed,
} from './coupons.ts'
import { dayOrMonthFirst } from './day-or-month.ts'
import { conflictingDuplicates, eventDuplicatesDiffer } from './duplicates.ts'
import { outOfOrderSessions, pathRules } from './funnel.ts'
import { listPricesDiffer } from './list-prices.ts'
import { negativeAmounts } from './negative-amounts.ts'
import { orderArithmetic } from './order-arithmetic.ts'
import { orderTotalsDiffer } from './order-totals.ts'
import { orphanEvents, orphanOrders } from './orphans.ts'
import { personalData } from './personal-data.ts'
import { rejectedRows } from './rejected-rows.ts'
import { severalCurrencies, statusColumnUnread } from './unread-columns.ts'

/** The data-quality findings (SPEC section 5), in the order in which they are reported. */
export const findings: readonly AnyFinding[] = [
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
  rejectedRows,
  conflictingDuplicates,
  eventDuplicatesDiffer,
  outOfOrderSessions,
  daysWithoutSessions,
  dayOrMonthFirst,
  severalCurrencies,
  statusColumnUnread,
  personalData,
]

/** The aggregate tables whose flags some finding reads. */
export const flagTables: ReadonlySet<string> = new Set(findings.flatMap(({ flagsOf = [] }) => flagsOf))

/** @param tablesOf the accepted rows, as recorded, of what a finding needs */
export function findAll(tablesOf: (needs: Needs) => unknown, context: FindingContext): Finding[] {
  return findings.flatMap((one) => one.find(tablesOf(one.needs) as never, context))
}
