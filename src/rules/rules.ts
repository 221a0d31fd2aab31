import * as z from 'zod'
import { timeFormatFault } from '../lib/times/time-format.ts'
import { isTimeZone } from '../lib/times/time-zone.ts'
import { joinsByKey, mayBeOptional, orderAmountColumn, type RawTable } from '../raw/define.ts'
import { allRawTables, type RawTableName } from '../raw/index.ts'
import { cellTextSchema } from './cell-text.ts'
import { channelsSchema } from './channels.ts'
import { filtersSchema } from './filters.ts'
import { funnelSchema } from './funnel.ts'
import { couponsSchema, couponToleranceSchema, listPricesSchema, totalPriceSchema } from './prices.ts'
import { privacySchema } from './privacy.ts'
import { bucketsSchema, rfmSchema, SPEC_BUCKETS } from './rfm.ts'
import { numberFormFault } from './sources/number-form.ts'
import { sourceShape } from './sources/table.ts'

const timeFormatSchema = z.string().superRefine((layout, context) => {
  const fault = timeFormatFault(layout)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `'${layout}': ${fault}` })
})

const timezoneSchema = z
  .string()
  .refine(isTimeZone, { error: (issue) => `'${issue.input}' is not a time zone such as Europe/Berlin` })

const rateSchema = z.number().min(0).max(1)

/** Why the cells of a column cannot be allowed to be empty; undefined if they can. */
function optionalFault(table: RawTable, column: string): string | undefined {
  const allowed = Object.keys(table.columns).filter((name) => mayBeOptional(table, name))
  if (allowed.includes(column)) return undefined
  if (table.columns[column]?.required === false) return `${column} may be empty in ${table.name} already`
  const others = allowed.length === 0 ? 'no column' : allowed.join(' and ')
  return `${column} of ${table.name} cannot be optional; here ${others} can`
}

/** The raw tables whose keys no other table knows. */
const KEYS_OF_THEIR_OWN = Object.values(allRawTables).flatMap((table) =>
  joinsByKey(table) ? [] : [table.name],
)

/** What may be set for one raw table alone. */
function rawTableSchema(name: RawTableName) {
  const table: RawTable = allRawTables[name]
  return z
    .strictObject({
      ...sourceShape,
      timeFormats: z.array(timeFormatSchema).optional().describe('Instead of the general ones.'),
      timezone: timezoneSchema
        .optional()
        .describe("The IANA time zone of times without an offset in this table, if it is not the shop's."),
      maxRejectRate: rateSchema.optional().describe('Instead of the general one.'),
      optional: z
        .array(z.enum(['user_id', 'session_id']))
        .superRefine((columns, context) => {
          for (const [i, column] of columns.entries()) {
            const fault = optionalFault(table, column)
            if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: [i] })
          }
        })
        .default([])
        .describe(
          'Required ids whose cells may be empty here: user_id of guests, session_id of orders from elsewhere.',
        ),
      dedupe: z
        .boolean()
        .refine((dedupe) => dedupe || !joinsByKey(table), {
          error: `must be true: rows are joined by ${table.key}, so ${name} can hold each one only once`,
        })
        .default(true)
        .describe('false: rows that repeat a key all count; only where no other table refers to the key.'),
      key: z
        .array(z.string().min(1))
        .min(1)
        .refine(() => !joinsByKey(table), {
          error: `must be left out: other tables refer to the rows of ${name} by ${table.key}; only ${KEYS_OF_THEIR_OWN.join(', ')} can have another key`,
        })
        .refine((key) => new Set(key).size === key.length, { error: 'names a column twice' })
        .optional()
        .describe('The columns that together tell rows apart, instead of the usual key.'),
      keep: z
        .enum(['first', 'last'])
        .default('first')
        .describe('Which row of a key counts: last, where rows are written again at each change.'),
    })
    .superRefine(({ dedupe, keep, key, ...form }, context) => {
      const fault = numberFormFault(form)
      if (fault !== undefined) context.addIssue({ code: 'custom', path: ['thousands'], message: fault })
      if (!dedupe && key !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['key'],
          message:
            'says which rows are the same, but with dedupe: false all rows count; leave out one of both',
        })
      if (dedupe || keep === 'first') return
      const message =
        'must be first with dedupe: false, by which all rows of a key count; leave out one of both'
      context.addIssue({ code: 'custom', path: ['keep'], message })
    })
    .prefault({})
    .describe(`What differs for ${name}.`)
}

const rawTablesShape = Object.fromEntries(
  Object.keys(allRawTables).map((name) => [name, rawTableSchema(name as RawTableName)]),
) as Record<RawTableName, ReturnType<typeof rawTableSchema>>

/** The shop's business settings, with the defaults of the SPEC; one object is handed to every aggregator. */
export const rulesSchema = z.strictObject({
  timezone: timezoneSchema
    .default('UTC')
    .describe("The shop's IANA time zone: timestamps with an offset are converted to it."),
  timeFormats: z
    .array(timeFormatSchema)
    .default([])
    .describe(
      'Timestamp layouts (date-fns tokens) or unix, unix_ms, unix_us, spreadsheet_day, tried in this order after ISO.',
    ),
  nullValues: z
    .array(cellTextSchema)
    .default([])
    .describe("Texts that mean null in this shop's exports, compared exactly after trimming."),
  maxRejectRate: rateSchema
    .default(0.01)
    .describe('Greatest accepted share of rejected and conflicting rows, and of their money, in any table.'),
  rawTables: z.strictObject(rawTablesShape).prefault({}).describe('What differs for single raw tables.'),
  funnel: funnelSchema
    .prefault({})
    .describe('Which pageviews count as steps of the funnel, by rules for their path.'),
  timeOnPageCap: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(1800)
    .describe('Longest time on one page that counts, in seconds.'),
  rfm: rfmSchema
    .prefault({})
    .describe('RFM scores and segments of users, by recency, frequency and monetary value.'),
  purchaseFrequencyBuckets: bucketsSchema
    .default(SPEC_BUCKETS)
    .describe("The purchase frequency buckets, each from a number of orders up to the next one's."),
  channels: channelsSchema.prefault({}).describe("The shop's own channel groups and sources, beside GA4's."),
  coupons: couponsSchema.default({}).describe('What each coupon code gives, by code.'),
  couponTolerance: couponToleranceSchema
    .default(0.01)
    .describe('A difference between recorded and expected discount up to this is rounding, in units.'),
  listPrices: listPricesSchema
    .default({})
    .describe('The price of each product, by product_name; lines sold at another price are reported.'),
  totalPrice: totalPriceSchema
    .optional()
    .describe(
      'What total_price includes. paid: lines − discount + shipping. gross: the lines alone. Unset, the findings show what fits.',
    ),
  filters: filtersSchema
    .prefault({})
    .describe('Rows that the shop does not count, with all that belongs to them.'),
  negativeOrders: z
    .enum(['refund', 'order'])
    .default('refund')
    .describe(
      'What an order row with total_price below 0 is. refund: its money counts, but it is no order. order: an order like any other.',
    ),
  privacy: privacySchema
    .prefault({})
    .describe('Ids that are replaced by keyed hashes before anything is kept.'),
})

export type Rules = z.infer<typeof rulesSchema>

export const defaultRules: Rules = rulesSchema.parse({})

/** The declared timestamp layouts of a raw table. */
export function timeFormatsOf(rules: Rules, table: string): readonly string[] {
  return tableRules(rules, table)?.timeFormats ?? rules.timeFormats
}

/** The time zone of times without an offset in a raw table; undefined if it is the shop's. */
export function ownTimeZone(rules: Rules, table: string): string | undefined {
  const own = tableRules(rules, table)?.timezone
  return own === rules.timezone ? undefined : own
}

/** The greatest accepted share of rejected and conflicting rows of a raw table. */
export function maxRejectRateOf(rules: Rules, table: string): number {
  return tableRules(rules, table)?.maxRejectRate ?? rules.maxRejectRate
}

/** The column whose amounts below 0 make a row a refund; undefined where no row of the table can be one. */
export function refundColumn(
  table: RawTable,
  { negativeOrders }: Pick<Rules, 'negativeOrders'>,
): string | undefined {
  if (negativeOrders === 'order') return undefined
  return orderAmountColumn(table)
}

/** The columns whose product is below 0 where a row is a refund, or a line of one; none where no row can be. */
export function refundSigns(table: RawTable, rules: Pick<Rules, 'negativeOrders'>): readonly string[] {
  if (rules.negativeOrders === 'order' || table.worth?.signTellsRefunds !== true) return []
  const { amount, times } = table.worth
  return times === undefined ? [amount] : [amount, times]
}

/** The required columns of a raw table whose cells may be empty in this shop. */
export function optionalOf(rules: Rules, table: string): readonly string[] {
  return tableRules(rules, table)?.optional ?? []
}

/** Whether a raw table has layouts of its own, instead of the general ones. */
export function hasOwnTimeFormats(rules: Rules, table: string): boolean {
  return tableRules(rules, table)?.timeFormats !== undefined
}

/** Whether a raw table has a limit of its own, instead of the general one. */
export function hasOwnMaxRejectRate(rules: Rules, table: string): boolean {
  return tableRules(rules, table)?.maxRejectRate !== undefined
}

/** Whether only the first row of each key counts in a raw table. */
export function dedupes(rules: Rules, table: string): boolean {
  return tableRules(rules, table)?.dedupe ?? true
}

/** Whether the last row of each key counts in a raw table, and not the first. */
export function keepsLast(rules: Rules, table: string): boolean {
  return tableRules(rules, table)?.keep === 'last'
}

/** What is set for a raw table alone. */
export type TableRules = Rules['rawTables'][RawTableName]

/** What is set for a raw table alone; undefined for one that no setting knows. */
export function tableRules(rules: Rules, table: string): TableRules | undefined {
  return (rules.rawTables as Partial<Record<string, Rules['rawTables'][RawTableName]>>)[table]
}
