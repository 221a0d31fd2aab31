import { z } from 'zod'

export const MANIFEST_NAME = 'manifest.json'
export const MANIFEST_VERSION = 1

/** `manifest.json` of the output folder: which files make up the published set, of which run. */
export const manifestSchema = z.object({
  schema_version: z.literal(MANIFEST_VERSION),
  run_id: z.string(),
  version: z.string(),
  as_of: z.string().nullable(),
  since: z.string().nullable(),
  until: z.string().nullable(),
  dialect: z.object({ bom: z.boolean(), escape_formulas: z.boolean() }),
  rules: z.record(z.string(), z.unknown()),
  /** Which key ids were hashed with; null if none were. Older manifests lack it. */
  hash_key_id: z.string().nullable().optional(),
  files: z.array(
    z.object({
      table: z.string(),
      file: z.string(),
      rows: z.number(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
})
export type Manifest = z.infer<typeof manifestSchema>
export type ManifestFile = Manifest['files'][number]
