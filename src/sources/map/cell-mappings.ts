import type { RawTable } from '../../raw/define.ts'
import type { CellMapping } from '../../rules/sources/cells.ts'
import { hasNumberForm, type NumberForm } from '../../rules/sources/number-form.ts'
import type { MatchedColumn } from './match-table.ts'
import { type SeenNumbers, seenNumbers } from './seen/seen-numbers.ts'

/** The mappings of the columns of a table, and the form of all its numbers. */
export interface SeenMappings {
  /** By the column of the raw table; only where it is not simply the column of that name. */
  readonly columns: Readonly<Record<string, CellMapping>>
  /** Of the whole table; plain if columns differ. */
  readonly form: NumberForm
  /** By the column of the raw table. */
  readonly numbers: ReadonlyMap<string, SeenNumbers>
}

/** What becomes of the cells of each matched column, as far as the cells alone say so. */
export function seenMappings(table: RawTable, matched: ReadonlyMap<string, MatchedColumn>): SeenMappings {
  const kindOf = (target: string) => table.columns[target]?.kind ?? 'text'
  const numbers = seenNumbers(
    [...matched].flatMap(([target, { column }]) =>
      hasNumberForm(kindOf(target)) ? [{ target, cells: column.filled }] : [],
    ),
  )
  const forms = new Set([...numbers.values()].map(({ form }) => form))
  const [only = {}] = forms
  const form = forms.size === 1 ? only : {}
  const columns: Record<string, CellMapping> = {}
  for (const target of Object.keys(table.columns)) {
    const column = matched.get(target)?.column
    if (column === undefined) continue
    const steps = {
      ...numberSteps(numbers.get(target), form),
      ...(kindOf(target) === 'flag' ? flagSteps(column.filled) : {}),
      ...(table.columns[target]?.dictionary === 'path' ? pathSteps(column.filled) : {}),
    }
    if (Object.keys(steps).length > 0) columns[target] = { column: column.name, ...steps }
    else if (column.name !== target) columns[target] = column.name
  }
  return { columns, form, numbers }
}

type Steps = Partial<Exclude<CellMapping, string>>

function numberSteps(seen: SeenNumbers | undefined, tableForm: NumberForm): Steps {
  if (seen === undefined) return {}
  const { form, currencySigns, isPercentSigned } = seen
  return {
    ...(isPercentSigned ? { trimSuffix: '%' } : {}),
    ...(form === tableForm ? {} : form),
    ...(currencySigns.length === 1 ? { currencySigns: [...currencySigns] } : {}),
  }
}

const PLAIN_FLAG = /^(?:[01](?:\.0)?|true|false)$/i
const [YES, NO] = [/^(?:yes|y|t|ja|oui|si|sí)$/i, /^(?:no|n|f|nein|non)$/i]

/** Words for yes and no become flags. */
function flagSteps(cells: readonly string[]): Steps {
  const words = [...new Set(cells)].filter((cell) => !PLAIN_FLAG.test(cell))
  const values = words.flatMap((word) =>
    YES.test(word) ? [[word, '1']] : NO.test(word) ? [[word, '0']] : [],
  )
  return values.length === 0 ? {} : { values: Object.fromEntries(values) as Record<string, string> }
}

/** Where all cells are whole URLs, the path is a part of them. */
function pathSteps(cells: readonly string[]): Steps {
  return cells.length > 0 && cells.every((cell) => /^https?:\/\//i.test(cell)) ? { url: 'path' } : {}
}
