import type * as z from 'zod'
import type { RawTableName } from '../../raw/index.ts'
import type { rulesSchema } from '../../rules/rules.ts'
import type { PresetName } from '../../rules/sources/preset-names.ts'

type GivenRules = z.input<typeof rulesSchema>
type GivenTables = NonNullable<GivenRules['rawTables']>

/** The settings of raw tables, as a settings file holds them. */
export type PresetTables = {
  readonly [Table in RawTableName]?: Omit<NonNullable<GivenTables[Table]>, 'preset'>
}

type ColumnFilter = NonNullable<NonNullable<GivenRules['filters']>['columns']>[number]

/** Rows that a shop with this export should leave out, which `init` writes into its settings for it to see. */
export interface PresetFilter {
  readonly about: string
  readonly filter: ColumnFilter
}

/** The export of a system as settings: which raw tables it fills, and how. */
export interface Preset {
  readonly name: PresetName
  /** The system, as people call it. */
  readonly system: string
  readonly tables: PresetTables
  readonly filters?: readonly PresetFilter[]
  /** The table by whose source columns a file is known as this export; none where those are the raw table's own. */
  readonly knownBy?: RawTableName
}

/** Declares a preset. */
export function definePreset(preset: Preset): Preset {
  return preset
}

/** The raw tables that a preset fills, in the order in which it has them. */
export function tablesOf({ tables }: Preset): readonly RawTableName[] {
  return Object.keys(tables) as RawTableName[]
}
