import { z } from 'zod'
import { timeFormatFault } from '../lib/time-format.ts'
import { isTimeZone } from '../lib/time-zone.ts'
import { joinsByKey, type RawTable } from '../raw/define.ts'
import { type RawTableName, rawTables } from '../raw/index.ts'
import { channelsSchema } from './channels.ts'
import { filtersSchema } from './filters.ts'
import { funnelSchema } from './funnel.ts'
import { couponsSchema, couponToleranceSchema, listPricesSchema, totalPriceSchema } from './prices.ts'
import { privacySchema } from './privacy.ts'
import { bucketsSchema, rfmSchema, SPEC_BUCKETS } from './rfm.ts'

const timeFormatSchema = z.string().superRefine((layout, context) => {
  const fault = timeFormatFault(layout)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `'${layout}': ${fault}` })
})

const rateSchema = z.number().min(0).max(1)

/** What may be set for one raw table alone. */
function rawTableSchema(name: RawTableName) {
  const table: RawTable = rawTables[name]
  return z
    .strictObject({
      /** Instead of the general ones. */
      timeFormats: z.array(timeFormatSchema).optional(),
      maxRejectRate: rateSchema.optional(),
      /** false: rows that repeat a key all count; only where no other table refers to the key. */
      dedupe: z
        .boolean()
        .refine((dedupe) => dedupe || !joinsByKey(table), {
          error: `must be true: rows are joined by ${table.key}, so ${name} can hold each one only once`,
        })
        .default(true),
    })
    .prefault({})
}

const rawTablesShape = Object.fromEntries(
  Object.keys(rawTables).map((name) => [name, rawTableSchema(name as RawTableName)]),
) as Record<RawTableName, ReturnType<typeof rawTableSchema>>

/** The shop's business settings, with the defaults of the SPEC; one object is handed to every aggregator. */
export const rulesSchema = z.strictObject({
  /** The shop's IANA zone: timestamps with an offset are converted to it. */
  timezone: z
    .string()
    .refine(isTimeZone, { error: (issue) => `'${issue.input}' is not a time zone such as Europe/Berlin` })
    .default('UTC'),
  /** Declared timestamp layouts (date-fns tokens), tried in order after ISO. */
  timeFormats: z.array(timeFormatSchema).default([]),
  /** Texts that mean null in this shop's exports, compared exactly after trimming. */
  nullValues: z.array(z.string()).default([]),
  /** Greatest accepted share of rejected and conflicting rows in any table. */
  maxRejectRate: rateSchema.default(0.01),
  /** What differs for single raw tables. */
  rawTables: z.strictObject(rawTablesShape).prefault({}),
  funnel: funnelSchema.prefault({}),
  /** Longest time on one page that counts, in seconds. */
  timeOnPageCap: z.number().int().min(1).max(86_400).default(1800),
  rfm: rfmSchema.prefault({}),
  purchaseFrequencyBuckets: bucketsSchema.default(SPEC_BUCKETS),
  channels: channelsSchema.prefault({}),
  coupons: couponsSchema.default({}),
  couponTolerance: couponToleranceSchema.default(0.01),
  listPrices: listPricesSchema.default({}),
  /** What the shop says total_price includes; unset, the findings show what fits. */
  totalPrice: totalPriceSchema.optional(),
  filters: filtersSchema.prefault({}),
  privacy: privacySchema.prefault({}),
})

export type Rules = z.infer<typeof rulesSchema>

export const defaultRules: Rules = rulesSchema.parse({})

/** The declared timestamp layouts of a raw table. */
export function timeFormatsOf(rules: Rules, table: string): readonly string[] {
  return tableRules(rules, table)?.timeFormats ?? rules.timeFormats
}

/** The greatest accepted share of rejected and conflicting rows of a raw table. */
export function maxRejectRateOf(rules: Rules, table: string): number {
  return tableRules(rules, table)?.maxRejectRate ?? rules.maxRejectRate
}

/** Whether only the first row of each key counts in a raw table. */
export function dedupes(rules: Rules, table: string): boolean {
  return tableRules(rules, table)?.dedupe ?? true
}

function tableRules(rules: Rules, table: string) {
  return (rules.rawTables as Partial<Record<string, Rules['rawTables'][RawTableName]>>)[table]
}
