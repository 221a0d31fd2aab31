import * as z from 'zod'

export const HASHABLE_IDS = ['user_id', 'session_id', 'order_id'] as const
export type HashableId = (typeof HASHABLE_IDS)[number]

/** The environment variable that holds the key, unless another is named. */
export const DEFAULT_KEY_VARIABLE = 'ECOMAGG_HASH_KEY'

/** Ids that are replaced by keyed hashes before anything is kept. */
export const privacySchema = z.strictObject({
  hashIds: z
    .array(z.enum(HASHABLE_IDS))
    .default([])
    .describe('Which ids are replaced by keyed hashes; none by default.'),
  keyVariable: z.string().min(1).default(DEFAULT_KEY_VARIABLE).describe('Environment variable with the key.'),
  keyFile: z
    .string()
    .min(1)
    .optional()
    .describe('File with the key, readable by its owner alone (0600); used if the variable is not set.'),
})
export type PrivacyRules = z.infer<typeof privacySchema>
