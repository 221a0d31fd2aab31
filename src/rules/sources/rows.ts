import * as z from 'zod'
import { linearTest } from '../../lib/texts/linear-expression.ts'
import { cellTextSchema } from '../cell-text.ts'
import { headerNameSchema } from '../header-name.ts'
import { faultOf } from '../text-rule.ts'

/** How a cell may be asked. */
const QUESTIONS = ['equals', 'in', 'not', 'prefix', 'matches'] as const

const conditionSchema = z
  .strictObject({
    column: headerNameSchema.describe('A source column.'),
    equals: cellTextSchema.optional().describe("The whole cell; '' asks for an empty one."),
    in: z.array(cellTextSchema).min(1).optional().describe('One of these.'),
    not: z
      .union([cellTextSchema, z.array(cellTextSchema).min(1)])
      .optional()
      .describe("Not this, or none of these; '' asks for a cell that is not empty."),
    prefix: z.string().min(1).optional().describe('How the cell starts.'),
    matches: z
      .string()
      .min(1)
      .optional()
      .describe('A regular expression (RE2) that fits somewhere in the cell.'),
  })
  .superRefine((condition, context) => {
    if (QUESTIONS.filter((name) => condition[name] !== undefined).length !== 1) {
      const message = 'must have just one of equals, in, not, prefix and matches'
      context.addIssue({ code: 'custom', message })
    }
    const { matches } = condition
    const fault = matches === undefined ? undefined : faultOf(matches, 'a regular expression', linearTest)
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['matches'], message: fault })
  })
export type RowCondition = z.infer<typeof conditionSchema>

/** Which records of the source files are rows of a table: all of the conditions hold. */
export const whereSchema = z
  .array(conditionSchema)
  .describe('Which records are rows of this table: { column } with one of equals, in, not, prefix, matches.')

/** Columns that stand only in the first record of several that belong together. */
export const carryDownSchema = z
  .strictObject({
    key: headerNameSchema.describe('The source column that is the same in all records that belong together.'),
    columns: z
      .array(headerNameSchema)
      .describe('Source columns whose empty cells take the value of the record before.'),
  })
  .superRefine(({ key, columns }, context) => {
    for (const [i, column] of columns.entries()) {
      const message =
        column === key
          ? 'is the key: without it, no one knows what the record belongs to'
          : columns.indexOf(column) < i
            ? 'stands here twice'
            : undefined
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['columns', i], message })
    }
  })
export type CarryDown = z.infer<typeof carryDownSchema>

/** The source column of which each value is a row once. */
export const oneRowPerSchema = headerNameSchema.describe(
  'A source column: of the records with one value of it, only the first is a row. Empty cells all stay.',
)

/** Where a file ends for the reader, though it goes on. */
export const stopAtSchema = z
  .strictObject({
    column: headerNameSchema.describe('A source column.'),
    prefix: z.string().min(1).describe('How its cell starts in the first record that is read no more.'),
  })
  .describe('From the first such record on nothing is read: totals at the end of a report.')
export type StopAt = z.infer<typeof stopAtSchema>

/** What a table asks of the records of its source files. */
export interface SourceRowRules {
  readonly where?: readonly RowCondition[] | undefined
  readonly carryDown?: CarryDown | undefined
  readonly oneRowPer?: string | undefined
  readonly stopAt?: StopAt | undefined
}
