import * as z from 'zod'

/**
 * What the kept rows mean, and what numbers are made of them. To be raised whenever a change would give other
 * bytes for the same history: a history of another version is then refused.
 */
export const HISTORY_VERSION = 1
const SCHEMA_VERSION = 1

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

const wholeText = z.string().regex(/^-?\d+$/)

/** The rows of one date that are kept. */
const dayStateSchema = z.object({
  date: z.iso.date(),
  piece: pieceSchema,
  /** Accepted rows by raw table. */
  rows: z.record(z.string(), z.number()),
  /** Whether rows are kept that the shop's filters leave out. */
  has_filtered: z.boolean(),
  /** What the accepted rows of the date say of each control total. */
  accepted: z.record(z.string(), wholeText),
})
export type DayState = z.infer<typeof dayStateSchema>

/** The rows of one date in a published CSV. */
const blockStateSchema = z.object({
  date: z.iso.date(),
  rows: z.number(),
  bytes: z.number(),
  /** What they say of each side of a control total, by its name. */
  sides: z.record(z.string(), wholeText),
})
export type BlockState = z.infer<typeof blockStateSchema>

/** `history/state.json`: what is kept of all days that were aggregated, for the set of one run. */
export const stateSchema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  history_version: z.number(),
  /** The version of ecomagg that wrote it; for people. */
  version: z.string(),
  run_id: z.string(),
  /** Seed of the hashes by which keys and ids are searched. */
  seed: z.number(),
  rules: z.record(z.string(), z.unknown()),
  hash_key_id: z.string().nullable(),
  dialect: z.object({ bom: z.boolean(), escape_formulas: z.boolean() }),
  /** The kept columns of each raw table. */
  columns: z.record(z.string(), z.array(z.string())),
  /** By date, ascending. */
  days: z.array(dayStateSchema),
  /** Rows of raw tables that have no dates. */
  undated: z.object({ piece: pieceSchema, rows: z.record(z.string(), z.number()) }),
  /** By aggregate table. */
  carried: z.record(z.string(), pieceSchema),
  blocks: z.record(z.string(), z.array(blockStateSchema)),
  /** Rows whose key stands on an earlier date, too: date, raw table, place among its rows of the date. */
  shadowed: z.array(z.tuple([z.iso.date(), z.string(), z.number()])),
})
export type HistoryState = z.infer<typeof stateSchema>
