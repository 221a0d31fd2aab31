import { shapeOf } from '../../lib/texts/shape.ts'
import type { MappedRows } from '../../parsers/preview/mapped-rows.ts'
import { type Align, type Paint, tableLines } from './terminal.ts'

/** Longest part of a cell that is shown. */
const LONGEST = 30

/** The first rows of each mapped table, a column a line, so that a person sees whether the mapping means what it should. */
export function mappedRowsLines(tables: readonly MappedRows[], showValues: boolean, paint: Paint): string[] {
  return tables.flatMap(({ table, file, columns, rows }) => {
    if (rows.length === 0) return [`${paint.bold(table)} as mapped: no row in the beginning of ${file}`, '']
    const shown = (cell: string) => {
      const text = showValues || /^\(\w+\)$/.test(cell) ? cell : shapeOf(cell)
      return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
    }
    const lines = columns.map(({ target, from }, i) => [
      target,
      from === target ? '' : from.slice(0, LONGEST),
      ...rows.map((row) => shown(row[i] ?? '')),
    ])
    const header = ['column', 'from', ...rows.map((_, i) => `row ${i + 1}`)]
    const [head = '', ...others] = tableLines(
      [header, ...lines],
      header.map((): Align => 'left'),
    )
    return [`${paint.bold(table)} as mapped, from ${file}`, head, ...others, '']
  })
}
