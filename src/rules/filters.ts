import { BlockList, isIP } from 'node:net'
import * as z from 'zod'
import { cellTextSchema } from './cell-text.ts'
import { amountSchema } from './money.ts'
import { textRuleSchema } from './text-rule.ts'

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
})
export type FilterRules = z.infer<typeof filtersSchema>
