import * as z from 'zod'
import type { KindName } from '../../raw/kinds.ts'
import { cellTextSchema } from '../cell-text.ts'
import { headerNameSchema } from '../header-name.ts'
import { decimalTextSchema, isPositive } from './texts.ts'

/** How numbers are written, for all columns of numbers of a table, or for one. */
export const numberFormShape = {
  decimal: z
    .enum(['.', ','])
    .optional()
    .describe('The sign before the fraction of a number; a point unless it is given.'),
  thousands: z
    .enum(['.', ',', ' ', "'"])
    .optional()
    .describe("The sign between groups of three digits. A blank also fits a no-break space, and ' also ’."),
}

export interface NumberForm {
  readonly decimal?: '.' | ',' | undefined
  readonly thousands?: '.' | ',' | ' ' | "'" | undefined
}

/** What is wrong with a form as a whole, as the fault of `thousands`; undefined if it can be used. */
export function numberFormFault({ decimal = '.', thousands }: NumberForm): string | undefined {
  if (decimal !== thousands) return undefined
  const other = decimal === '.' ? ',' : '.'
  return `is '${thousands}' as decimal is, so that 1${decimal}204 could be two numbers; with thousands: '${thousands}' write decimal: '${other}'`
}

/** The kinds whose cells are written in a number form. */
const NUMBER_FORM_KINDS = ['money', 'quantity', 'integer', 'large_integer', 'percent'] as const
type NumberFormKind = (typeof NUMBER_FORM_KINDS)[number]

/** Whether cells of a kind are written in a number form. */
export function hasNumberForm(kind: KindName): kind is NumberFormKind {
  return (NUMBER_FORM_KINDS as readonly KindName[]).includes(kind)
}

const rateSchema = decimalTextSchema.refine(isPositive, { error: 'must be above 0' })

/** In which currency the money of a row is, and what it is worth in the shop's own. */
export const currencySchema = z.strictObject({
  column: headerNameSchema.describe('The source column that names the currency of a row.'),
  rates: z
    .record(cellTextSchema.min(1), rateSchema)
    .refine((rates) => Object.keys(rates).length > 0, { error: "must hold a rate, such as EUR: '1'" })
    .describe("By currency: what one unit of it is worth, as an exact decimal, such as SEK: '0.0862'."),
})
export type Currency = z.infer<typeof currencySchema>
