import type { Whole } from '../../lib/numbers/exact.ts'
import { tenThousandths } from '../../rules/money.ts'
import { PROSPECT, type PurchaseFrequencyBuckets, type RfmRules } from '../../rules/rfm.ts'

/** @param days since the last order @example by the defaults, 30 days → 5, 31 days → 4 */
export function recencyScore({ recency }: RfmRules, days: number): number {
  for (let i = 0; i < recency.length; i++) if (days <= recency[i]!) return 5 - i
  return 1
}

/** @example by the defaults, 10 orders → 5, 9 orders → 4 */
export function frequencyScore({ frequency }: RfmRules, orders: number): number {
  return scoreOf(frequency, orders)
}

/** Gives the score of a revenue in ten-thousandths. @example by the defaults, 1000_0000 → 5, 999_9999 → 4 */
export function monetaryScores({ monetary }: RfmRules): (revenue: Whole) => number {
  const limits = monetary.map(tenThousandths)
  return (revenue) => scoreOf(limits, revenue)
}

/** @param limits that must be reached for the scores 5, 4, 3 and 2 */
function scoreOf(limits: readonly number[], value: Whole): number {
  for (let i = 0; i < limits.length; i++) if (value >= limits[i]!) return 5 - i
  return 1
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
  let place = buckets.length - 1
  while (orders < buckets[place]!.from) place--
  return place
}
