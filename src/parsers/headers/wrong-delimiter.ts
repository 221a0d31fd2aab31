import { KnownError } from '../../lib/errors.ts'
import { trimBlanks } from '../../lib/texts/blanks.ts'
import { DELIMITERS, type Delimiter } from '../../rules/sources/files.ts'
import { sourcesOf } from '../../sources/table-source.ts'
import type { FirstRecord } from './first-record.ts'
import type { HeaderContext } from './header-context.ts'

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
 * @returns an error wrong_delimiter, undefined if nothing speaks against the delimiter
 */
export function wrongDelimiter(
  { line, names }: FirstRecord,
  { input, table, all, source, form }: HeaderContext,
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
  for (const name of source.columns.flatMap(sourcesOf)) known.add(name)
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
