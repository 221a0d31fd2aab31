import * as z from 'zod'
import { cellMappingSchema, currencySchema, numberFormShape } from './cells.ts'
import { fileShape } from './files.ts'
import { presetSchema } from './preset-names.ts'
import { carryDownSchema, oneRowPerSchema, stopAtSchema, whereSchema } from './rows.ts'

/** How a raw table comes from source files: which files, which records, which cells. */
export const sourceShape = {
  preset: presetSchema.optional(),
  ...fileShape,
  where: whereSchema.optional(),
  carryDown: carryDownSchema.optional(),
  oneRowPer: oneRowPerSchema.optional(),
  stopAt: stopAtSchema.optional(),
  columns: z
    .record(z.string().min(1), cellMappingSchema)
    .optional()
    .describe('Where the cells of a column come from: a source column, or what its cells become.'),
  ...numberFormShape,
  currency: currencySchema.optional().describe('The currencies of the money of each row, and their rates.'),
}

/** By which a delivery becomes rows, and by nothing else. */
export const SOURCE_SETTINGS: readonly string[] = Object.keys(sourceShape)
