import * as z from 'zod'
import { parseDay } from '../../lib/times/wall-clock.ts'
import { type Rules, rulesSchema } from '../../rules/rules.ts'

const isDate = (text: string): boolean => parseDay(text) !== undefined

const dateSchema = z
  .string()
  .refine(isDate, { error: (issue) => `'${issue.input}' is not a date such as 2025-01-31` })

const folderSchema = z.string().min(1)

/** Everything that a settings file may hold: the business rules, and what else a run can be told. */
export const settingsSchema = rulesSchema.extend({
  $schema: z.string().optional().describe('Where editors find the JSON Schema; ignored.'),
  paths: z
    .strictObject({
      input: folderSchema
        .optional()
        .describe('Folder with the eight raw CSVs; raw_data in the working folder if left out.'),
      output: folderSchema
        .optional()
        .describe('Folder for the aggregate CSVs; aggregated_data in the working folder if left out.'),
      logs: folderSchema
        .optional()
        .describe('Folder for run records, logs and rejects; logs in the working folder if left out.'),
    })
    .prefault({})
    .describe('Folders, relative to that of the settings file.'),
  since: dateSchema.optional().describe('Keep only rows from this date on (YYYY-MM-DD).'),
  until: dateSchema.optional().describe('Keep only rows up to this date (YYYY-MM-DD).'),
  asOf: z
    .string()
    .refine((text) => text === 'today' || isDate(text), {
      error: (issue) => `'${issue.input}' is neither a date such as 2025-01-31 nor today`,
    })
    .optional()
    .describe(
      'Date on which "days since" are counted: YYYY-MM-DD or today; the latest in the data if left out.',
    ),
  allowMissing: z
    .boolean()
    .default(false)
    .describe('Treat missing files as empty tables, except that of orders.'),
  strict: z.boolean().default(false).describe('Fail if a data-quality finding warns.'),
  escapeFormulas: z
    .boolean()
    .default(true)
    .describe("Write a ' before texts that a spreadsheet might run as formulas."),
  bom: z.boolean().default(false).describe('Start the CSVs with a byte order mark, for old Excel versions.'),
  showValues: z.boolean().default(false).describe('Show cells of rejected rows in messages and logs.'),
  keepRuns: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(90)
    .describe('How many runs the log folder keeps.'),
  modules: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'TypeScript or JavaScript files that export extraColumns, metrics or tables, relative to this file.',
    ),
  extraColumns: z
    .unknown()
    .optional()
    .describe('Columns of raw tables that ecomagg does not know, by table.'),
  metrics: z.unknown().optional().describe("Columns of the shop's own in the aggregate tables."),
  tables: z.unknown().optional().describe("Aggregate tables of the shop's own."),
})

/** Settings, complete. */
export type Settings = z.output<typeof settingsSchema>

/** What a settings file holds; everything may be left out. */
export type Config = z.input<typeof settingsSchema>

/** The business rules among the settings. */
export function rulesOf(settings: Settings): Rules {
  const { $schema, paths, since, until, asOf, allowMissing, strict, escapeFormulas, ...others } = settings
  const { bom, showValues, keepRuns, modules, extraColumns, metrics, tables, ...rules } = others
  return rules
}
