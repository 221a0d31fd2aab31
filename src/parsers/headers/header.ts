import { KnownError, type KnownErrorOptions } from '../../lib/errors.ts'
import { shellName } from '../../lib/files/shell-name.ts'
import { nearestNames } from '../../lib/texts/nearest.ts'
import type { RawTable } from '../../raw/define.ts'
import { meantColumns } from '../../sources/map/match-table.ts'
import { sourcesOf, type TableSource } from '../../sources/table-source.ts'
import { grammarError } from '../records/grammar-error.ts'
import { type FirstRecord, firstRecord } from './first-record.ts'
import type { HeaderContext } from './header-context.ts'
import { wrongDelimiter } from './wrong-delimiter.ts'

/** Where each declared column stands in the records of a file. */
export interface Header {
  /** The names of all fields, declared or not, in file order. */
  readonly names: readonly string[]
  readonly fieldCount: number
  /**
   * Field number of each declared column, in declared order; -1 for an optional column that is missing. Cells that
   * are mapped stand behind the fields of the file, in declared order.
   */
  readonly positions: Int32Array
  readonly missing: readonly string[]
  /** Columns that nobody declared; they are ignored. */
  readonly unknown: readonly string[]
  /** The byte behind its line end, of those that the file has once it is unzipped. */
  readonly end: number
}

type Fail = (code: string, message: string, options: KnownErrorOptions) => KnownError

/**
 * Reads and checks the header of a file.
 *
 * @throws KnownError (data) wrong_delimiter, header_duplicate_column, header_missing_column, header_missing_source,
 *   header_of_another_table, and what firstRecord throws
 */
export async function readHeader(context: HeaderContext): Promise<Header> {
  const { input, table, source, form } = context
  const first = await firstRecord(input, table, form)
  const wrong = wrongDelimiter(first, context)
  if (wrong !== undefined) throw wrong
  if (first.fault !== undefined) throw grammarError(first.fault, input, table, form)
  const fail: Fail = (code, message, options) => {
    const where = { table: table.name, file: input.path, line: first.line }
    return new KnownError('data', code, `${input.path}, line ${first.line}: ${message}`, {
      ...where,
      ...options,
    })
  }
  checkTwice(first, source, fail)
  checkOtherTable(first, context, fail)
  return bound(first, context, fail)
}

/** Nobody can know which of two columns is meant that have one name. */
function checkTwice({ names }: FirstRecord, { columns, rowColumns }: TableSource, fail: Fail): void {
  const read = new Set([...columns.flatMap(sourcesOf), ...rowColumns])
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name) && read.has(name)) {
      throw fail('header_duplicate_column', `the column ${name} stands there twice`, {
        column: name,
        found: 'twice',
        allowed: 'once',
        hint: 'remove or rename one of the two: nobody can know which is meant',
      })
    }
    seen.add(name)
  }
}

function checkOtherTable({ names }: FirstRecord, { table, all, source }: HeaderContext, fail: Fail): void {
  if (source.columns.some(({ isNamed }) => isNamed)) return
  const seen = new Set(names)
  for (const candidate of all) {
    const columns = Object.keys(candidate.columns)
    if (candidate.name === table.name || columns.length !== seen.size || names.length !== seen.size) continue
    if (columns.every((column) => seen.has(column))) {
      throw fail('header_of_another_table', `this is the header of ${candidate.name}`, {
        found: names.join(','),
        allowed: Object.keys(table.columns).join(','),
        hint: `put the ${table.name} export under this name; check whether two files were swapped`,
      })
    }
  }
}

function bound({ names, end }: FirstRecord, context: HeaderContext, fail: Fail): Header {
  const { table, all, source } = context
  const places = new Map(names.map((name, place) => [name, place]))
  const missing: string[] = []
  const lacking: string[] = []
  let mapped = names.length
  const positions = source.columns.map((column) => {
    const { target, mapper, isNamed } = column
    const unnamed = sourcesOf(column).find((name) => !places.has(name))
    // Only a column that is looked for under its own name may be missing, not what is needed to read it.
    const mayBeMissing = !isNamed && unnamed === target
    if (unnamed !== undefined && !mayBeMissing)
      throw missingSource({ source: unnamed, target, isPlain: mapper === undefined }, names, table, fail)
    if (unnamed === undefined) return mapper === undefined ? places.get(column.column!)! : mapped++
    missing.push(target)
    if (table.columns[target]!.required) lacking.push(target)
    return -1
  })
  if (lacking.length > 0) {
    const found = knownNames(names, all)
    throw fail('header_missing_column', `required column ${lacking.join(', ')} is missing; found ${found}`, {
      column: lacking[0]!,
      found,
      allowed: Object.keys(table.columns).join(','),
      hint: lackingHint(lacking, names, context),
    })
  }
  const unasked = source.rowColumns.find((name) => !places.has(name))
  if (unasked !== undefined)
    throw missingSource({ source: unasked, target: undefined, isPlain: false }, names, table, fail)
  const read = new Set([...source.columns.flatMap(sourcesOf), ...source.rowColumns])
  return {
    names,
    fieldCount: names.length,
    positions: Int32Array.from(positions),
    missing,
    unknown: names.filter((name) => !read.has(name)),
    end,
  }
}

/** Which columns seem to be meant, and the setting that says so; the command that looks closer, if that leaves some. */
function lackingHint(
  lacking: readonly string[],
  names: readonly string[],
  { table, all, input }: HeaderContext,
): string {
  const meant = meantColumns(table, names)
  const [first = ''] = lacking
  const [near] = nearestNames(first, names)
  if (near !== undefined && knownNames([near], all) === near && !meant.has(first)) meant.set(first, near)
  const named = lacking.filter((target) => meant.has(target))
  const map = `ecomagg map ${shellName(input.path)}`
  if (named.length === 0)
    return `names are case-sensitive; rename the column in the export, export it too, or name the column that holds it with rawTables.<table>.columns: ${map} looks for it`
  const pairs = named.map((target) => `${target}: ${JSON.stringify(meant.get(target))}`).join(', ')
  const rest = named.length === lacking.length ? '' : `; for the others: ${map}`
  return `names are case-sensitive; rename the column in the export, or say where it is: rawTables: { ${table.name}: { columns: { ${pairs} } } }${rest}`
}

/** A source column that settings name, and the header lacks. */
interface MissingSource {
  readonly source: string
  /** The column whose cells come from it; undefined if records are asked by it. */
  readonly target: string | undefined
  /** Whether its cells are taken as they are, so that nothing but its name is to be mended. */
  readonly isPlain: boolean
}

function missingSource(
  { source, target, isPlain }: MissingSource,
  names: readonly string[],
  table: RawTable,
  fail: Fail,
): KnownError {
  const near = nearestNames(source, names).slice(0, MOST_NEAR)
  const meant = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
  const what =
    target === undefined
      ? `rawTables.${table.name} asks the column ${source}`
      : `${target} comes from the column ${source}`
  const place = target === undefined ? '' : `.columns.${target}`
  return fail('header_missing_source', `${what}, which is missing${meant}`, {
    column: source,
    found: shorten(names.join(',')),
    allowed: 'a column of the header; names are case-sensitive',
    hint:
      near.length === 0
        ? `export the column, or name another in rawTables.${table.name}${place}; the header has ${shorten(names.join(', '))}`
        : target === undefined || !isPlain
          ? `write ${near[0]} in its place in rawTables.${table.name}${place}`
          : `name it as the header does: ${columnSetting(table, target, near[0]!)}`,
  })
}

const MOST_NEAR = 3

function columnSetting(table: RawTable, target: string, source: string): string {
  return `rawTables: { ${table.name}: { columns: { ${target}: ${JSON.stringify(source)} } } }`
}

/**
 * The names of a header, for a message. If most of them are unknown it may be no header but a row of data,
 * which no message shows: then only those are named that some table declares, in any case.
 */
function knownNames(names: readonly string[], all: readonly RawTable[]): string {
  const declared = new Set(
    all.flatMap((table) => Object.keys(table.columns)).map((name) => name.toLowerCase()),
  )
  const known = [...new Set(names.filter((name) => declared.has(name.toLowerCase())))]
  const others = names.length - known.length
  if (others <= known.length) return shorten(names.join(','))
  const shown = known.length === 0 ? 'no known column' : known.join(',')
  return others === 0 ? shown : `${shown} and ${others} other${others === 1 ? '' : 's'}`
}

function shorten(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text
}
