import * as z from 'zod'
import { aggregateTables } from '../aggregators/index.ts'
import { allRawTables, type RawTableName } from '../raw/index.ts'
import { KINDS } from '../raw/kinds.ts'
import type { AggregateContext } from '../tables/define.ts'

const rawNames = Object.keys(allRawTables) as RawTableName[]

const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'must be in lower case: letters, digits and _, with a letter first')
  .max(100)

/** Own code reads a row's cells by these names, and a view has names of its own. */
const rawColumnNameSchema = z
  .string()
  .min(1)
  .refine((name) => name.trim() === name, { error: 'must not start or end with a blank' })

const rawColumnSchema = z.strictObject({
  kind: z.enum(KINDS),
  /** Whether the column, and each of its cells, must be there. */
  required: z.boolean().default(false),
  meaning: z.string().min(1),
})

/** Columns of raw tables that the raw contract does not know, by table and name. */
export const extraColumnsSchema = z.strictObject(
  Object.fromEntries(
    rawNames.map((name) => [name, z.record(rawColumnNameSchema, rawColumnSchema).exactOptional()]),
  ) as Record<
    RawTableName,
    z.ZodExactOptional<z.ZodRecord<typeof rawColumnNameSchema, typeof rawColumnSchema>>
  >,
)

const outputColumnSchema = z.strictObject({
  kind: z.enum(['id', 'text', 'date', 'month', 'count', 'quantity', 'flag', 'money', 'ratio']),
  meaning: z.string().min(1),
  unit: z.string().exactOptional(),
})

const needsSchema = z.strictObject(
  Object.fromEntries(rawNames.map((name) => [name, z.array(z.string()).min(1).exactOptional()])) as Record<
    RawTableName,
    z.ZodExactOptional<z.ZodArray<z.ZodString>>
  >,
)

type OwnFunction = (tables: Readonly<Record<string, unknown>>, context: AggregateContext) => unknown

const functionSchema = z.custom<OwnFunction>((value) => typeof value === 'function', {
  error: 'must be a function',
})

/** An own table as it is declared. */
export const tableSchema = z.strictObject({
  name: nameSchema,
  grain: z.string().min(1),
  key: z.array(z.string()).min(1),
  order: z.array(z.strictObject({ column: z.string(), descending: z.boolean().exactOptional() })).min(1),
  extraColumns: extraColumnsSchema.exactOptional(),
  needs: needsSchema,
  columns: z
    .record(nameSchema, outputColumnSchema)
    .refine((columns) => Object.keys(columns).length > 0, { error: 'must have a column' }),
  aggregate: functionSchema,
})
export type DeclaredTable = z.infer<typeof tableSchema>

/** A metric as it is declared. */
export const metricSchema = z.strictObject({
  table: z.enum(aggregateTables.map(({ name }) => name)),
  name: nameSchema,
  column: outputColumnSchema,
  extraColumns: extraColumnsSchema.exactOptional(),
  needs: needsSchema,
  compute: functionSchema,
})
export type DeclaredMetric = z.infer<typeof metricSchema>

/** All that a shop may declare. */
export const declarationsSchema = z.object({
  extraColumns: extraColumnsSchema,
  metrics: z.array(metricSchema),
  tables: z.array(tableSchema),
})
