import { isNullLike } from '../../lib/texts/null-like.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import { mayBeOptional, type RawTable } from '../../raw/define.ts'
import { type CellSchemas, cellSchemas } from '../../raw/kinds.ts'
import type { CellMapping } from '../../rules/sources/cells.ts'
import { cellMapper, isPlain, type TableForm } from '../cells/cell-mapper.ts'
import { type SeenMappings, seenMappings } from './cell-mappings.ts'
import { cellQuestions } from './cell-questions.ts'
import { columnQuestions } from './column-questions.ts'
import type { MatchedColumn, TableMatch } from './match-table.ts'
import type { ColumnReport, FileProposal, ProposedTable } from './proposal.ts'
import type { SeenEncoding } from './seen/sample-encoding.ts'
import type { SeenColumn } from './seen/seen-column.ts'
import type { SeenHeader } from './seen/seen-header.ts'
import { type SeenTimes, seenTimes } from './seen/seen-times.ts'

/** What is known of a file that holds rows of a raw table. */
export interface SeenFile {
  readonly encoding: SeenEncoding
  readonly header: SeenHeader
  readonly columns: readonly SeenColumn[]
}

/** What databases write for null in text files, and nobody as a text of its own. */
const DATABASE_NULL = '\\N'

/** The settings that read a file as a raw table, what cannot be known, and how well the cells seen fit. */
export function proposeTable({ encoding, header, columns: all }: SeenFile, match: TableMatch): FileProposal {
  const { table } = match
  const matched = surely(match)
  const mappings = seenMappings(table, matched)
  const times = timesOf(table, matched)
  const nullValues = [...matched.values()].some(({ column }) => column.cells.includes(DATABASE_NULL))
    ? [DATABASE_NULL]
    : []
  const optional = optionalIds(table, matched)
  const settings: ProposedTable = {
    ...(header.delimiter === ',' ? {} : { delimiter: header.delimiter }),
    ...(encoding.encoding === undefined || encoding.encoding === 'utf-8'
      ? {}
      : { encoding: encoding.encoding }),
    ...(header.quotes === 'doubled' ? {} : { quotes: header.quotes }),
    ...(header.skipLines === 0 ? {} : { skipLines: header.skipLines }),
    ...(times === undefined || times.formats.length === 0 ? {} : { timeFormats: times.formats }),
    ...mappings.form,
    ...(optional.length === 0 ? {} : { optional }),
    ...(Object.keys(mappings.columns).length === 0 ? {} : { columns: mappings.columns }),
  }
  return {
    settings,
    nullValues,
    questions: [
      ...columnQuestions(match, matched, all),
      ...cellQuestions({ table, matched, all, mappings, times, encoding }),
    ],
    columns: reports(table, matched, mappings, { ...mappings.form, nullValues }, times),
    hasInstants: times?.hasInstants === true,
    hasLocalTimes: times?.hasLocal === true,
  }
}

/**
 * The columns that are proposed. A name that may mean many things is enough for times, which cells prove to be some;
 * and for an id if all of its cells are different and it names the rows.
 */
function surely({ table, columns }: TableMatch): ReadonlyMap<string, MatchedColumn> {
  const isSure = (target: string, { column, tier }: MatchedColumn) => {
    if (tier !== 'weak' || table.columns[target]?.kind === 'timestamp') return true
    return (
      target === table.key && column.filled.length > 0 && new Set(column.filled).size === column.cells.length
    )
  }
  return new Map([...columns].filter(([target, one]) => isSure(target, one)))
}

function timesOf(table: RawTable, matched: ReadonlyMap<string, MatchedColumn>): SeenTimes | undefined {
  const column = table.time === undefined ? undefined : matched.get(table.time)?.column
  return column === undefined || column.filled.length === 0 ? undefined : seenTimes(column.filled)
}

/** Ids that are empty in rows which are otherwise whole: without the setting, these rows would be rejected. */
function optionalIds(table: RawTable, matched: ReadonlyMap<string, MatchedColumn>): string[] {
  const isEmpty = (target: string, row: number) => matched.get(target)?.column.cells[row] === ''
  const required = Object.keys(table.columns).filter((target) => table.columns[target]?.required)
  const ids = required.filter((target) => mayBeOptional(table, target))
  const others = required.filter((target) => !ids.includes(target))
  const rows = matched.get(table.key)?.column.cells.length ?? 0
  return ids.filter((id) => {
    for (let row = 0; row < rows; row++)
      if (isEmpty(id, row) && !others.some((target) => isEmpty(target, row))) return true
    return false
  })
}

function reports(
  table: RawTable,
  matched: ReadonlyMap<string, MatchedColumn>,
  { columns }: SeenMappings,
  form: TableForm,
  times: SeenTimes | undefined,
): ColumnReport[] {
  const schemas = cellSchemas({ timeZone: 'UTC', timeFormats: times?.formats ?? [] })
  return Object.keys(table.columns).flatMap((target) => {
    const column = matched.get(target)?.column
    return column === undefined ? [] : [report(table, target, column, columns[target], form, schemas)]
  })
}

function report(
  table: RawTable,
  target: string,
  { name, cells }: SeenColumn,
  mapping: CellMapping | undefined,
  form: TableForm,
  schemas: CellSchemas,
): ColumnReport {
  const kind = table.columns[target]?.kind ?? 'text'
  const options = { target, kind, mapping, form }
  const mapper = isPlain(options) === undefined ? cellMapper(options) : undefined
  const fits = (cell: string) => {
    const mapped = mapper === undefined ? cell : mapper.map([cell], 1)
    if (typeof mapped !== 'string') return false
    if (mapped === '' || form.nullValues?.includes(mapped) === true || kind === 'id' || kind === 'text')
      return true
    return schemas[kind].safeParse(mapped).success
  }
  const filled = cells.filter((cell) => cell !== '')
  const example = filled.find((cell) => !isNullLike(cell)) ?? filled[0]
  return {
    target,
    source: name,
    kind,
    cells: filled.length,
    fits: filled.filter(fits).length,
    shape: example === undefined ? undefined : shapeOf(example),
    example,
  }
}
