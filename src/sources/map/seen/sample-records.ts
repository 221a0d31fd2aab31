import { trimBlanks } from '../../../lib/texts/blanks.ts'
import { GrammarFault } from '../../../parsers/lanes/fast/kernel/record-scanner.ts'
import { decodeRecord } from '../../../parsers/records/decode-record.ts'
import { PLAIN_FORM } from '../../../parsers/records/record-form.ts'
import { RecordReader } from '../../../parsers/records/record-reader.ts'
import type { RecordHandler } from '../../../parsers/records/record-walk.ts'
import type { Delimiter, Quotes } from '../../../rules/sources/files.ts'
import { backslashStep } from '../../bytes/backslash-quotes.ts'

/** One record of a sample. */
export interface SampleRecord {
  /** The physical line where it starts, counted from the start of the bytes. */
  readonly line: number
  /** Trimmed. */
  readonly fields: readonly string[]
}

export interface SampleRecords {
  readonly records: readonly SampleRecord[]
  /** Whether a quote never closes, or text follows a closing one: the records end there. */
  readonly isBroken: boolean
}

/** How the bytes of a sample are split. */
export interface SampleForm {
  readonly delimiter: Delimiter
  readonly quotes: Quotes
}

/**
 * The records in UTF-8 bytes, up to a number of them.
 *
 * @param isEnd whether the file ends with these bytes, so that the last record is whole
 */
export function sampleRecords(
  bytes: Uint8Array,
  { delimiter, quotes }: SampleForm,
  isEnd: boolean,
  most: number,
): SampleRecords {
  const records: SampleRecord[] = []
  const handler: RecordHandler = {
    record(all, start, scanner, line) {
      const text = Buffer.from(all.subarray(start, scanner.recordEnd)).toString('utf8')
      const fields = text.includes('"') ? decodeRecord(text, delimiter) : text.split(delimiter)
      if (fields !== undefined) records.push({ line, fields: fields.map(trimBlanks) })
      return records.length < most
    },
    oversized: () => true,
  }
  const form = { ...PLAIN_FORM, delimiter: delimiter.charCodeAt(0) }
  const reader = new RecordReader(0, handler, undefined, undefined, form)
  try {
    if (quotes === 'doubled') reader.push(bytes)
    else {
      const step = backslashStep(form.delimiter)
      reader.push(step.push(bytes))
      reader.push(step.finish())
    }
    if (isEnd) reader.finish()
  } catch (error) {
    if (!(error instanceof GrammarFault)) throw error
    return { records, isBroken: true }
  }
  return { records, isBroken: false }
}

/** How many line starts of a part are tried: a line may start inside quotes. */
const MOST_STARTS = 30
/** So many records with the right number of fields prove that a part is split where it should be. */
const PROOF = 3

const LF = 10

/** The records of a part that may begin anywhere within a record; none if nobody can see where records start. */
export function partRecords(
  bytes: Uint8Array,
  form: SampleForm,
  fieldCount: number,
  isEnd: boolean,
  most: number,
): readonly SampleRecord[] {
  let from = 0
  for (let tries = 0; tries < MOST_STARTS; tries++) {
    from = bytes.indexOf(LF, from) + 1
    if (from === 0) return []
    const { records, isBroken } = sampleRecords(bytes.subarray(from), form, isEnd, most)
    const first = records.slice(0, PROOF)
    if (first.length > 0 && !isBroken && first.every(({ fields }) => fields.length === fieldCount))
      return records
  }
  return []
}
