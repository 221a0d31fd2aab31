import * as z from 'zod'
import { exactDecimal } from '../../lib/numbers/exact-decimal.ts'
import { linearTest } from '../../lib/texts/linear-expression.ts'
import { linearReplace } from '../../lib/texts/linear-replace.ts'
import type { KindName } from '../../raw/kinds.ts'
import { cellTextSchema } from '../cell-text.ts'
import { headerNameSchema } from '../header-name.ts'
import { faultOf } from '../text-rule.ts'
import { hasNumberForm, numberFormFault, numberFormShape } from './number-form.ts'
import { parseTemplate, ROW_PLACE } from './template.ts'
import { cellPartSchema, decimalTextSchema, templateSchema } from './texts.ts'

export { currencySchema, numberFormFault, numberFormShape } from './number-form.ts'

/** Ways to take a text; a mapping has just one. */
const TAKING = ['column', 'first', 'constant', 'template'] as const

const MOST_REPLACEMENTS = 20
/** Only to see whether a replacement can be used. */
const ANY_LENGTH = Number.MAX_SAFE_INTEGER

const currencySignSchema = z
  .string()
  .refine((sign) => /[^\s.,'’]/u.test(sign) && !/^\s|\s$|[\d+-]/u.test(sign), {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is no sign of a currency: it must hold a sign or letter, no digit, + or -, and no blanks around`,
  })

const boundSchema = z.union([
  z.number().refine((bound) => Math.abs(bound) < 1e15 && !String(bound).includes('e'), {
    error: (issue) => `${issue.input} is too large or too small`,
  }),
  decimalTextSchema,
])

const mappingShape = {
  column: headerNameSchema.optional().describe('The source column whose cells are taken.'),
  first: z
    .array(headerNameSchema)
    .min(1)
    .refine((names) => new Set(names).size === names.length, { error: 'names a column twice' })
    .optional()
    .describe('Source columns, of which the first one that is not empty is taken.'),
  constant: cellPartSchema.optional().describe('The same text for each row; empty: no cell has a value.'),
  template: templateSchema
    .refine((template) => !/^[^{}]*$/.test(template), {
      error: 'names no column in braces; write constant for a text that is always the same',
    })
    .optional()
    .describe(
      "A text with source columns in braces, such as 'order:{Name}'; empty if a cell of it is. {row}: the place of the row among those of its carryDown key, from 1.",
    ),
  nullIf: z.array(cellTextSchema.min(1)).optional().describe('Texts that are made empty.'),
  replace: z
    .array(z.tuple([z.string().min(1), cellPartSchema]))
    .max(MOST_REPLACEMENTS)
    .optional()
    .describe(
      'Pairs of a regular expression (RE2: no look-around, no back references) and what all its places become ($1 is a group), in this order.',
    ),
  url: z.enum(['path', 'host', 'query', 'hash']).optional().describe('This part of a URL, or of a path.'),
  param: z.string().min(1).optional().describe('The value of this parameter of a URL, decoded.'),
  decode: z
    .enum(['percent', 'html'])
    .optional()
    .describe('percent: %C3%A4 becomes ä. html: &amp; becomes &. Once.'),
  spaces: z.enum(['collapse']).optional().describe('Runs of white space become one blank, none at the ends.'),
  trimPrefix: cellPartSchema.min(1).optional().describe('Left out at the start, unless it is all there is.'),
  trimSuffix: cellPartSchema.min(1).optional().describe('Left out at the end, unless it is all there is.'),
  lower: z.boolean().optional().describe('In small letters.'),
  upper: z.boolean().optional().describe('In capitals.'),
  split: cellPartSchema.min(1).optional().describe('What stands between the parts of a text; see take.'),
  take: z
    .enum(['first', 'last', 'all'])
    .optional()
    .describe('The part of split that is taken; all: each part once, sorted, joined by +.'),
  values: z
    .record(cellTextSchema.min(1), cellPartSchema)
    .optional()
    .describe('What texts become, each as a whole; others stay.'),
  otherwise: templateSchema.optional().describe('A template, as above, for cells that are empty so far.'),
  ...numberFormShape,
  currencySigns: z
    .array(currencySignSchema)
    .min(1)
    .optional()
    .describe("Left out before or behind a number, such as '€' and 'EUR'."),
  scale: decimalTextSchema
    .refine((text) => exactDecimal(text)?.units !== 0n, { error: 'would make every number 0' })
    .optional()
    .describe("The number times this exact decimal, such as '0.01' for cents."),
  clamp: z
    .tuple([boundSchema, boundSchema])
    .optional()
    .describe('Numbers below the first or above the second become these.'),
}

type MappingObject = z.infer<z.ZodObject<typeof mappingShape, z.core.$strict>>

const mappingObjectSchema = z.strictObject(mappingShape).superRefine((mapping, context) => {
  for (const { path, message } of faultsOf(mapping)) context.addIssue({ code: 'custom', path, message })
})

/**
 * What becomes of the cells of source columns in one column of a raw table: the name of a source column whose
 * cells are taken as they are, or steps in the order of the keys here.
 */
export const cellMappingSchema = z.union([headerNameSchema, mappingObjectSchema])
export type CellMapping = z.infer<typeof cellMappingSchema>

interface Fault {
  readonly path: (string | number)[]
  readonly message: string
}

function faultsOf(mapping: MappingObject): Fault[] {
  const faults: Fault[] = []
  const add = (message: string, ...path: (string | number)[]) => faults.push({ path, message })
  const { split, take, lower, upper, url, param, clamp } = mapping
  if (TAKING.filter((key) => mapping[key] !== undefined).length !== 1)
    add(`must have just one of ${TAKING.join(', ').replace(/, (?=\w+$)/, ' and ')}`)
  if (url !== undefined && param !== undefined)
    add('looks for the parameter in the query by itself; leave url out', 'param')
  if (split !== undefined && take === undefined)
    add('needs take: first, last or all; which part is meant?', 'split')
  if (take !== undefined && split === undefined) add("needs split, such as split: '|'", 'take')
  if (lower === true && upper === true) add('cannot go with lower; leave out one of both', 'upper')
  if (mapping.decimal !== undefined || mapping.thousands !== undefined) {
    const fault = numberFormFault(mapping)
    if (fault !== undefined) add(fault, 'thousands')
  }
  if (clamp !== undefined && Number(clamp[0]) > Number(clamp[1]))
    add(`has its lowest number ${clamp[0]} above its highest, ${clamp[1]}`, 'clamp')
  for (const [i, [expression, replacement]] of (mapping.replace ?? []).entries()) {
    const fault = faultOf(expression, 'a regular expression', linearTest)
    if (fault !== undefined) add(fault, 'replace', i, 0)
    if (fault !== undefined) continue
    const compile = (text: string) => linearReplace(expression, text, ANY_LENGTH)
    const other = faultOf(replacement, 'what stands instead', compile)
    if (other !== undefined) add(other, 'replace', i, 1)
  }
  return faults
}

const NUMBER_KEYS = ['decimal', 'thousands', 'currencySigns', 'scale', 'clamp'] as const

/** A key of a mapping that cannot be used, and why. */
export interface MappingFault {
  readonly key: string
  readonly message: string
}

/**
 * What is wrong with a mapping for a column of a kind; the schema of mappings does not know the kind.
 *
 * @param target the column of the raw table
 * @example mappingFaults('path', 'text', { column: 'Page', scale: '0.01' }) → [{ key: 'scale', message: … }]
 */
export function mappingFaults(target: string, kind: KindName, mapping: CellMapping): MappingFault[] {
  if (typeof mapping === 'string' || hasNumberForm(kind)) return []
  return NUMBER_KEYS.filter((key) => mapping[key] !== undefined).map((key) => ({
    key,
    message: `is for numbers (money, quantity, integer and percent), but ${target} is of kind ${kind}; leave it out`,
  }))
}

/**
 * Whether a mapping asks for the place of a row among those of its carryDown key. In a table without carryDown
 * every row would be the first: the settings of such a table must not ask.
 */
export function asksForPlace(mapping: CellMapping): boolean {
  if (typeof mapping === 'string') return false
  return [mapping.template, mapping.otherwise].some(
    (template) => template !== undefined && parseTemplate(template).names.includes(ROW_PLACE),
  )
}
