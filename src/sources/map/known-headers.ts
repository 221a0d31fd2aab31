import type { CellMapping } from '../../rules/sources/cells.ts'
import { presets } from '../presets/index.ts'
import type { Preset } from '../presets/preset.ts'

/** The source column of a mapping; undefined if it has none, or several. */
export function sourceOf(mapping: CellMapping | undefined): string | undefined {
  return typeof mapping === 'object' ? mapping.column : mapping
}

/** @example withoutUnit('Amount spent (EUR)') → 'Amount spent' */
export function withoutUnit(name: string): string {
  return name.replace(/ \([A-Z]{3}\)$/, '')
}

/** The columns by which the export of a system is recognised; none for one whose columns the raw tables have. */
function ownColumns({ tables, knownBy }: Preset): readonly string[] {
  const columns = knownBy === undefined ? {} : (tables[knownBy]?.columns ?? {})
  return Object.values(columns).flatMap((mapping) => {
    const source = sourceOf(mapping)
    return source === undefined ? [] : [withoutUnit(source)]
  })
}

const KNOWN = presets.map((preset) => ({ preset, columns: ownColumns(preset) }))

/** The preset for a header; undefined if none is known. */
export function knownHeader(names: readonly string[]): Preset | undefined {
  const all = new Set(names.map(withoutUnit))
  return KNOWN.find(({ columns }) => columns.length > 0 && columns.every((name) => all.has(name)))?.preset
}
