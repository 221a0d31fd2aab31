import type { ReadReport } from '../parsers/loaded-table.ts'
import type { InputReport } from './engine.ts'

/** What is reported of raw tables that were read. */
export function inputReports(loaded: readonly ReadReport[]): InputReport[] {
  return loaded.map(({ table, files, accounting, missingColumns, unknownColumns, found, seconds }) => ({
    table: table.name,
    files,
    definition: table,
    accounting,
    missingColumns,
    unknownColumns,
    found,
    seconds,
  }))
}
