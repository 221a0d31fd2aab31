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
import { idsInScientificNotation } from './ids-in-scientific-notation.ts'
import { idsNeverMeet } from './ids-never-meet.ts'
import { linesWithoutOrder, ordersWithoutLines } from './lines-and-orders.ts'
import { listPricesDiffer } from './list-prices.ts'
import { negativeAmounts } from './negative-amounts.ts'
import { nullLikeTexts } from './null-like-texts.ts'
import { oneUserManyOrders } from './one-user-many-orders.ts'
import { orderArithmetic } from './order-arithmetic.ts'
import { orderTotalsDiffer } from './order-totals.ts'
import { orphanEvents, orphanOrders } from './orphans.ts'
import { personalData } from './personal-data.ts'
import { refunds } from './refunds.ts'
import { rejectedRows } from './rejected-rows.ts'
import { scrollInFractions } from './scroll-fractions.ts'
import { textsInSeveralSpellings } from './texts-in-several-spellings.ts'
import { severalCurrencies, statusColumnUnread } from './unread-columns.ts'
import { userDiffersFromSession } from './user-differs-from-session.ts'

/** The data-quality findings (SPEC section 5), in the order in which they are reported. */
export const findings: readonly AnyFinding[] = [
  idsNeverMeet,
  idsInScientificNotation,
  nullLikeTexts,
  orphanOrders,
  orphanEvents,
  userDiffersFromSession,
  oneUserManyOrders,
  linesWithoutOrder,
  ordersWithoutLines,
  pathRules,
  orderArithmetic,
  orderTotalsDiffer,
  couponDiscountsDiffer,
  couponDiscountsCorrected,
  couponDiscountsUnchecked,
  couponNotListed,
  listPricesDiffer,
  refunds,
  negativeAmounts,
  rejectedRows,
  conflictingDuplicates,
  eventDuplicatesDiffer,
  textsInSeveralSpellings,
  outOfOrderSessions,
  scrollInFractions,
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
