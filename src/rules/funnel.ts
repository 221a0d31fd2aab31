import * as z from 'zod'
import { textRuleSchema } from './text-rule.ts'

const pathRulesSchema = z.array(textRuleSchema).min(1)

/** SPEC section 3, session_funnel. */
const PRODUCT_VIEW = ['/product/', '/products/']
const CHECKOUT_VIEW = ['/checkout']

const BUILT_IN_STEPS = ['pageview', 'product_view', 'add_to_cart', 'checkout_view', 'order']

const stepNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'a step is named in lower case, with letters, digits and _')
  .refine((name) => !BUILT_IN_STEPS.includes(name), { error: 'this step is there already' })

/** Which pageviews count as steps of the funnel, by rules for their path; a plain text is contained in it. */
export const funnelSchema = z.strictObject({
  productView: pathRulesSchema
    .default(PRODUCT_VIEW)
    .describe('Paths of product pages; a plain text is contained in the path.'),
  /** SPEC's default if left out: only what the shop has set is a finding when it fits nothing. */
  checkoutView: pathRulesSchema
    .optional()
    .describe('Paths of checkout pages; those that contain /checkout if left out.'),
  steps: z
    .record(stepNameSchema, pathRulesSchema)
    .default({})
    .describe('Further steps by name; each becomes a column had_<name>.'),
})
export type FunnelRules = z.infer<typeof funnelSchema>

/** The rules of checkout pages: the shop's own, or SPEC's. */
export function checkoutViewRules({ checkoutView }: FunnelRules): z.infer<typeof pathRulesSchema> {
  return checkoutView ?? CHECKOUT_VIEW
}
