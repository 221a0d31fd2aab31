import * as z from 'zod'
import { RUN_PHASES } from '../../config/run-options.ts'
import { fromVersion1 } from './older-records.ts'

/** The version of the run record; a change that readers would notice raises it. Version 1 knew one file a table. */
export const RECORD_VERSION = 2

const wholeText = z.string().regex(/^-?\d+(\.\d\d)?$/)

export const accountingSchema = z.object({
  read: z.number(),
  rejected: z.number(),
  duplicate: z.number(),
  conflicting: z.number(),
  outside_range: z.number(),
  filtered: z.number(),
  accepted: z.number(),
})

const inputSchema = z.object({
  table: z.string(),
  /** The source files, in the order in which they were read, relative to the input folder; none if they were missing. */
  files: z.array(
    z.object({
      file: z.string(),
      bytes: z.number(),
      /** Of the bytes on disk; null in records of versions that did not take it. */
      sha256: z.string().nullable(),
    }),
  ),
  accounting: accountingSchema,
  /** Rows by what filtered them; older records lack it. */
  filtered_by: z.record(z.string(), z.number()).optional(),
  reject_rate: z.number(),
  /**
   * What the records are worth without signs, as far as it can be read: all, and the rejected and conflicting
   * ones. Null for tables whose rows are worth nothing by themselves; older records lack it.
   */
  money: z.object({ read: wholeText, rejected: wholeText, reject_rate: z.number() }).nullable().optional(),
  reasons: z.array(
    z.object({
      reason: z.string(),
      column: z.string().nullable(),
      count: z.number(),
      example_file: z.string(),
      example_line: z.number(),
      /** The cell's shape (digits as 9, letters as a), or the cell itself with --show-values. */
      example: z.string().nullable(),
    }),
  ),
  missing_columns: z.array(z.string()),
  unknown_columns: z.array(z.string()),
  seconds: z.number(),
})
export type InputRecord = z.infer<typeof inputSchema>

export interface ErrorRecord {
  code: string
  failure: string
  message: string
  hint: string | null
  details: Record<string, string | number>
  problems: ErrorRecord[]
  stack: string | null
}

const errorSchema: z.ZodType<ErrorRecord> = z.object({
  code: z.string(),
  failure: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  problems: z.lazy(() => z.array(errorSchema)),
  stack: z.string().nullable(),
})

/** The settings file of a run; the hash is over its bytes and those of the modules that it names. */
export const settingsFileSchema = z.object({ path: z.string(), sha256: z.string() })

const recordOfNow = z.object({
  schema_version: z.literal(RECORD_VERSION),
  run_id: z.string(),
  command: z.enum(['process', 'check']),
  version: z.string(),
  /**
   * running is what a run that died leaves behind. The good ends: published; unchanged, where the published
   * set is already what this run would publish; checked.
   */
  status: z.enum(['running', 'published', 'unchanged', 'checked', 'failed', 'interrupted']),
  phase: z.enum(RUN_PHASES),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  duration_seconds: z.number().nullable(),
  pid: z.number(),
  host: z.string(),
  options: z.object({
    input: z.string(),
    output: z.string(),
    log_dir: z.string(),
    /** Missing in records of versions that knew no settings file. */
    settings_file: settingsFileSchema.nullable().optional(),
    /** How the set is made; older records lack it. */
    mode: z.enum(['plain', 'full', 'incremental']).optional(),
    merge_days: z.boolean().optional(),
    allow_shrink: z.boolean().optional(),
    since: z.string().nullable(),
    until: z.string().nullable(),
    as_of: z.string().nullable(),
    allow_missing: z.boolean(),
    strict: z.boolean(),
    escape_formulas: z.boolean(),
    bom: z.boolean(),
    rules: z.record(z.string(), z.unknown()),
    /** Which key ids were hashed with; null if none were. Older records lack it. */
    hash_key_id: z.string().nullable().optional(),
  }),
  as_of: z.string().nullable(),
  inputs: z.array(inputSchema),
  outputs: z.array(
    z.object({
      table: z.string(),
      file: z.string(),
      rows: z.number(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
  /** What an incremental run changed; null for others, missing in older records. */
  incremental: z
    .object({
      /** Dates of the slice, and those among them that differ from what was kept. */
      slice_dates: z.array(z.string()),
      changed_dates: z.array(z.string()),
      /** Dates outside of the slice whose published rows changed, with the tables; older records say why. */
      updated: z.array(
        z.object({ date: z.string(), tables: z.array(z.string()), reason: z.string().optional() }),
      ),
      /** Published rows by aggregate table, where they changed; older records lack it. */
      tables: z
        .array(z.object({ table: z.string(), dates: z.number(), rows_before: z.number(), rows: z.number() }))
        .optional(),
      /** Published revenue of the dates where it changed; older records lack it. */
      revenue: z.array(z.object({ date: z.string(), before: wholeText, now: wholeText })).optional(),
      /** All kept rows by what they are beside each other, by raw table; older records lack it. */
      kept_rows: z.array(z.object({ table: z.string(), accounting: accountingSchema })).optional(),
      kept_dates: z.number(),
      /** Of all files of the history; 0 if none was written. */
      history_bytes: z.number(),
      /** How long it took to read and judge all kept rows; older records lack it. */
      history_seconds: z.number().optional(),
    })
    .nullable()
    .optional(),
  totals: z.object({ revenue: wholeText, orders: wholeText, sessions: wholeText }).nullable(),
  control_totals: z.array(
    z.object({
      name: z.string(),
      meaning: z.string(),
      unit: z.enum(['money', 'quantity', 'count']),
      holds: z.boolean(),
      /** Exact: money and quantities in ten-thousandths, counts as they are. */
      sides: z.array(z.object({ source: z.string(), value: z.string() })),
    }),
  ),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['warning', 'information']),
      message: z.string(),
      advice: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  notices: z.array(z.string()),
  /** Seconds by phase. */
  timings: z.record(z.string(), z.number()),
  peak_memory_bytes: z.number(),
  rejects_file: z.string().nullable(),
  error: errorSchema.nullable(),
})
/** The run record, `logs/<run-id>.json`: everything about one run, for people and programs. Reads older versions too. */
export const recordSchema = z.preprocess(fromVersion1, recordOfNow)
export type RunRecord = z.infer<typeof recordSchema>
