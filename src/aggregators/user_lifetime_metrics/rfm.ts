import { MONEY_SCALE, type Whole } from '../../lib/exact.ts'

/** @param days since the last order @example recencyScore(30) → 5; recencyScore(31) → 4 */
export function recencyScore(days: number): number {
  return days <= 30 ? 5 : days <= 90 ? 4 : days <= 180 ? 3 : days <= 365 ? 2 : 1
}

/** @example frequencyScore(10) → 5; frequencyScore(9) → 4 */
export function frequencyScore(orders: number): number {
  return orders >= 10 ? 5 : orders >= 5 ? 4 : orders >= 3 ? 3 : orders >= 2 ? 2 : 1
}

/** @param revenue in ten-thousandths @example monetaryScore(1000_0000) → 5; monetaryScore(999_9999) → 4 */
export function monetaryScore(revenue: Whole): number {
  const atLeast = (units: number) => revenue >= units * MONEY_SCALE
  return atLeast(1000) ? 5 : atLeast(500) ? 4 : atLeast(200) ? 3 : atLeast(50) ? 2 : 1
}

export const SEGMENTS = [
  'Prospect',
  'Champion',
  'Loyal Customer',
  'Potential Loyalist',
  'At Risk',
  'Lost',
  'Needs Attention',
  'New Customer',
] as const
export type Segment = (typeof SEGMENTS)[number]

/** The segment of a customer; the first rule that fits. @example segmentOf(5, 1, 3) → 'New Customer' */
export function segmentOf(recency: number, frequency: number, monetary: number): Segment {
  if (recency >= 4 && frequency >= 4 && monetary >= 4) return 'Champion'
  if (recency >= 3 && frequency >= 4) return 'Loyal Customer'
  if (recency >= 3 && frequency >= 2) return 'Potential Loyalist'
  if (recency <= 2 && frequency >= 3) return 'At Risk'
  if (recency === 1) return 'Lost'
  if (recency === 2) return 'Needs Attention'
  return 'New Customer'
}

export const FREQUENCY_BUCKETS = [
  '0 orders',
  '1 order',
  '2 orders',
  '3-5 orders',
  '6-10 orders',
  '11+ orders',
] as const

/** The place in FREQUENCY_BUCKETS of a number of orders. @example frequencyBucket(4) → 3 */
export function frequencyBucket(orders: number): number {
  if (orders <= 2) return orders
  return orders <= 5 ? 3 : orders <= 10 ? 4 : 5
}
