import * as z from 'zod'
import { parseDecimal } from '../lib/numbers/decimal-text.ts'

/** An amount of money in a setting, in whole units: 49.99. At most four decimals, not below zero. */
export const amountSchema = z
  .number()
  .min(0)
  .max(1_000_000_000)
  .refine(isExact, { error: (issue) => `${issue.input} has more than four decimals` })

function isExact(amount: number): boolean {
  return !/\.\d{5,}|e-/.test(String(amount))
}

/** An amount of a setting in ten-thousandths. @example tenThousandths(49.99) → 499900 */
export function tenThousandths(amount: number): number {
  const value = parseDecimal(String(amount), -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  if (typeof value !== 'number') throw new Error(`${amount} is no amount of money`)
  return value
}
