import { z } from 'zod'
import { settingsFileSchema } from './record.ts'

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
  /** Missing in manifests of versions that knew no settings file. */
  settings_file: settingsFileSchema.nullable().optional(),
  rules: z.record(z.string(), z.unknown()),
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
