import type { AnyAggregate } from '../tables/define.ts'
import { coupon_performance } from './coupon_performance/index.ts'
import { daily_business_metrics } from './daily_business_metrics/index.ts'
import { page_engagement_metrics } from './page_engagement_metrics/index.ts'
import { product_performance_daily } from './product_performance_daily/index.ts'
import { session_attribution } from './session_attribution/index.ts'
import { session_funnel } from './session_funnel/index.ts'
import { user_lifetime_metrics } from './user_lifetime_metrics/index.ts'

const tables = {
  daily_business_metrics,
  session_attribution,
  session_funnel,
  product_performance_daily,
  user_lifetime_metrics,
  page_engagement_metrics,
  coupon_performance,
} as const

/** The aggregate tables by name, with the exact types of their columns. */
export type AggregateTables = typeof tables
export type AggregateName = keyof AggregateTables

/** The aggregate tables, in the order in which they are computed and published. */
export const aggregateTables: readonly AnyAggregate[] = Object.values(tables)

/** The table whose dates are all that a set covers: it has a row for each day of the shop's calendar. */
export const calendarTable: AnyAggregate = aggregateTables.find(
  ({ spansCalendar }) => spansCalendar === true,
)!
