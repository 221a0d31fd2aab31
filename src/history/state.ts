import * as z from 'zod'

/**
 * What the kept rows mean and how they lie on disk. To be raised whenever a change would read the same files
 * otherwise, fingerprints and numbers of filters included: a history of another version is then refused.
 */
export const HISTORY_VERSION = 3
const SCHEMA_VERSION = 2

/** Where some bytes lie in a file of the history. */
const pieceSchema = z.object({
  file: z.string().regex(/^(?:days|whole)-[0-9A-Za-z-]+\.bin$/),
  offset: z.number().int().min(0),
  bytes: z.number().int().min(0),
  /** How many of them are read first. */
  lead: z.number().int().min(0),
  /** By which the bytes are known to be the ones that were written. */
  check: z.number().int().min(0),
})
export type Piece = z.infer<typeof pieceSchema>

/** The rows of one date that are kept: all acceptable ones, as they were delivered last. */
const dayStateSchema = z.object({ date: z.iso.date(), piece: pieceSchema })
export type DayState = z.infer<typeof dayStateSchema>

/** The rows of one date in a published CSV: date, rows, bytes, checksum of the bytes. */
const blockSchema = z.tuple([z.iso.date(), z.number(), z.number(), z.number()])
export type BlockState = z.infer<typeof blockSchema>

/** `history/state.json`: where the rows lie that are kept for the set of one run. */
export const stateSchema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  history_version: z.literal(HISTORY_VERSION),
  /** The version of ecomagg that wrote it; for people. */
  version: z.string(),
  run_id: z.string(),
  /** Seed of the hashes that stand in the place of keys. */
  seed: z.number(),
  rules: z.record(z.string(), z.unknown()),
  hash_key_id: z.string().nullable(),
  /** The kept columns of each raw table. */
  columns: z.record(z.string(), z.array(z.string())),
  /** By date, ascending. */
  days: z.array(dayStateSchema),
  /** Rows of raw tables that have no dates. */
  undated: pieceSchema,
  /** What was published with it, by table with dates: only to tell what a later run changes. */
  blocks: z.record(z.string(), z.array(blockSchema)),
  /** Published revenue by date, in ten-thousandths; for the same. */
  revenue: z.record(z.iso.date(), z.string().regex(/^-?\d+$/)),
})
export type HistoryState = z.infer<typeof stateSchema>

/** What tells a state of another version, whatever else stands in it. */
export const stateVersionSchema = z.object({ history_version: z.number(), version: z.string() })
