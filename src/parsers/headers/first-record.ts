import { isUtf8 } from 'node:buffer'
import { KnownError } from '../../lib/errors.ts'
import { trimBlanks } from '../../lib/texts/blanks.ts'
import type { RawTable } from '../../raw/define.ts'
import { GrammarFault } from '../lanes/fast/kernel/record-scanner.ts'
import { decodeRecord } from '../records/decode-record.ts'
import { readText } from '../records/file-text.ts'
import { grammarError } from '../records/grammar-error.ts'
import type { InputFile } from '../records/input-file.ts'
import type { RecordForm } from '../records/record-form.ts'
import { RecordReader } from '../records/record-reader.ts'
import { MAX_RECORD_BYTES, type RecordHandler } from '../records/record-walk.ts'

/** The first record of a file. */
export interface FirstRecord {
  /** The physical line where it starts. */
  readonly line: number
  /** Its fields, trimmed. */
  readonly names: readonly string[]
  /** The byte behind its line end, of those that the file has once it is unzipped. */
  readonly end: number
  /** Why it could not be split, so that all of it stands in one name. */
  readonly fault: GrammarFault | undefined
}

/** @throws KnownError (data) utf16, header_missing, header_invalid, a grammar fault, and what readChunks throws */
export async function firstRecord(input: InputFile, table: RawTable, form: RecordForm): Promise<FirstRecord> {
  let found: { line: number; names: string[] } | undefined
  let problem: { line: number; what: string } | undefined
  const handler: RecordHandler = {
    record(bytes, start, scanner, line) {
      const record = Buffer.from(bytes.subarray(start, scanner.recordEnd))
      if (record.length > 1 && looksUtf16(record)) throw utf16(input, table)
      if (record.length > MAX_RECORD_BYTES) problem = { line, what: TOO_LONG }
      else if (scanner.hasNul) problem = { line, what: 'it holds a NUL byte' }
      else if (!isUtf8(record)) problem = { line, what: NO_UTF8 }
      else {
        const fields = decodeRecord(record.toString('utf8'), String.fromCharCode(form.delimiter))
        if (fields === undefined) problem = { line, what: 'a quote stands inside an unquoted name' }
        else found = { line, names: fields.map(trimBlanks) }
      }
      return false
    },
    oversized(line) {
      problem = { line, what: TOO_LONG }
      return false
    },
  }
  const reader = new RecordReader(0, handler, undefined, undefined, form)
  let isFirst = true
  try {
    for await (const chunk of readText(input, table.name, form)) {
      if (isFirst && looksUtf16(chunk)) throw utf16(input, table)
      isFirst = false
      reader.push(chunk)
      if (reader.stopped) break
    }
    reader.finish()
  } catch (error) {
    if (!(error instanceof GrammarFault)) throw error
    // In a header such as "a";"b" text seems to follow a closing quote.
    if (error.code === 'text_after_quote')
      return { line: error.line, names: [reader.pendingLine()], end: 0, fault: error }
    throw grammarError(error, input, table, form)
  }
  if (problem !== undefined) throw invalid(problem, input, table)
  if (found === undefined) throw missing(input, table)
  return { ...found, end: reader.position, fault: undefined }
}

const NO_UTF8 = 'it is not UTF-8'
const TOO_LONG = 'it is longer than 1 MiB'

function invalid(
  { line, what }: { line: number; what: string },
  input: InputFile,
  table: RawTable,
): KnownError {
  const message = `${input.path}, line ${line}: the header cannot be read: ${what}`
  return new KnownError('data', 'header_invalid', message, {
    table: table.name,
    file: input.path,
    line,
    found: what,
    allowed: Object.keys(table.columns).join(','),
    hint:
      what === NO_UTF8
        ? `say how it is encoded: rawTables: { ${table.name}: { encoding: windows-1252 } }, or export it again as UTF-8`
        : 'export the file again as UTF-8 CSV',
  })
}

function missing(input: InputFile, table: RawTable): KnownError {
  return new KnownError('data', 'header_missing', `${input.path} has no header line`, {
    table: table.name,
    file: input.path,
    found: input.bytes === 0 ? 'zero bytes' : 'blank lines only',
    allowed: Object.keys(table.columns).join(','),
    hint: 'an empty table is a header without rows; export the file again',
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
    hint: `say so: rawTables: { ${table.name}: { encoding: utf-16 } }, or convert it: iconv -f UTF-16 -t UTF-8 ${input.path} > converted.csv`,
  })
}
