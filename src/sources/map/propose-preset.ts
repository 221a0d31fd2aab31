import type { RawTableName } from '../../raw/index.ts'
import type { CellMapping } from '../../rules/sources/cells.ts'
import type { Preset } from '../presets/preset.ts'
import { sourceOf, withoutUnit } from './known-headers.ts'
import type { ProposedTable, Question } from './proposal.ts'
import type { SeenFile } from './propose-table.ts'

/** The settings of all raw tables that an export of a known system fills. */
export interface PresetProposal {
  readonly tables: Readonly<Partial<Record<RawTableName, ProposedTable>>>
  readonly questions: readonly Question[]
}

/**
 * @param seen of the files, as one
 * @param files the globs that fit them
 */
export function proposePreset(
  { name, system, tables, filters = [] }: Preset,
  { header, encoding }: SeenFile,
  files: string | readonly string[],
): PresetProposal {
  const proposed = Object.entries(tables).map(([table, given]) => {
    const columns = Object.entries(given.columns ?? {}).flatMap(([target, mapping]) =>
      otherUnit(target, mapping, header.names),
    )
    const settings: ProposedTable = {
      preset: name,
      files,
      ...(header.delimiter === (given.delimiter ?? ',') ? {} : { delimiter: header.delimiter }),
      ...(encoding.encoding === undefined || encoding.encoding === (given.encoding ?? 'utf-8')
        ? {}
        : { encoding: encoding.encoding }),
      ...(header.skipLines === (given.skipLines ?? 0) ? {} : { skipLines: header.skipLines }),
      ...(columns.length === 0 ? {} : { columns: Object.fromEntries(columns) }),
    }
    return [table, settings]
  })
  const questions = filters.map(({ about, filter }) => ({
    table: undefined,
    text: `${system}: ${about}. Do they count? To leave them out:`,
    setting: `filters: { columns: [${JSON.stringify(filter)}] }`,
  }))
  return { tables: Object.fromEntries(proposed), questions }
}

/** A column whose name holds the currency, where the file has another one. */
function otherUnit(
  target: string,
  mapping: CellMapping | undefined,
  names: readonly string[],
): [string, CellMapping][] {
  const source = sourceOf(mapping)
  if (source === undefined || names.includes(source)) return []
  const other = names.find((name) => withoutUnit(name) === withoutUnit(source))
  if (other === undefined) return []
  return [[target, typeof mapping === 'object' ? { ...mapping, column: other } : other]]
}
