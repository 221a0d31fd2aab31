import type { Collections } from '../collections/vectors.ts'
import type { CouponReview } from '../facts/coupon-review.ts'
import { divideRounded, formatHundredths, formatMoney, type Whole } from '../lib/numbers/exact.ts'
import { printable } from '../lib/texts/printable.ts'
import type { Accounting } from '../parsers/accounting/accounting.ts'
import type { PersonalDataCount } from '../parsers/records/personal-data.ts'
import type { Rules } from '../rules/rules.ts'
import type { AggregateTable } from '../tables/aggregate-table.ts'

/** Something about the data that people should know; it warns and does not fail (unless --strict). */
export interface Finding {
  /** Stable, snake_case. */
  readonly code: string
  /** warning: something may be wrong, and --strict fails. information: good to know, nothing is wrong. */
  readonly severity: 'warning' | 'information'
  /** One sentence of what was found. */
  readonly message: string
  /** What to do about it. */
  readonly advice: string
  /** The numbers behind it. */
  readonly details: Readonly<Record<string, string | number>>
}

/** What the findings read of the accepted rows. */
export const findingNeeds = {
  session_table: ['session_id', 'time'],
  order_table: [
    'session_id',
    'order_id',
    'time',
    'total_price',
    'shipping_price',
    'discount',
    'discount_coupon_code',
  ],
  order_line_item_table: ['session_id', 'order_id', 'time', 'product_name', 'product_price', 'product_qty'],
  add_to_cart_table: ['session_id'],
  pageview_table: ['session_id'],
  scroll_table: ['session_id'],
  click_table: ['session_id'],
} as const

/** The aggregate tables that findings read. */
export const findingTables = ['session_funnel'] as const

/** The flags of an aggregate table, which are all that findings look at. */
export interface FlagTable {
  readonly rowCount: number
  readonly flags: Readonly<Record<string, Int8Array>>
}

export function flagsOf({ rowCount, columns }: AggregateTable): FlagTable {
  const flags: Record<string, Int8Array> = {}
  for (const [name, vector] of Object.entries(columns)) if (vector instanceof Int8Array) flags[name] = vector
  return { rowCount, flags }
}

/** The days of the daily calendar, and how many of them have sessions. */
export interface SessionCalendar {
  readonly first: number
  readonly last: number
  readonly daysWithSessions: ReadonlySet<number>
}

/** What a finding may look at. */
export interface FindingSources {
  /** As recorded: discounts are those before any correction. */
  readonly tables: Collections<typeof findingNeeds>
  readonly accounting: ReadonlyMap<string, Accounting>
  /** What seems to be personal data, by raw table; empty if it was not looked for. */
  readonly personalData: ReadonlyMap<string, readonly PersonalDataCount[]>
  readonly aggregates: Readonly<Record<(typeof findingTables)[number], FlagTable>>
  readonly coupons: CouponReview
  /** Undefined if there is no session, order or line item. */
  readonly calendar: SessionCalendar | undefined
  readonly rules: Rules
}

/** A share of rows as a percentage. @example share(1, 3) → '33.33 %' */
export function share(part: number, of: number): string {
  return of === 0 ? '0.00 %' : `${formatHundredths(divideRounded(part * 10_000, of))} %`
}

/** An amount of money for people. @example amount(-1234_5000) → '-1,234.50' */
export function amount(tenThousandths: Whole): string {
  return formatMoney(tenThousandths).replace(/\B(?=(\d{3})+\.)/g, ',')
}

/** A coupon or product as a message names it: on one line, and not longer than 40 characters. */
export function nameForPeople(name: string): string {
  const line = printable(name.slice(0, 200))
  const characters = [...line]
  return characters.length <= 40 && name.length <= 200 ? line : `${characters.slice(0, 39).join('')}…`
}
