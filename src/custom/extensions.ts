import type { AnyAggregate } from '../aggregators/define.ts'
import type { RawColumns } from '../raw/define.ts'
import type { RawTableName } from '../raw/index.ts'

/** Columns of raw tables that the raw contract does not know, by table. */
export type ExtraColumns = { readonly [T in RawTableName]?: RawColumns }

/** What a shop adds to the tables that are there. */
export interface Extensions {
  readonly extraColumns: ExtraColumns
  /** Aggregate tables of the shop's own, in the order in which they are published, after the seven. */
  readonly tables: readonly AnyAggregate[]
}

export const noExtensions: Extensions = { extraColumns: {}, tables: [] }
