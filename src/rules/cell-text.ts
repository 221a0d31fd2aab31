import * as z from 'zod'
import { trimBlanks } from '../lib/texts/blanks.ts'

/** A text that cells are compared with as a whole. Cells are trimmed, so one with blanks around would fit none. */
export const cellTextSchema = z.string().refine((text) => trimBlanks(text) === text, {
  error: (issue) => `${JSON.stringify(issue.input)} would fit no cell: blanks around cells are left out`,
})
