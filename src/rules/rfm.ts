import * as z from 'zod'
import { amountSchema } from './money.ts'

/** Users without an order have no scores; their segment is always called this (SPEC section 3). */
export const PROSPECT = 'Prospect'

const SCORES = [1, 2, 3, 4, 5] as const

const scoresSchema = z
  .array(z.number().int().min(1).max(5))
  .min(1)
  .default([...SCORES])

const segmentSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .refine((name) => name !== PROSPECT, {
      error: `${PROSPECT} is the segment of users without an order; choose another name`,
    }),
  recency: scoresSchema.describe('The scores that belong to it; all five if left out.'),
  frequency: scoresSchema.describe('As recency.'),
  monetary: scoresSchema.describe('As recency.'),
})
export type RfmSegment = z.infer<typeof segmentSchema>

/** SPEC section 3 as rows that do not overlap, so that their order means nothing. */
const SPEC_SEGMENTS: z.input<typeof segmentSchema>[] = [
  { name: 'Champion', recency: [4, 5], frequency: [4, 5], monetary: [4, 5] },
  { name: 'Loyal Customer', recency: [4, 5], frequency: [4, 5], monetary: [1, 2, 3] },
  { name: 'Loyal Customer', recency: [3], frequency: [4, 5] },
  { name: 'Potential Loyalist', recency: [3, 4, 5], frequency: [2, 3] },
  { name: 'New Customer', recency: [3, 4, 5], frequency: [1] },
  { name: 'At Risk', recency: [1, 2], frequency: [3, 4, 5] },
  { name: 'Needs Attention', recency: [2], frequency: [1, 2] },
  { name: 'Lost', recency: [1], frequency: [1, 2] },
]

/** Four limits, for the scores 5, 4, 3 and 2; all else scores 1. */
const limits = (
  limit: z.ZodType<number>,
  isSorted: (before: number, after: number) => boolean,
  how: string,
) =>
  z
    .tuple([limit, limit, limit, limit])
    .refine((given: readonly number[]) => given.every((one, i) => i === 0 || isSorted(given[i - 1]!, one)), {
      error: `must be ${how}: the limits for the scores 5, 4, 3 and 2`,
    })

const rises = (a: number, b: number) => a < b
const falls = (a: number, b: number) => a > b

/** RFM scores and segments (SPEC section 3, user_lifetime_metrics). */
export const rfmSchema = z.strictObject({
  recency: limits(z.number().int().min(0), rises, 'rising')
    .default([30, 90, 180, 365])
    .describe('Days since the last order, at most, for the scores 5, 4, 3 and 2.'),
  frequency: limits(z.number().int().min(1), falls, 'falling')
    .default([10, 5, 3, 2])
    .describe('Orders, at least, for the scores 5, 4, 3 and 2.'),
  monetary: limits(amountSchema, falls, 'falling')
    .default([1000, 500, 200, 50])
    .describe('Revenue, at least, for the scores 5, 4, 3 and 2.'),
  segments: z
    .array(segmentSchema)
    .superRefine((segments, context) => {
      for (const message of segmentFaults(segments)) context.addIssue({ code: 'custom', message })
    })
    .prefault(SPEC_SEGMENTS)
    .describe('Each of the 125 combinations of scores must belong to just one of these.'),
})
export type RfmRules = z.infer<typeof rfmSchema>

function segmentFaults(segments: readonly RfmSegment[]): string[] {
  const uncovered: string[] = []
  const disputed: string[] = []
  for (const recency of SCORES) {
    for (const frequency of SCORES) {
      for (const monetary of SCORES) {
        const score = `${recency}${frequency}${monetary}`
        const fitting = segments.filter(
          (segment) =>
            segment.recency.includes(recency) &&
            segment.frequency.includes(frequency) &&
            segment.monetary.includes(monetary),
        )
        if (fitting.length === 0) uncovered.push(score)
        if (fitting.length > 1) disputed.push(`${score} (${fitting.map(({ name }) => name).join(', ')})`)
      }
    }
  }
  const faults: string[] = []
  if (uncovered.length > 0)
    faults.push(`${uncovered.length} of the 125 scores belong to no segment: ${shortList(uncovered)}`)
  if (disputed.length > 0)
    faults.push(`${disputed.length} of the 125 scores belong to several segments: ${shortList(disputed)}`)
  return faults
}

function shortList(scores: readonly string[]): string {
  return scores.length <= 5 ? scores.join(', ') : `${scores.slice(0, 5).join(', ')} …`
}

/** The purchase frequency buckets, each from a number of orders up to the next one's. */
export const bucketsSchema = z
  .array(z.strictObject({ name: z.string().min(1), from: z.number().int().min(0) }))
  .min(1)
  .superRefine((buckets, context) => {
    const fail = (message: string) => context.addIssue({ code: 'custom', message })
    if (buckets[0]!.from !== 0) fail('the first bucket must be from 0, so that every user has one')
    if (buckets.some(({ from }, i) => i > 0 && from <= buckets[i - 1]!.from)) fail('from must rise')
    if (new Set(buckets.map(({ name }) => name)).size < buckets.length) fail('two buckets have one name')
  })
export type PurchaseFrequencyBuckets = z.infer<typeof bucketsSchema>

/** SPEC section 3. */
export const SPEC_BUCKETS: PurchaseFrequencyBuckets = [
  { name: '0 orders', from: 0 },
  { name: '1 order', from: 1 },
  { name: '2 orders', from: 2 },
  { name: '3-5 orders', from: 3 },
  { name: '6-10 orders', from: 6 },
  { name: '11+ orders', from: 11 },
]
