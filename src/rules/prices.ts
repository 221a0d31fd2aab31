import * as z from 'zod'
import { cellTextSchema } from './cell-text.ts'
import { amountSchema } from './money.ts'

/** The code of orders without a coupon (SPEC section 3, coupon_performance). */
export const NO_COUPON = 'NO_COUPON'

const couponSchema = z
  .strictObject({
    percent: amountSchema
      .max(100)
      .optional()
      .describe("Percent of the order's lines (price × quantity), with at most four decimals."),
    amount: amountSchema.optional().describe("An amount in units, never more than the order's lines."),
    action: z
      .enum(['warn', 'correct'])
      .default('warn')
      .describe('warn: report what differs. correct: also use the discount by this rule in all tables.'),
  })
  .refine(({ percent, amount }) => (percent === undefined) !== (amount === undefined), {
    error: 'must have just one of percent and amount',
  })
export type CouponRule = z.infer<typeof couponSchema>

/** What each coupon code gives, by code. */
export const couponsSchema = z.record(cellTextSchema.min(1), couponSchema)

/** A difference between recorded and expected discount up to this is rounding, in units. */
export const couponToleranceSchema = amountSchema

/** The price of each product, by product_name; lines sold at another price are reported. */
export const listPricesSchema = z.record(cellTextSchema.min(1), amountSchema)

/** What total_price includes. paid: lines − discount + shipping. gross: the lines alone. */
export const totalPriceSchema = z.enum(['paid', 'gross'])
export type TotalPriceMeaning = z.infer<typeof totalPriceSchema>
