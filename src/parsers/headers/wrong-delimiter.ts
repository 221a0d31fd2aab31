import { KnownError } from '../../lib/errors.ts'
import { trimBlanks } from '../../lib/texts/blanks.ts'
import type { RawTable } from '../../raw/define.ts'
import { DELIMITERS, type Delimiter } from '../../rules/sources/files.ts'
import type { TableSource } from '../../sources/table-source.ts'
import type { InputFile } from '../records/input-file.ts'
import type { RecordForm } from '../records/record-form.ts'
import type { FirstRecord } from './first-record.ts'

const WORDS: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
}

/**
 * Why the first record of a file is no header as it has been split: another delimiter splits it into more known
 * names, or it is the line by which some programs tell spreadsheets their delimiter.
 *
 * @param all every raw table: whatever any of them declares is a known name
 * @returns an error wrong_delimiter or header_missing_column, undefined if nothing speaks against the delimiter
 */
export function wrongDelimiter(
  { line, names }: FirstRecord,
  {
    input,
    table,
    all,
    source,
    form,
  }: {
    readonly input: InputFile
    readonly table: RawTable
    readonly all: readonly RawTable[]
    readonly source: TableSource
    readonly form: RecordForm
  },
): KnownError | undefined {
  const declared = String.fromCharCode(form.delimiter) as Delimiter
  const where = { table: table.name, file: input.path, line }
  const whole = names.join(declared)
  const told = /^sep=(.)?$/i.exec(whole.trim())
  if (told !== null) {
    const settings = [`skipLines: ${form.skipLines + 1}`]
    if (told[1] !== undefined && told[1] !== declared) settings.push(`delimiter: ${JSON.stringify(told[1])}`)
    return new KnownError(
      'data',
      'wrong_delimiter',
      `${input.path}, line ${line}: this is no header, but a line for spreadsheets`,
      {
        ...where,
        found: whole.trim(),
        allowed: 'the names of columns',
        hint: `pass over it: rawTables: { ${table.name}: { ${settings.join(', ')} } }`,
      },
    )
  }
  const known = new Set(all.flatMap(({ columns }) => Object.keys(columns)))
  for (const { column, mapper } of source.columns)
    for (const name of mapper?.sources ?? (column === undefined ? [] : [column])) known.add(name)
  const count = (parts: readonly string[]) => parts.filter((part) => known.has(part)).length
  for (const delimiter of DELIMITERS) {
    if (delimiter === declared) continue
    const parts = whole.split(delimiter).map((part) => trimBlanks(part.replaceAll('"', '')))
    if (parts.length < 2 || count(parts) <= count(names)) continue
    const message = `columns are separated by ${WORDS[delimiter]}, not by ${WORDS[declared]}`
    return new KnownError('data', 'wrong_delimiter', `${input.path}, line ${line}: ${message}`, {
      ...where,
      found: WORDS[delimiter],
      allowed: WORDS[declared],
      hint:
        delimiter === ','
          ? `leave out rawTables.${table.name}.delimiter`
          : `say so: rawTables: { ${table.name}: { delimiter: ${JSON.stringify(delimiter)} } }`,
    })
  }
  return undefined
}
