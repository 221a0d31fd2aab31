import { join } from 'node:path'
import * as z from 'zod'
import { errnoName } from '../../lib/errno.ts'
import { KnownError } from '../../lib/errors.ts'
import { readRegular } from '../../lib/files/regular-file.ts'
import { isRunId } from '../lock/run-id.ts'
import { fromVersion1 } from '../logs/older-records.ts'
import { accountingSchema, type RunRecord, settingsFileSchema } from '../logs/record.ts'

export const MANIFEST_NAME = 'manifest.json'
/** Version 1 knew one file a table. */
export const MANIFEST_VERSION = 2

const manifestOfNow = z.object({
  schema_version: z.literal(MANIFEST_VERSION),
  /** It becomes part of paths. */
  run_id: z.string().refine(isRunId, 'it is none of a run'),
  version: z.string(),
  as_of: z.string().nullable(),
  since: z.iso.date().nullable(),
  until: z.iso.date().nullable(),
  dialect: z.object({ bom: z.boolean(), escape_formulas: z.boolean() }),
  /** Missing in manifests of versions that knew no settings file. */
  settings_file: settingsFileSchema.nullable().optional(),
  rules: z.record(z.string(), z.unknown()),
  /** Which key ids were hashed with; null if none were. Older manifests lack it. */
  hash_key_id: z.string().nullable().optional(),
  /** Where the raw tables were read. Manifests of older versions do not say, nor what was read. */
  input_folder: z.string().optional(),
  /** The source files that were read, relative to the input folder; sha256 is that of their bytes on disk. */
  inputs: z
    .array(
      z.object({
        table: z.string(),
        files: z.array(z.object({ file: z.string(), bytes: z.number(), sha256: z.string() })),
        accounting: accountingSchema,
      }),
    )
    .optional(),
  /** How the set was made; manifests of older versions do not say. */
  mode: z.enum(['plain', 'full', 'incremental']).optional(),
  /** The state file of the history that belongs to the set; missing if there is none. */
  history: z.object({ bytes: z.number(), sha256: z.string() }).optional(),
  /** Whether the as-of date was chosen, and does not follow from the data. */
  as_of_given: z.boolean().optional(),
  /** Accepted rows by raw table and date; older manifests lack it. */
  rows_by_date: z.record(z.string(), z.record(z.string(), z.number())).optional(),
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
/** `manifest.json` of the output folder: which files make up the published set, of which run. Reads older versions too. */
export const manifestSchema = z.preprocess(fromVersion1, manifestOfNow)
export type Manifest = z.infer<typeof manifestSchema>
export type ManifestFile = Manifest['files'][number]
export type ManifestInput = NonNullable<Manifest['inputs']>[number]

/** Rows by raw table and date. */
export type RowsByDate = NonNullable<Manifest['rows_by_date']>

/** What a manifest says beside what stands in the run record. */
export interface SetFacts {
  /** Accepted rows of the whole set. */
  readonly rowsByDate: RowsByDate
  readonly history: Manifest['history']
}

/** The manifest of a run, from its record. */
export function manifestOf({ options, ...record }: RunRecord, { rowsByDate, history }: SetFacts): Manifest {
  return {
    schema_version: MANIFEST_VERSION,
    run_id: record.run_id,
    version: record.version,
    as_of: record.as_of,
    since: options.since,
    until: options.until,
    dialect: { bom: options.bom, escape_formulas: options.escape_formulas },
    settings_file: options.settings_file ?? null,
    rules: options.rules,
    hash_key_id: options.hash_key_id ?? null,
    input_folder: options.input,
    inputs: record.inputs.flatMap(({ table, files, accounting }) => {
      const read = files.flatMap(({ file, bytes, sha256 }) =>
        sha256 === null ? [] : [{ file, bytes, sha256 }],
      )
      return read.length === 0 ? [] : [{ table, files: read, accounting }]
    }),
    mode: options.mode,
    as_of_given: options.as_of !== null,
    ...(history === undefined ? {} : { history }),
    rows_by_date: rowsByDate,
    files: record.outputs,
  }
}

/**
 * The manifest of the published set; undefined if there is none. Nobody else reads it, so that a damaged one
 * is never taken for none.
 *
 * @throws KnownError manifest_damaged (data) if it cannot be read, or is none of ours
 */
export function publishedManifest(outputFolder: string): Manifest | undefined {
  const path = join(outputFolder, MANIFEST_NAME)
  let text: string
  try {
    text = readRegular(path).toString('utf8')
  } catch (cause) {
    const code = errnoName(cause)
    if (code === 'ENOENT') return undefined
    throw damagedManifest(outputFolder, `cannot be read (${code})`, cause)
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw damagedManifest(outputFolder, 'is not JSON', cause)
  }
  const { data, error } = manifestSchema.safeParse(content)
  if (data !== undefined) return data
  const { path: place, message } = error.issues[0]!
  const where = place.length === 0 ? '' : `${place.map(String).join('.')}: `
  throw damagedManifest(outputFolder, `is not one that ecomagg wrote (${where}${message})`, error)
}

/** The error of a manifest that says nothing which can be relied upon. @param found what is wrong with it */
export function damagedManifest(outputFolder: string, found: string, cause?: unknown): KnownError {
  const path = join(outputFolder, MANIFEST_NAME)
  return new KnownError('data', 'manifest_damaged', `${path} ${found}, so nobody knows what is published`, {
    file: path,
    found,
    allowed: 'the manifest as ecomagg wrote it',
    hint: 'put it back from a backup, or publish the set anew: with ecomagg process, or, if incremental runs keep it, with ecomagg process --full and all raw files',
    cause,
  })
}

/** The manifest for those to whom a damaged one means the same as none. */
export function readableManifest(outputFolder: string): Manifest | undefined {
  try {
    return publishedManifest(outputFolder)
  } catch (error) {
    if (error instanceof KnownError) return undefined
    throw error
  }
}
