import * as z from 'zod'
import { trimBlanks } from '../lib/texts/blanks.ts'

/** The name of a column as it stands in the header of a source file. */
export const headerNameSchema = z
  .string()
  .min(1)
  .refine((name) => trimBlanks(name) === name, {
    error: (issue) => `${JSON.stringify(issue.input)} is no column: blanks around names are left out`,
  })
