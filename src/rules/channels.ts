import * as z from 'zod'
import { textRuleSchema } from './text-rule.ts'

/** The channel group of sessions that only orders know (SPEC section 3, session_attribution). */
export const UNATTRIBUTED = '(unattributed)'

const fitsSchema = z.array(textRuleSchema).min(1).optional()

const ruleSchema = z
  .strictObject({
    group: z
      .string()
      .min(1)
      .refine((group) => group !== UNATTRIBUTED, {
        error: `${UNATTRIBUTED} is the group of sessions that only orders know; choose another name`,
      })
      .describe('The name of the channel group.'),
    source: fitsSchema.describe(
      'Fits if one of these does; compared in lower case (a regex is given the text in lower case), a plain text as a whole.',
    ),
    medium: fitsSchema.describe('As source.'),
    campaign: fitsSchema.describe('As source.'),
  })
  .refine(({ source, medium, campaign }) => source ?? medium ?? campaign, {
    error: 'must have a source, medium or campaign, or it would take every session',
  })
export type ChannelRule = z.infer<typeof ruleSchema>

export const SOURCE_CATEGORIES = ['search', 'social', 'video', 'shopping'] as const
export type SourceCategory = (typeof SOURCE_CATEGORIES)[number]

const sourcesSchema = z.array(z.string().regex(/^[^A-Z]+$/, 'must be in lower case')).default([])

/** The shop's own channel groups and sources (SPEC section 4 holds GA4's). */
export const channelsSchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .default([])
    .describe(
      "Channel groups of the shop's own, tried in this order before GA4's; the first that fits wins.",
    ),
  sources: z
    .strictObject({
      search: sourcesSchema,
      social: sourcesSchema,
      video: sourcesSchema,
      shopping: sourcesSchema,
    })
    .superRefine((sources, context) => {
      const seen = new Map<string, SourceCategory>()
      for (const category of SOURCE_CATEGORIES) {
        for (const source of sources[category]) {
          const other = seen.get(source)
          if (other !== undefined)
            context.addIssue({ code: 'custom', message: `${source} is in ${other} and in ${category}` })
          seen.set(source, category)
        }
      }
    })
    .prefault({})
    .describe('Sources that belong to a category beside those of GA4, or instead of the one it gives them.'),
})
export type ChannelRules = z.infer<typeof channelsSchema>
