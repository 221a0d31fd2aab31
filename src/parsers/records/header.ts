import { isUtf8 } from 'node:buffer'
import { KnownError, type KnownErrorOptions } from '../../lib/errors.ts'
import { trimBlanks } from '../../lib/texts/blanks.ts'
import type { RawTable } from '../../raw/define.ts'
import { GrammarFault } from '../lanes/fast/kernel/record-scanner.ts'
import { decodeRecord } from './decode-record.ts'
import { type InputFile, readChunks } from './input-file.ts'
import { RecordReader } from './record-reader.ts'
import { MAX_RECORD_BYTES } from './record-walk.ts'

/** Where each declared column stands in the records of a file. */
export interface Header {
  /** The names of all fields, declared or not, in file order. */
  readonly names: readonly string[]
  readonly fieldCount: number
  /** Field number of each declared column, in declared order; -1 for an optional column that is missing. */
  readonly positions: Int32Array
  readonly missing: readonly string[]
  /** Columns that nobody declared; they are ignored. */
  readonly unknown: readonly string[]
}

/**
 * Reads and checks the header of a file.
 *
 * @param all every raw table, to recognise a file that was put under another table's name
 * @throws KnownError (data) utf16, wrong_delimiter, header_missing, header_invalid,
 *   header_duplicate_column, header_missing_column, header_of_another_table, and what readChunks throws
 */
export async function readHeader(
  input: InputFile,
  table: RawTable,
  all: readonly RawTable[],
): Promise<Header> {
  const { line, names } = await firstRecord(input, table)
  const fail = (code: string, message: string, options: KnownErrorOptions) => {
    const where = { table: table.name, file: input.path, line }
    return new KnownError('data', code, `${input.path}, line ${line}: ${message}`, { ...where, ...options })
  }
  const declared = Object.keys(table.columns)
  const wanted = declared.join(',')
  const other = otherDelimiter(names, all)
  if (other !== undefined) {
    throw fail('wrong_delimiter', `columns are separated by ${other}, not by commas`, {
      found: other,
      allowed: 'comma',
      hint: 'export it again as comma-separated CSV',
    })
  }
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name) && Object.hasOwn(table.columns, name)) {
      throw fail('header_duplicate_column', `the column ${name} stands there twice`, {
        column: name,
        found: 'twice',
        allowed: 'once',
        hint: 'remove or rename one of the two: nobody can know which is meant',
      })
    }
    seen.add(name)
  }
  for (const candidate of all) {
    const columns = Object.keys(candidate.columns)
    if (candidate === table || columns.length !== seen.size) continue
    if (columns.length === names.length && columns.every((column) => seen.has(column))) {
      throw fail('header_of_another_table', `this is the header of ${candidate.name}`, {
        found: names.join(','),
        allowed: wanted,
        hint: `put the ${table.name} export under this name; check whether two files were swapped`,
      })
    }
  }
  const missing = declared.filter((column) => !seen.has(column))
  const lacking = missing.filter((column) => table.columns[column]!.required)
  if (lacking.length > 0) {
    throw fail(
      'header_missing_column',
      `required column ${lacking.join(', ')} is missing; found ${knownNames(names, all)}`,
      {
        column: lacking[0]!,
        found: knownNames(names, all),
        allowed: wanted,
        hint: 'names are case-sensitive; rename the column in the export, or export it too',
      },
    )
  }
  return {
    names,
    fieldCount: names.length,
    positions: Int32Array.from(declared, (column) => names.indexOf(column)),
    missing,
    unknown: names.filter((name) => !Object.hasOwn(table.columns, name)),
  }
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

function tooLong(line: number) {
  return { line, what: 'it is longer than 1 MiB' }
}

/** The first record of the file, as trimmed names. */
async function firstRecord(input: InputFile, table: RawTable): Promise<{ line: number; names: string[] }> {
  let found: { line: number; names: string[] } | undefined
  let problem: { line: number; what: string } | undefined
  const reader = new RecordReader(0, {
    record(bytes, start, scanner, line) {
      const record = Buffer.from(bytes.subarray(start, scanner.recordEnd))
      if (record.length > 1 && looksUtf16(record)) throw utf16(input, table)
      if (record.length > MAX_RECORD_BYTES) problem = tooLong(line)
      else if (scanner.hasNul) problem = { line, what: 'it holds a NUL byte' }
      else if (!isUtf8(record)) problem = { line, what: 'it is not UTF-8' }
      else {
        const fields = decodeRecord(record.toString('utf8'))
        if (fields === undefined) problem = { line, what: 'a quote stands inside an unquoted name' }
        else found = { line, names: fields.map(trimBlanks) }
      }
      return false
    },
    oversized(line) {
      problem = tooLong(line)
      return false
    },
  })
  let isFirst = true
  try {
    for await (const chunk of readChunks(input, table.name)) {
      if (isFirst && looksUtf16(chunk)) throw utf16(input, table)
      isFirst = false
      reader.push(chunk)
      if (reader.stopped) break
    }
    reader.finish()
  } catch (error) {
    if (!(error instanceof GrammarFault)) throw error
    // In a header such as "a";"b" text seems to follow a closing quote.
    const names = [reader.pendingLine()]
    if (otherDelimiter(names, [table]) !== undefined) return { line: error.line, names }
    throw grammarError(error, input, table)
  }
  if (problem !== undefined) {
    const message = `${input.path}, line ${problem.line}: the header cannot be read: ${problem.what}`
    throw new KnownError('data', 'header_invalid', message, {
      table: table.name,
      file: input.path,
      line: problem.line,
      found: problem.what,
      allowed: Object.keys(table.columns).join(','),
      hint: 'export the file again as UTF-8 CSV',
    })
  }
  if (found === undefined) {
    throw new KnownError('data', 'header_missing', `${input.path} has no header line`, {
      table: table.name,
      file: input.path,
      found: input.bytes === 0 ? 'zero bytes' : 'blank lines only',
      allowed: Object.keys(table.columns).join(','),
      hint: 'an empty table is a header without rows; export the file again',
    })
  }
  return found
}

/** What a quote that cannot be resolved means to the run. */
export function grammarError(fault: GrammarFault, input: InputFile, table: RawTable): KnownError {
  const what =
    fault.code === 'unclosed_quote'
      ? 'a quote opens in the record that starts here and never closes'
      : 'text follows a closing quote in the record that starts here'
  return new KnownError('data', fault.code, `${input.path}, line ${fault.line}: ${what}`, {
    table: table.name,
    file: input.path,
    line: fault.line,
    allowed: 'quoted cells end with a quote and a comma or line end; quotes inside are doubled',
    hint: `look at line ${fault.line} and those after it, and mend the quotes: no reader can know where the next record starts`,
  })
}

/** A byte order mark of UTF-16, or a NUL in one of the first two bytes, as ASCII text has in UTF-16. */
function looksUtf16(bytes: Uint8Array): boolean {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true
  return (
    bytes.length >= 4 && ((a === 0 && b !== 0 && bytes[2] === 0) || (a !== 0 && b === 0 && bytes[3] === 0))
  )
}

function utf16(input: InputFile, table: RawTable): KnownError {
  return new KnownError('data', 'utf16', `${input.path} is UTF-16, not UTF-8`, {
    table: table.name,
    file: input.path,
    line: 1,
    found: 'UTF-16',
    allowed: 'UTF-8, with or without a byte order mark',
    hint: `convert it: iconv -f UTF-16 -t UTF-8 ${input.path} > converted.csv, or export it as UTF-8`,
  })
}

const DELIMITERS: readonly [string, string][] = [
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'pipes'],
]

/** The delimiter that splits the header into more declared names than the comma does, if there is one. */
function otherDelimiter(names: readonly string[], all: readonly RawTable[]): string | undefined {
  const declared = new Set(all.flatMap((table) => Object.keys(table.columns)))
  const known = (parts: readonly string[]) => parts.filter((part) => declared.has(part)).length
  const line = names.join(',')
  for (const [delimiter, called] of DELIMITERS) {
    const parts = line.split(delimiter).map((part) => trimBlanks(part.replaceAll('"', '')))
    if (parts.length > 1 && known(parts) > known(names)) return called
  }
  return undefined
}
