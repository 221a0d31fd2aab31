import picomatch from 'picomatch'
import type { FileSample } from '../../parsers/records/file-sample.ts'
import type { RawTable } from '../../raw/define.ts'
import { globOfName } from '../files/find-files.ts'
import type { Preset } from '../presets/preset.ts'
import { type MappedFile, mapFile } from './map-file.ts'
import { matchTable } from './match-table.ts'
import type { ProposedSettings, ProposedTable, Question, SharedQuestion } from './proposal.ts'
import { type PresetProposal, proposePreset } from './propose-preset.ts'
import { proposeTable, type SeenFile } from './propose-table.ts'
import { SeenColumn } from './seen/seen-column.ts'

/** A file that could be looked at. */
export interface FileToMap {
  /** Relative to the input folder, with slashes; the name alone of a file that lies elsewhere. */
  readonly name: string
  /** Whether it lies in the input folder. */
  readonly isInside: boolean
  readonly sample: FileSample
}

/** What was found in some files, and what follows from it. */
export interface MapResult {
  readonly files: readonly { readonly file: FileToMap; readonly found: MappedFile }[]
  readonly settings: ProposedSettings
  /** What cannot be known. */
  readonly questions: readonly SharedQuestion[]
}

/** Files of one raw table. */
interface TableFiles {
  readonly table: RawTable
  readonly files: { readonly file: FileToMap; readonly found: MappedFile }[]
}

/**
 * Finds out which raw tables some files hold, and with which settings they can be read. It proposes: what cannot be
 * known is left out, and said.
 *
 * @param tables all raw tables
 */
export function mapFiles(files: readonly FileToMap[], tables: readonly RawTable[]): MapResult {
  const all = files.map((file) => ({ file, found: mapFile(file.name, file.sample, tables) }))
  const byTable = new Map<RawTable, TableFiles>()
  const byPreset = new Map<Preset, TableFiles['files']>()
  for (const one of all) {
    const { preset } = one.found
    if (preset !== undefined) {
      byPreset.set(preset, [...(byPreset.get(preset) ?? []), one])
      continue
    }
    const table = one.found.match?.table
    if (table === undefined) continue
    const known = byTable.get(table)
    if (known === undefined) byTable.set(table, { table, files: [one] })
    else known.files.push(one)
  }
  const names = files.map(({ name }) => name)
  const proposed = tables.flatMap((table) => {
    const group = byTable.get(table)
    return group === undefined ? [] : [{ table, ...tableProposal(group, names) }]
  })
  const known = [...byPreset].flatMap(([preset, ofPreset]) => presetProposal(preset, ofPreset, names) ?? [])
  const held = new Set([
    ...proposed.map(({ table }) => table.name),
    ...known.flatMap((one) => Object.keys(one.tables)),
  ])
  const nullValues = [...new Set(proposed.flatMap((one) => one.nullValues))]
  const own = proposed.filter(({ settings }) => Object.keys(settings).length > 0)
  const rawTables = Object.assign(
    Object.fromEntries(own.map(({ table, settings }) => [table.name, settings])),
    ...known.map((one) => one.tables),
  ) as Record<string, ProposedTable>
  return {
    files: all,
    settings: {
      ...(nullValues.length === 0 ? {} : { nullValues }),
      ...(known.length === 0 ? {} : { allowMissing: true as const }),
      ...(Object.keys(rawTables).length === 0 ? {} : { rawTables }),
    },
    questions: shared([
      ...proposed.flatMap(({ questions }) => questions),
      ...known.flatMap(({ questions }) => questions),
      ...zoneQuestions(all.map(({ found }) => found)),
      ...(known.length === 0 ? missingQuestions(tables, held) : []),
    ]),
  }
}

/** Undefined if its files are not written alike, so that each wants settings of its own. */
function presetProposal(
  preset: Preset,
  files: TableFiles['files'],
  names: readonly string[],
): PresetProposal | undefined {
  const pooled = pooledFile(files.flatMap(({ found }) => found.seen ?? []))
  if (pooled === undefined) return undefined
  const own = files.map(({ file }) => file.name)
  return proposePreset(preset, pooled, globsOfFiles(own, names))
}

/** The same question about several tables is one. */
function shared(questions: readonly Question[]): SharedQuestion[] {
  const known = new Map<string, SharedQuestion>()
  for (const { table, text, setting } of questions) {
    const key = JSON.stringify([text, setting])
    const tables = [...(known.get(key)?.tables ?? []), ...(table === undefined ? [] : [table])]
    known.set(key, { tables, text, setting })
  }
  return [...known.values()]
}

function tableProposal(
  { table, files }: TableFiles,
  names: readonly string[],
): { settings: ProposedTable; questions: Question[]; nullValues: readonly string[] } {
  const pooled = pooledFile(files.flatMap(({ found }) => found.seen ?? []))
  const notes: Question[] = []
  const ask = (text: string, setting?: string) => notes.push({ table: table.name, text, setting })
  for (const { file, found } of files)
    if (found.alsoHolds !== undefined)
      notes.push({
        table: found.alsoHolds.name,
        text: `${file.name} holds what it needs, beside ${table.name}. If its rows belong to both:`,
        setting: `files: ${JSON.stringify(file.name)}`,
      })
  const outside = files.filter(({ file }) => !file.isInside)
  if (outside.length > 0)
    ask(
      `put ${outside.map(({ file }) => file.name).join(', ')} into the input folder, or choose another with --input`,
    )
  if (pooled === undefined) {
    const shown = files.map(({ file }) => file.name).join(', ')
    ask(`its files (${shown}) are not written alike, and one table has one way: map each alone, and choose`)
    return { settings: {}, questions: notes, nullValues: [] }
  }
  const { settings, questions, nullValues } = proposeTable(pooled, matchTable(table, pooled.columns))
  const globs = globsFor(
    table,
    files.map(({ file }) => file.name),
    names,
  )
  return {
    settings: { ...(globs === undefined ? {} : { files: globs }), ...settings },
    questions: [...questions, ...notes],
    nullValues,
  }
}

/**
 * Several files as if they were one: what one of them does not show, another may.
 *
 * @returns undefined if they are not written alike
 */
function pooledFile(files: readonly SeenFile[]): SeenFile | undefined {
  const [first, ...others] = files
  if (first === undefined || others.length === 0) return first
  const isLike = ({ header, columns }: SeenFile) =>
    header.delimiter === first.header.delimiter &&
    header.skipLines === first.header.skipLines &&
    columns.length === first.columns.length &&
    columns.every(({ name }) => first.header.names.includes(name))
  const withLetters = files.filter(({ encoding }) => !encoding.isAscii)
  const encoding = withLetters[0]?.encoding ?? first.encoding
  if (!others.every(isLike)) return undefined
  if (withLetters.some((file) => file.encoding.encoding !== encoding.encoding)) return undefined
  const quotes = files.some(({ header }) => header.quotes === 'backslash') ? 'backslash' : 'doubled'
  const columns = first.columns.map(
    ({ name }) =>
      new SeenColumn(
        name,
        files.flatMap((file) => file.columns.find((column) => column.name === name)?.cells ?? []),
      ),
  )
  return { encoding, header: { ...first.header, quotes }, columns }
}

/** The globs of a table's files; undefined if it is read from them without any. */
function globsFor(
  table: RawTable,
  own: readonly string[],
  all: readonly string[],
): string | string[] | undefined {
  const isUsual = own.length === 1 && (own[0] === `${table.name}.csv` || own[0] === `${table.name}.csv.gz`)
  return isUsual ? undefined : globsOfFiles(own, all)
}

/** Globs that fit just some of all files. */
function globsOfFiles(own: readonly string[], all: readonly string[]): string | string[] {
  const [first = '', ...others] = own
  if (others.length === 0) return globOfName(first)
  const glob = commonGlob(own)
  const isClear = glob !== undefined && all.every((name) => picomatch(glob)(name) === own.includes(name))
  return isClear ? glob : own.map(globOfName)
}

/** Fewest signs that names must have in common. */
const LEAST_COMMON = 3

/** @example commonGlob(['orders_2024.csv', 'orders_2025.csv']) → 'orders_*.csv' */
function commonGlob(names: readonly string[]): string | undefined {
  const [first = ''] = names
  let start = 0
  while (start < first.length && names.every((name) => name[start] === first[start])) start++
  // Digits in common are by chance: orders_2024 and orders_2025, orders-25-10-09 and orders-25-10-10.
  while (/\d[-_.T]*$/.test(first.slice(0, start))) start--
  let end = 0
  const rest = Math.min(...names.map(({ length }) => length)) - start
  while (end < rest && names.every((name) => name.at(-end - 1) === first.at(-end - 1))) end++
  while (end > 0 && /^[-_.T]*\d/.test(first.slice(first.length - end))) end--
  const glob = `${globOfName(first.slice(0, start))}*${globOfName(first.slice(first.length - end))}`
  return start < LEAST_COMMON ? undefined : glob
}

/** Of tables that no file holds, where there is more than one that does. */
function missingQuestions(tables: readonly RawTable[], held: ReadonlySet<string>): Question[] {
  const missing = tables.filter(({ name, isOptional }) => isOptional !== true && !held.has(name))
  if (held.size < 2 || missing.length === 0) return []
  const names = missing.map(({ name }) => name).join(', ')
  const text = `no file holds ${names}. If the shop has none, let them count as empty:`
  return [{ table: undefined, text, setting: 'allowMissing: true' }]
}

/** The zone of times, for all tables: no file says it. */
function zoneQuestions(files: readonly MappedFile[]): Question[] {
  const tables = (test: (file: MappedFile) => boolean) =>
    [...new Set(files.filter(test).flatMap(({ match }) => match?.table.name ?? []))].join(', ')
  const instants = tables(({ proposal }) => proposal?.hasInstants === true)
  const local = tables(({ proposal }) => proposal?.hasLocalTimes === true)
  const questions: Question[] = []
  if (instants !== '')
    questions.push({
      table: undefined,
      text: `the time zone of the shop: times of ${instants} are instants, and become its local time (UTC unless you say)`,
      setting: 'timezone: Europe/Berlin',
    })
  if (local !== '')
    questions.push({
      table: undefined,
      text: `the zone of times without an offset (${local}): they are taken as the shop's own. If a table has those of another zone: rawTables.<table>.timezone`,
      setting: undefined,
    })
  return questions
}
