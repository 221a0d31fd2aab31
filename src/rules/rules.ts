import { z } from 'zod'
import { timeFormatFault } from '../lib/time-format.ts'
import { isTimeZone } from '../lib/time-zone.ts'

const timeFormatSchema = z.string().superRefine((layout, context) => {
  const fault = timeFormatFault(layout)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `'${layout}': ${fault}` })
})

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
  maxRejectRate: z.number().min(0).max(1).default(0.01),
  funnel: z
    .strictObject({
      /** A pageview whose path contains one of these is a product view. */
      productView: z.array(z.string().min(1)).default(['/product/', '/products/']),
      /** A pageview whose path contains one of these is a checkout view. */
      checkoutView: z.array(z.string().min(1)).default(['/checkout']),
      /** Whether the shop set checkoutView itself; then a rule that fits nothing is a finding. */
      checkoutViewIsOwn: z.boolean().default(false),
    })
    .prefault({}),
  /** Longest time on one page that counts, in seconds. */
  timeOnPageCap: z.number().int().min(1).max(86_400).default(1800),
})

export type Rules = z.infer<typeof rulesSchema>

export const defaultRules: Rules = rulesSchema.parse({})
