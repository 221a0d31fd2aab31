import { isNullLike } from '../../lib/texts/null-like.ts'
import { shapeOf } from '../../lib/texts/shape.ts'
import type { RawTable } from '../../raw/define.ts'
import type { NumberForm } from '../../rules/sources/number-form.ts'
import type { SeenMappings } from './cell-mappings.ts'
import { yamlName } from './column-questions.ts'
import type { MatchedColumn } from './match-table.ts'
import type { Question } from './proposal.ts'
import type { SeenEncoding } from './seen/sample-encoding.ts'
import type { SeenColumn } from './seen/seen-column.ts'
import type { SeenTimes } from './seen/seen-times.ts'

/** What is known of the cells of a file. */
export interface SeenCells {
  readonly table: RawTable
  readonly matched: ReadonlyMap<string, MatchedColumn>
  readonly all: readonly SeenColumn[]
  readonly mappings: SeenMappings
  readonly times: SeenTimes | undefined
  readonly encoding: SeenEncoding
}

/** What the cells of a file leave open: they would be read, but perhaps not as the shop means them. */
export function cellQuestions(seen: SeenCells): Question[] {
  const { table, encoding } = seen
  const all = [...timeQuestions(seen), ...numberQuestions(seen), ...idQuestions(seen), ...nullQuestions(seen)]
  if (encoding.isLikely && encoding.encoding !== undefined)
    all.push({
      text: `the texts are not UTF-8; ${encoding.encoding} is likely. Look whether letters with accents are right in ecomagg check --show-values`,
      setting: `encoding: ${encoding.encoding}`,
    })
  return all.map(({ text, setting }) => ({ table: table.name, text, setting }))
}

type Open = Pick<Question, 'text' | 'setting'>

function timeQuestions({ table, matched, times, all }: SeenCells): Open[] {
  const name = table.time === undefined ? undefined : matched.get(table.time)?.column.name
  if (times === undefined || name === undefined) return []
  const where = shown(table.time ?? '', name)
  if (times.unsure.length > 0)
    return [
      {
        text: `${where}: the day or the month may stand first, since no day seen is above 12. All of these fit: ${times.unsure.join(', ')}. Which one does the export write?`,
        setting: `timeFormats: ['${times.unsure[0]?.replaceAll("'", "''")}']`,
      },
    ]
  if (times.mixed !== undefined) {
    const { dayFirst, monthFirst } = times.mixed
    return [
      {
        text: `${where}: ${dayFirst} cells can only have the day first and ${monthFirst} only the month, so no layout fits them all: export one layout`,
        setting: undefined,
      },
    ]
  }
  if (times.isClock) {
    const day = all.find((column) => column.name !== name && /dat|day|fecha|jour/i.test(column.name))
    const template = JSON.stringify(`{${day?.name ?? 'the column of the date'}} {${name}}`)
    return [
      {
        text: `${where}: these are times of day without a date. If the date is another column:`,
        setting: `columns: { ${table.time}: { template: ${template} } }`,
      },
    ]
  }
  if (!times.isUnknown) return []
  const example = matched.get(table.time ?? '')?.column.filled[0] ?? ''
  return [
    {
      text: `${where}: no layout is known for cells like '${shapeOf(example)}'. Declare it with date-fns tokens:`,
      setting: 'timeFormats: [ … ]',
    },
  ]
}

/** @example shown('time', 'Created at') → 'time (Created at)' */
function shown(target: string, source: string): string {
  return target === source ? target : `${target} (${source})`
}

function formText({ decimal = '.', thousands }: NumberForm): string {
  return thousands === undefined
    ? `decimal: '${decimal}'`
    : `decimal: '${decimal}', thousands: ${JSON.stringify(thousands)}`
}

function numberQuestions({ table, matched, mappings }: SeenCells): Open[] {
  const questions: Open[] = []
  const whole: string[] = []
  for (const [target, { form, rivals, currencySigns, isWholeAndLarge }] of mappings.numbers) {
    const { name, filled } = matched.get(target)?.column ?? { name: target, filled: [] }
    const kind = table.columns[target]?.kind
    const [rival] = rivals
    if (rival !== undefined) {
      const example = filled.find((cell) => /[.,]/.test(cell)) ?? ''
      questions.push({
        text: `${shown(target, name)}: cells like '${shapeOf(example)}' may be two numbers. Read as ${formText(form)}; if it is otherwise:`,
        setting: formText(rival),
      })
    }
    if (currencySigns.length > 1)
      questions.push({
        text: `${shown(target, name)}: ${currencySigns.length} signs of currencies stand at the numbers; such cells are rejected`,
        setting: undefined,
      })
    if (kind === 'money' && isWholeAndLarge) whole.push(target)
    if (kind === 'percent' && isFraction(filled))
      questions.push({
        text: `${shown(target, name)}: all cells seen are from 0 to 1. If 1 means all:`,
        setting: `columns: { ${target}: { column: ${yamlName(name)}, scale: '100' } }`,
      })
  }
  const [first] = whole
  if (first !== undefined) {
    const source = matched.get(first)?.column.name ?? first
    questions.push({
      text: `${whole.join(', ')}: all amounts seen are whole and none is small. If they are cents:`,
      setting: `columns: { ${first}: { column: ${yamlName(source)}, scale: '0.01' } }`,
    })
  }
  return questions
}

function isFraction(cells: readonly string[]): boolean {
  const values = cells.map(Number)
  return values.every((value) => value >= 0 && value <= 1) && values.some((value) => value > 0 && value < 1)
}

function idQuestions({ table, matched }: SeenCells): Open[] {
  return [...matched].flatMap(([target, { column }]): Open[] => {
    if (table.columns[target]?.kind !== 'id' || column.filled.length === 0) return []
    if (column.filled.some((cell) => /^\d(?:\.\d+)?E\+\d+$/i.test(cell)))
      return [
        {
          text: `${shown(target, column.name)}: ids read like 1.23E+12, so a spreadsheet has cut them; export them as texts`,
          setting: undefined,
        },
      ]
    const ids = new Set(column.filled)
    const lower = new Set(column.filled.map((cell) => cell.toLowerCase())).size
    if (lower < ids.size)
      return [
        {
          text: `${shown(target, column.name)}: ${ids.size} ids seen are ${lower} if capitals do not count. If they are the same, in all tables:`,
          setting: `columns: { ${target}: { column: ${yamlName(column.name)}, lower: true } }`,
        },
      ]
    if (!column.filled.every((cell) => /^\d+\.0$/.test(cell))) return []
    return [
      {
        text: `${shown(target, column.name)}: all ids end in .0. If other tables write them without:`,
        setting: `columns: { ${target}: { column: ${yamlName(column.name)}, trimSuffix: '.0' } }`,
      },
    ]
  })
}

/** The null of databases is proposed; `(not set)` is a value of its own, which GA4 has for campaigns. */
const NO_QUESTION = new Set(['\\N', '(not set)'])

/** Texts that seem to mean an empty cell. */
function nullQuestions({ matched }: SeenCells): Open[] {
  const texts = new Set<string>()
  const columns: string[] = []
  for (const [target, { column }] of matched) {
    const found = column.cells.filter((cell) => isNullLike(cell) && !NO_QUESTION.has(cell))
    if (found.length > 0) columns.push(target)
    for (const text of found) texts.add(text)
  }
  if (texts.size === 0) return []
  const list = [...texts].map((text) => `'${text}'`).join(', ')
  return [
    {
      text: `cells of ${columns.join(', ')} read ${list}. If that means empty, for all tables: nullValues: [${list}]`,
      setting: undefined,
    },
  ]
}
