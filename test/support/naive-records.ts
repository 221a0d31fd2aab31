/** What a plain reading of the CSV grammar says of a file's bytes. */
export interface NaiveRecords {
  /** A quote that never closes, or text after a closing quote; then the rest means nothing. */
  readonly isFatal: boolean
  /** Each record's bytes, and the physical line on which it starts; blank lines are left out. */
  readonly records: readonly { readonly bytes: Buffer; readonly line: number }[]
}

/**
 * Splits bytes into records one byte at a time, written from the SPEC's grammar alone and as plainly as
 * can be: the second opinion on the scanner.
 */
export function naiveRecords(file: Buffer): NaiveRecords {
  const bytes = file.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? file.subarray(3) : file
  const records: { bytes: Buffer; line: number }[] = []
  let line = 1
  let recordLine = 1
  let start = 0
  let state: 'cell start' | 'unquoted' | 'quoted' | 'after quote' = 'cell start'
  const end = (at: number) => {
    const record = bytes.subarray(start, at)
    if (!/^[ \t]*$/.test(record.toString('latin1'))) records.push({ bytes: record, line: recordLine })
  }
  for (let at = 0; at < bytes.length; at++) {
    const char = String.fromCharCode(bytes[at]!)
    const isLineEnd = char === '\n' || char === '\r'
    const isCrLf = char === '\r' && bytes[at + 1] === 10
    if (state === 'quoted') {
      if (char === '"') state = 'after quote'
      else if (isLineEnd && !isCrLf) line++
      continue
    }
    if (isLineEnd) {
      end(at)
      if (isCrLf) at++
      line++
      start = at + 1
      recordLine = line
      state = 'cell start'
    } else if (char === ',') state = 'cell start'
    else if (state === 'after quote') {
      if (char !== '"') return { isFatal: true, records }
      state = 'quoted'
    } else if (state === 'cell start') state = char === '"' ? 'quoted' : 'unquoted'
  }
  if (state === 'quoted') return { isFatal: true, records }
  if (start < bytes.length) end(bytes.length)
  return { isFatal: false, records }
}
