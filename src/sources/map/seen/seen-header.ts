import type { RawTable } from '../../../raw/define.ts'
import { DELIMITERS, type Delimiter, QUOTES, type Quotes } from '../../../rules/sources/files.ts'
import { knownNameCount } from './column-names.ts'
import { type SampleRecord, sampleRecords } from './sample-records.ts'

/** How records seem to stand in a file, and what its header is. */
export interface SeenHeader {
  readonly delimiter: Delimiter
  readonly quotes: Quotes
  /** Lines above the header. */
  readonly skipLines: number
  readonly names: readonly string[]
  /** How many of the names mean a column of some raw table. */
  readonly known: number
  /** Whether the names read like cells, so that there may be no header at all, and no message shows them. */
  readonly isLikeData: boolean
  /** The records below it that have as many fields. */
  readonly records: readonly SampleRecord[]
  /** How many have another number of fields. */
  readonly others: number
  readonly isBroken: boolean
  /** Whether more records follow than were looked at. */
  readonly isCut: boolean
}

/** Records of the beginning that are looked at. */
const MOST_RECORDS = 2000
/** A header stands among the first so many. */
const MOST_ABOVE = 60

/**
 * Finds the delimiter, the quotes and the header in the beginning of a file: the way of splitting it that gives most
 * known names, and then the most even records.
 *
 * @param head UTF-8 without a byte order mark
 * @returns undefined if there is no record at all
 */
export function seenHeader(
  head: Uint8Array,
  isWhole: boolean,
  tables: readonly RawTable[],
): SeenHeader | undefined {
  const hasBackslash = Buffer.from(head).includes('\\"')
  const ways = QUOTES.filter((quotes) => quotes === 'doubled' || hasBackslash).flatMap((quotes) =>
    DELIMITERS.flatMap((delimiter) => splitting(head, isWhole, { delimiter, quotes }, tables) ?? []),
  )
  return ways.sort(byLikelihood)[0]
}

function byLikelihood(one: SeenHeader, other: SeenHeader): number {
  return (
    other.known - one.known ||
    Number(one.isBroken) - Number(other.isBroken) ||
    evenness(other) - evenness(one) ||
    other.names.length - one.names.length
  )
}

function evenness({ records, others, names }: SeenHeader): number {
  const all = records.length + others
  return names.length === 1 ? 0 : all === 0 ? 1 : records.length / all
}

function splitting(
  head: Uint8Array,
  isWhole: boolean,
  form: { delimiter: Delimiter; quotes: Quotes },
  tables: readonly RawTable[],
): SeenHeader | undefined {
  const { records, isBroken } = sampleRecords(head, form, isWhole, MOST_RECORDS)
  if (records.length === 0) return undefined
  const usual = usualFieldCount(records)
  let [place, known] = [-1, -1]
  for (const [i, { fields }] of records.slice(0, MOST_ABOVE).entries()) {
    if (fields.length !== usual && records.length > 2) continue
    const count = knownNameCount(fields, tables)
    if (count > known) [place, known] = [i, count]
  }
  if (place < 0) [place, known] = [0, 0]
  const header = records[place]!
  const below = records.slice(place + 1)
  const even = below.filter(({ fields }) => fields.length === header.fields.length)
  return {
    ...form,
    skipLines: place === 0 ? 0 : header.line - 1,
    names: header.fields,
    known,
    isLikeData: known === 0 && header.fields.some(isLikeCell),
    records: even,
    others: below.length - even.length,
    isBroken,
    isCut: records.length >= MOST_RECORDS,
  }
}

/** A header is no number, date or address, and has no empty name. */
function isLikeCell(text: string): boolean {
  return text === '' || /^[-+]?[\d.,]+$/.test(text) || /^\d{1,4}[-/.]\d/.test(text) || text.includes('@')
}

/** The number of fields that most records have; lines of one field are titles, where others have more. */
function usualFieldCount(all: readonly SampleRecord[]): number {
  const split = all.filter(({ fields }) => fields.length > 1)
  const records = split.length > 0 ? split : all
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
  return [...counts].sort(([a, one], [b, other]) => other - one || b - a)[0]![0]
}
