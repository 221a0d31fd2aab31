import type { RecordBatch } from '../batch/record-batch.ts'
import { decodeRecord } from '../records/decode-record.ts'
import type { RecordForm } from '../records/record-form.ts'
import { QUOTE, type RecordScanner } from './fast/kernel/record-scanner.ts'

/** The fields of a record that csv-parse has split, and where they lie in the batch's bytes. */
export interface SplitRecord {
  readonly fields: readonly string[]
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Has csv-parse split a record, and puts the fields into the batch; undefined if that is not possible. */
export function splitBySlowReader(
  batch: RecordBatch,
  start: number,
  { recordEnd }: RecordScanner,
  { delimiter }: RecordForm,
): SplitRecord | undefined {
  const record = Buffer.from(batch.bytes.subarray(start, recordEnd)).toString('utf8')
  const fields = decodeRecord(record, String.fromCharCode(delimiter))
  if (fields === undefined) return undefined
  const starts = new Int32Array(fields.length)
  const ends = new Int32Array(fields.length)
  let at = batch.addDecoded(Buffer.from(fields.join(''), 'utf8'))
  for (let i = 0; i < fields.length; i++) {
    starts[i] = at
    at += Buffer.byteLength(fields[i]!, 'utf8')
    ends[i] = at
  }
  return { fields, starts, ends }
}

/**
 * Leaves one quote for each two in the fields of a record.
 *
 * @param isAsked by field number: 0 where nobody looks at it; undefined if somebody looks at all
 */
export function halveQuotes(
  batch: RecordBatch,
  { starts, ends, fieldCount }: RecordScanner,
  isAsked?: Uint8Array,
): void {
  const { bytes } = batch
  for (let field = 0; field < Math.min(fieldCount, starts.length); field++) {
    if (isAsked?.[field] === 0) continue
    const end = ends[field]!
    let at = starts[field]!
    while (at < end && bytes[at] !== QUOTE) at++
    if (at < end) [starts[field], ends[field]] = batch.addHalved(starts[field]!, end)
  }
}
