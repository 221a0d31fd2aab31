import { KnownError } from '../../lib/errors.ts'
import type { Encoding } from '../../rules/sources/files.ts'

/**
 * What a file turned out to be: UTF-8 or UTF-16 by its byte order mark; UTF-16 without one, by its zeros; or
 * anything else.
 */
export type FoundEncoding = 'utf-8' | 'utf-16' | 'utf-16le' | 'utf-16be' | 'other'

/** A file is not encoded as declared; `encodingError` says so to people. */
export class EncodingFault extends Error {
  readonly declared: Encoding
  readonly found: FoundEncoding

  constructor(declared: Encoding, found: FoundEncoding) {
    super(`declared ${declared}, found ${found}`)
    this.declared = declared
    this.found = found
  }
}

const CALLED: Readonly<Record<FoundEncoding, string>> = {
  'utf-8': 'UTF-8 by its byte order mark',
  'utf-16': 'UTF-16 by its byte order mark',
  'utf-16le': 'UTF-16 without a byte order mark',
  'utf-16be': 'UTF-16 without a byte order mark',
  other: 'no UTF-16: it starts without a byte order mark',
}

/** What a file that is not encoded as declared means to the run: `encoding_mismatch` or `utf16_without_mark`. */
export function encodingError({ declared, found }: EncodingFault, path: string, table: string): KnownError {
  const setting = `rawTables.${table}.encoding`
  const message = `${path}, line 1: the file is declared as ${declared}, but it is ${CALLED[found]}`
  const allowed = declared === 'utf-16' ? 'UTF-16 with a byte order mark' : declared
  const fail = (code: string, hint: string) =>
    new KnownError('data', code, message, { table, file: path, line: 1, found: CALLED[found], allowed, hint })
  if (found === 'utf-8' || found === 'utf-16') return fail('encoding_mismatch', `set ${setting}: ${found}`)
  if (found === 'other') {
    const hint = `set ${setting} to the encoding that the file is written in, such as utf-8 or windows-1252`
    return fail('encoding_mismatch', hint)
  }
  const convert = `iconv -f ${found.toUpperCase()} -t UTF-8 ${path} > converted.csv`
  const hint = `export it with a byte order mark, or convert it: ${convert}, and set ${setting}: utf-8`
  return fail('utf16_without_mark', hint)
}
