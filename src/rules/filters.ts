import { BlockList, isIP } from 'node:net'
import * as z from 'zod'
import { linearTest } from '../lib/texts/linear-expression.ts'
import { allRawTables, type RawTableName } from '../raw/index.ts'
import { cellTextSchema } from './cell-text.ts'
import { headerNameSchema } from './header-name.ts'
import { amountSchema } from './money.ts'
import { faultOf, textRuleSchema } from './text-rule.ts'

const ipSchema = z.string().superRefine((range, context) => {
  if (parseIpRange(range) !== undefined) return
  context.addIssue({
    code: 'custom',
    message: `'${range}' is not an IP address, a network such as 10.0.0.0/8 or a range such as 10.0.0.1-10.0.0.9`,
  })
})

/** First and last address of a range, both of one family. */
export type IpRange =
  | { readonly family: 'ipv4' | 'ipv6'; readonly network: string; readonly prefix: number }
  | { readonly family: 'ipv4' | 'ipv6'; readonly first: string; readonly last: string }

/** @example parseIpRange('10.0.0.0/8') → { family: 'ipv4', network: '10.0.0.0', prefix: 8 } */
export function parseIpRange(range: string): IpRange | undefined {
  const [first, last, ...more] = range.split('-') as [string, ...string[]]
  if (more.length > 0) return undefined
  if (last !== undefined) {
    const family = familyOf(first)
    if (family === undefined || family !== familyOf(last) || !isRange(first, last, family)) return undefined
    return { family, first, last }
  }
  const [network, bits] = range.split('/') as [string, string | undefined]
  const family = familyOf(network)
  if (family === undefined) return undefined
  const widest = family === 'ipv4' ? 32 : 128
  const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  return prefix <= widest && range.split('/').length <= 2 ? { family, network, prefix } : undefined
}

/** Whether the first address does not come after the last. */
function isRange(first: string, last: string, family: 'ipv4' | 'ipv6'): boolean {
  try {
    new BlockList().addRange(first, last, family)
    return true
  } catch {
    return false
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}

/** How a cell may be asked. */
const QUESTIONS = ['equals', 'in', 'prefix', 'matches'] as const

/** Rows of one raw table, by the cells of any column of its file. */
const columnFilterSchema = z
  .strictObject({
    table: z.enum(Object.keys(allRawTables) as [RawTableName, ...RawTableName[]]),
    column: headerNameSchema,
    equals: cellTextSchema.min(1).optional(),
    in: z.array(cellTextSchema.min(1)).min(1).optional(),
    prefix: z.string().min(1).optional(),
    matches: z.string().min(1).optional(),
  })
  .superRefine((filter, context) => {
    if (QUESTIONS.filter((name) => filter[name] !== undefined).length !== 1) {
      context.addIssue({
        code: 'custom',
        message:
          'must have just one of equals, in, prefix and matches; cells that are not empty fit { matches: . }',
      })
    }
    const { matches } = filter
    const fault = matches === undefined ? undefined : faultOf(matches, 'a regular expression', linearTest)
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['matches'], message: fault })
  })
export type ColumnFilter = z.infer<typeof columnFilterSchema>

/**
 * Whether a cell that is not empty fits at least one of the filters of its column.
 *
 * @example columnTest([{ table: 'order_table', column: 'status', in: ['void', 'test'] }])('void') → true
 */
export function columnTest(filters: readonly ColumnFilter[]): (text: string) => boolean {
  const tests = filters.map(({ equals, in: list, prefix, matches }): ((text: string) => boolean) => {
    if (equals !== undefined) return (text) => text === equals
    if (prefix !== undefined) return (text) => text.startsWith(prefix)
    if (matches !== undefined) return linearTest(matches)
    const texts = new Set(list)
    return (text) => texts.has(text)
  })
  return (text) => tests.some((test) => test(text))
}

/**
 * Rows that the shop does not count. What belongs to a row that is left out is left out with it: the
 * sessions and orders of a user, the orders and events of a session, the lines of an order.
 */
export const filtersSchema = z.strictObject({
  testUsers: z
    .array(cellTextSchema.min(1))
    .default([])
    .describe('user_id of test accounts, each as a whole.'),
  users: z.array(textRuleSchema).default([]).describe('Rules for user_id; a plain text is the whole id.'),
  sessions: z
    .array(textRuleSchema)
    .default([])
    .describe('Rules for session_id; a plain text is the whole id.'),
  ips: z.array(ipSchema).default([]).describe("Addresses, networks and ranges of the visitors' IP."),
  paths: z
    .array(textRuleSchema)
    .default([])
    .describe('Rules for the path of events; a plain text is the start of the path.'),
  ordersBelow: amountSchema.optional().describe('Orders whose total_price is below this amount.'),
  columns: z
    .array(columnFilterSchema)
    .default([])
    .describe(
      'Rows by the cells of any column of a raw table: { table, column } with one of equals, in, prefix and matches.',
    ),
})
export type FilterRules = z.infer<typeof filtersSchema>

/** Whether any row may be left out. */
export function filtersRows({ ordersBelow, ...lists }: FilterRules): boolean {
  return ordersBelow !== undefined || Object.values(lists).some((list) => list.length > 0)
}
