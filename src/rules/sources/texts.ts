import * as z from 'zod'
import { exactDecimal } from '../../lib/numbers/exact-decimal.ts'
import { faultOf } from '../text-rule.ts'
import { parseTemplate } from './template.ts'

/** A text that may come to stand in a cell, or is cut from one: whole characters, and none that no cell may hold. */
export const cellPartSchema = z.string().refine((text) => !/[\0\p{Cs}]/u.test(text), {
  error: (issue) => `${JSON.stringify(issue.input)} holds a NUL or half a character, which no cell may hold`,
})

/** A text with source columns in braces: `order:{Name}`. */
export const templateSchema = cellPartSchema.superRefine((template, context) => {
  const fault = faultOf(template, 'a template', parseTemplate)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
})

/** Digits before and behind the point of a factor or bound. Numbers of shops have fewer. */
const MOST_DIGITS = 20
const PLAIN_DECIMAL = new RegExp(String.raw`^-?\d{1,${MOST_DIGITS}}(?:\.\d{1,${MOST_DIGITS}})?$`)

/** An exact decimal as text, since YAML and JSON would round some: '0.01'. */
export const decimalTextSchema = z.string().refine((text) => PLAIN_DECIMAL.test(text), {
  error: (issue) =>
    `'${issue.input}' is no decimal such as '0.01': up to ${MOST_DIGITS} digits, then maybe a point and up to ${MOST_DIGITS} more`,
})

/** Whether a decimal is above 0; no decimal at all is a fault of its own. */
export function isPositive(text: string): boolean {
  const decimal = exactDecimal(text)
  return decimal === undefined || decimal.units > 0n
}
