import type { CellMapping } from '../../rules/sources/cells.ts'
import { parseTemplate, ROW_PLACE } from '../../rules/sources/template.ts'
import type { SourceColumns } from '../source-columns.ts'
import { isTooLong } from './mapped-cell.ts'

/** Where the text of a cell is taken from. */
export interface TakenText {
  readonly usesPlace: boolean
  /** The text, '' for none; undefined if it is too long. */
  take(cells: readonly string[], place: number): string | undefined
  /** The number of the source column that the text comes from; -1 if it comes from none. */
  blame(cells: readonly string[]): number
}

/** The text that a mapping takes, before anything is done to it. */
export function takenText(
  target: string,
  mapping: CellMapping | undefined,
  columns: SourceColumns,
  nulls: ReadonlySet<string>,
): TakenText {
  if (mapping === undefined || typeof mapping === 'string') return oneOf([mapping ?? target], columns, nulls)
  const { column, first, constant, template } = mapping
  if (template !== undefined) return templateText(template, columns, nulls)
  if (constant !== undefined) return { usesPlace: false, take: () => constant, blame: () => -1 }
  return oneOf(first ?? [column ?? target], columns, nulls)
}

/** The first cell that is not empty. */
function oneOf(names: readonly string[], columns: SourceColumns, nulls: ReadonlySet<string>): TakenText {
  const numbers = names.map((name) => columns.add(name))
  const only = numbers[0] ?? -1
  const blame = (cells: readonly string[]) =>
    numbers.find((number) => !isEmpty(cells[number] ?? '', nulls)) ?? only
  const take = (cells: readonly string[]) => {
    const text = cells[numbers.length === 1 ? only : blame(cells)] ?? ''
    return isEmpty(text, nulls) ? '' : text
  }
  return { usesPlace: false, take, blame }
}

/** A template filled in; '' if a cell of it is empty. The first column that it names is to blame, or an empty one. */
export function templateText(
  template: string,
  columns: SourceColumns,
  nulls: ReadonlySet<string>,
): TakenText {
  const { texts, names } = parseTemplate(template)
  const numbers = names.map((name) => (name === ROW_PLACE ? -1 : columns.add(name)))
  const sources = numbers.filter((number) => number >= 0)
  const take = (cells: readonly string[], place: number) => {
    let text = texts[0] ?? ''
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? -1
      const cell = number < 0 ? String(place) : (cells[number] ?? '')
      if (isEmpty(cell, nulls)) return ''
      text += cell
      text += texts[i + 1] ?? ''
      if (isTooLong(text)) return undefined
    }
    return text
  }
  const blame = (cells: readonly string[]) =>
    sources.find((number) => isEmpty(cells[number] ?? '', nulls)) ?? sources[0] ?? -1
  return { usesPlace: names.includes(ROW_PLACE), take, blame }
}

function isEmpty(text: string, nulls: ReadonlySet<string>): boolean {
  return text === '' || nulls.has(text)
}
