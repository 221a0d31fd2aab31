import type { Whole } from '../../lib/exact.ts'
import { tenThousandths } from '../../rules/money.ts'
import { PROSPECT, type PurchaseFrequencyBuckets, type RfmRules } from '../../rules/rfm.ts'

/** @param days since the last order @example by the defaults, 30 days → 5, 31 days → 4 */
export function recencyScore({ recency }: RfmRules, days: number): number {
  return scoreOf(recency.map((limit) => days <= limit))
}

/** @example by the defaults, 10 orders → 5, 9 orders → 4 */
export function frequencyScore({ frequency }: RfmRules, orders: number): number {
  return scoreOf(frequency.map((limit) => orders >= limit))
}

/** @param revenue in ten-thousandths @example by the defaults, 1000_0000 → 5, 999_9999 → 4 */
export function monetaryScore({ monetary }: RfmRules, revenue: Whole): number {
  return scoreOf(monetary.map((limit) => revenue >= tenThousandths(limit)))
}

/** @param reached whether the limits of the scores 5, 4, 3 and 2 are reached */
function scoreOf(reached: readonly boolean[]): number {
  const first = reached.indexOf(true)
  return first < 0 ? 1 : 5 - first
}

/** The names of all segments; that of users without an order comes first. */
export function segmentNames({ segments }: RfmRules): string[] {
  return [PROSPECT, ...new Set(segments.map(({ name }) => name))]
}

/**
 * The segment of a customer, as a place in segmentNames.
 *
 * @example by the defaults, the scores 5, 1 and 3 → New Customer
 */
export function segmentOf(rules: RfmRules, recency: number, frequency: number, monetary: number): number {
  const segment = rules.segments.find(
    (one) =>
      one.recency.includes(recency) && one.frequency.includes(frequency) && one.monetary.includes(monetary),
  )
  return segmentNames(rules).indexOf(segment!.name)
}

/** The place of the bucket of a number of orders. @example by the defaults, 4 orders → 3, the bucket 3-5 orders */
export function frequencyBucket(buckets: PurchaseFrequencyBuckets, orders: number): number {
  return buckets.findLastIndex(({ from }) => orders >= from)
}
