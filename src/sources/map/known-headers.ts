import type { CellMapping } from '../../rules/sources/cells.ts'
import { presets } from '../presets/index.ts'
import type { Preset } from '../presets/preset.ts'

/** Fewest columns of a system's own by which its export is recognised. */
const LEAST_OWN = 3

/** Tables that every file of a preset fills, by whose columns it is recognised. */
const HEADS = ['order_table', 'marketing_spend_table'] as const

/** The source column of a mapping; undefined if it has none, or several. */
export function sourceOf(mapping: CellMapping | undefined): string | undefined {
  return typeof mapping === 'object' ? mapping.column : mapping
}

/** @example withoutUnit('Amount spent (EUR)') → 'Amount spent' */
export function withoutUnit(name: string): string {
  return name.replace(/ \([A-Z]{3}\)$/, '')
}

/** The columns by which the export of a system is recognised; none for one whose columns the raw tables have. */
function ownColumns({ tables }: Preset): readonly string[] {
  const head = HEADS.map((name) => tables[name]).find((table) => table !== undefined)
  const named = Object.entries(head?.columns ?? {}).flatMap(([target, mapping]) => {
    const source = sourceOf(mapping)
    return source === undefined || source === target ? [] : [withoutUnit(source)]
  })
  const own = [...new Set(named)]
  return own.length < LEAST_OWN ? [] : own
}

const KNOWN = presets.map((preset) => ({ preset, columns: ownColumns(preset) }))

/** The preset for a header; undefined if none is known. */
export function knownHeader(names: readonly string[]): Preset | undefined {
  const all = new Set(names.map(withoutUnit))
  return KNOWN.find(({ columns }) => columns.length > 0 && columns.every((name) => all.has(name)))?.preset
}
