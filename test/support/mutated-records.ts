import type { RawTable } from '../../src/raw/define.ts'
import type { KindName } from '../../src/raw/kinds.ts'
import type { Random } from './random.ts'
import { endOfRecord } from './slow-lane.ts'

/** What mutated records are made from. All texts here have a character of latin1 for each byte. */
export interface Models {
  /** Records of good files, by table: the cell of each column. */
  readonly records: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>
  /** Cells worth trying, good and bad. */
  readonly cells: Readonly<Record<KindName, readonly string[]>>
}

export interface MutatedFile {
  readonly bytes: Buffer
  readonly records: number
}

/** UTF-8 as a character for each byte. */
export function byteText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

const LINE_ENDS = ['\n', '\r\n', '\r']
const BLANK_LINES = ['\n', ' \r\n', '\t\r', ' \t \n']
const PIECES = [
  ...['"', '""', '"', ',', ',', '\n', '\r', '\r\n', '\n\r', ' ', '\t', '  ', '\0', '\v', ';', "'"],
  ...['\u00ff', '\u00c3', '\u00ed\u00a0\u0080', '\u00f5', '\u00c0\u00af'],
  ...['é', '😀', '\u00a0', '\u2028', '\ufeff', '\ufffd', '٣'].map(byteText),
  ...['0', '1', '5', '9', '00', '-', '+', '.', 'e', 'E2', 'e-3', ':', 'T', 'Z', ' UTC', '+01:00', '-0530'],
  ...['2024-02-29', '2023-02-29', '03-11-2024 02:30', '12/31/2024', 'true', 'NULL', 'N/A', '__proto__'],
]
const SOME_IN_A_FILE = 50

/** A small file of one table: a header, and mutated records under any line ends. */
export function mutatedFile(random: Random, table: RawTable, models: Models): MutatedFile {
  const columns = someColumns(random, table)
  let text = random.chance(0.1) ? byteText('\ufeff') : ''
  text += headerText(random, columns) + random.pick(LINE_ENDS)
  const rows: Record<string, string>[] = []
  const usual = random.pick(LINE_ENDS)
  let records = 0
  for (let isWhole = true; isWhole && records < SOME_IN_A_FILE; ) {
    const row = anyRow(random, table, models, rows)
    const record = mutatedRecord(random, recordText(random, columns, row))
    isWhole = isGrammatical(record)
    // What ends the reading of the whole file hides all the others, so there is little of it.
    if (!isWhole && !random.chance(0.1)) {
      isWhole = true
      continue
    }
    rows.push(row)
    records++
    text += record + (random.chance(0.8) ? usual : random.pick(LINE_ENDS))
    if (random.chance(0.03)) text += random.pick(BLANK_LINES)
  }
  if (random.chance(0.2)) text = text.replace(/[\r\n]+$/, '')
  return { bytes: Buffer.from(text, 'latin1'), records }
}

/** All columns as declared, or some of them in any order, or with others beside them. */
function someColumns(random: Random, table: RawTable): string[] {
  const declared = Object.keys(table.columns)
  if (random.chance(0.6)) return declared
  const columns = declared.filter((name) => table.columns[name]!.required || random.chance(0.7))
  return random.shuffled(random.chance(0.5) ? [...columns, 'extra', 'Time'] : columns)
}

function headerText(random: Random, columns: readonly string[]): string {
  const header = columns.map((name) => (random.chance(0.1) ? `" ${name}"` : name)).join(',')
  return random.chance(0.02) ? mutatedRecord(random, header) : header
}

/** A record of a model; some have a cell or two exchanged, or the key of a row before. */
function anyRow(
  random: Random,
  table: RawTable,
  models: Models,
  before: readonly Readonly<Record<string, string>>[],
): Record<string, string> {
  if (before.length > 0 && random.chance(0.06)) return { ...random.pick(before) }
  const row = { ...random.pick(models.records.get(table.name)!) }
  if (random.chance(0.4)) {
    const [name, { kind }] = random.pick(Object.entries(table.columns))
    row[name] = random.pick(models.cells[kind])
  }
  // Of a key of several columns the last one is a text.
  const key = table.keyColumns?.at(-1) ?? table.key
  if (before.length > 0 && random.chance(0.05)) row[key] = random.pick(before)[key]!
  else if (random.chance(0.6)) row[key] = `${row[key]}${random.whole(0, 999)}`
  return row
}

function recordText(
  random: Random,
  columns: readonly string[],
  row: Readonly<Record<string, string>>,
): string {
  const quotes = random.pick([0, 0, 0.2, 1])
  const blanks = random.pick([0, 0, 0.2])
  const cells = columns.map((name) => {
    const cell = row[name] ?? ''
    const isQuoted = random.chance(quotes) || /[",\r\n]/.test(cell)
    const text = random.chance(blanks) ? `${random.pick([' ', '\t'])}${cell} ` : cell
    return isQuoted ? `"${text.replaceAll('"', '""')}"` : text
  })
  return cells.join(',')
}

function mutatedRecord(random: Random, record: string): string {
  let text = record
  for (let changes = random.pick([0, 1, 1, 1, 2, 3]); changes > 0; changes--)
    text = random.pick(MUTATIONS)(random, text)
  return text
}

type Mutation = (random: Random, text: string) => string

/** So many characters from `at` on give way to others. */
function splice(text: string, at: number, removed: number, inserted: string): string {
  return text.slice(0, at) + inserted + text.slice(at + removed)
}

function anywhere(random: Random, text: string): number {
  return random.whole(0, text.length)
}

const insert: Mutation = (random, text) => splice(text, anywhere(random, text), 0, random.pick(PIECES))
const replace: Mutation = (random, text) => splice(text, anywhere(random, text), 1, random.pick(PIECES))

const MUTATIONS: readonly Mutation[] = [
  insert,
  insert,
  replace,
  replace,
  // At the edge of a cell, where most rules begin or end.
  (random, text) => splice(text, edge(random, text), 0, random.pick(PIECES)),
  (random, text) => splice(text, edge(random, text), 1, ''),
  (random, text) => splice(text, anywhere(random, text), random.whole(1, 3), ''),
  (random, text) => splice(text, anywhere(random, text), 1, String.fromCharCode(random.whole(0, 255))),
  (random, text) => {
    const at = anywhere(random, text)
    return splice(text, at, 2, [...text.slice(at, at + 2)].reverse().join(''))
  },
  (random, text) => splice(text, anywhere(random, text), 1, String(random.whole(0, 9))),
  (random, text) => text.replace('"', () => (random.chance(0.5) ? '""' : '')),
  (random, text) => splice(text, anywhere(random, text), 0, random.pick(PIECES).repeat(random.whole(2, 20))),
  (random, text) => {
    const at = anywhere(random, text)
    return splice(text, at, 0, text.slice(at, at + random.whole(1, 12)))
  },
  (random, text) => changedCells(text, (cells) => random.shuffled(cells)),
  (random, text) =>
    changedCells(text, (cells) => cells.map((cell) => (random.chance(0.3) ? `"${cell}"` : cell))),
  (random, text) => changedCells(text, (cells) => cells.map((cell) => (random.chance(0.2) ? '' : cell))),
  (random, text) => changedCells(text, (cells) => cells.toSpliced(random.whole(0, cells.length), 1)),
  (random, text) => changedCells(text, (cells) => [...cells, random.pick(cells)]),
]

function edge(random: Random, text: string): number {
  const commas = [...text.matchAll(/,/g)].map(({ index }) => index + random.whole(0, 1))
  return random.pick([0, text.length, ...commas])
}

function changedCells(text: string, change: (cells: string[]) => string[]): string {
  return change(text.split(',')).join(',')
}

/** Whether a reader knows where the next record starts. */
function isGrammatical(text: string): boolean {
  let at: number | undefined = 0
  while (at !== undefined && at < text.length) at = endOfRecord(text, at)
  return at !== undefined
}
