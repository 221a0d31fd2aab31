import type { FileSample } from '../../parsers/records/file-sample.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Preset } from '../presets/preset.ts'
import { knownHeader } from './known-headers.ts'
import { isComplete, matchTables, type TableMatch } from './match-table.ts'
import type { FileProposal } from './proposal.ts'
import { proposeTable, type SeenFile } from './propose-table.ts'
import { decodedSample, type SeenEncoding, seenEncoding } from './seen/sample-encoding.ts'
import { partRecords } from './seen/sample-records.ts'
import { seenColumns } from './seen/seen-column.ts'
import { type SeenHeader, seenHeader } from './seen/seen-header.ts'

/** What was found in one file. */
export interface MappedFile {
  readonly sample: FileSample
  readonly encoding: SeenEncoding
  /** Undefined if nothing could be split. */
  readonly header: SeenHeader | undefined
  /** Why the file cannot be read as a table; undefined if it can. */
  readonly fault: string | undefined
  /** Records seen below the header. */
  readonly records: number
  /** The raw table that it seems to hold; undefined if it is none. */
  readonly match: TableMatch | undefined
  /** The likeliest other one that is whole in it, by columns that are unused so far. */
  readonly alsoHolds: RawTable | undefined
  /** What it says of its table, taken by itself. */
  readonly proposal: FileProposal | undefined
  readonly seen: SeenFile | undefined
  /** The preset that reads it, if it is an export of a known system. */
  readonly preset: Preset | undefined
}

/** Records that are looked at in each further part of a file. */
const MOST_IN_PART = 1000

/**
 * Looks at a sample of a file: how it is written, which raw table it holds, and with which settings.
 *
 * @param name the file, whose name may say which table it holds
 */
export function mapFile(name: string, sample: FileSample, tables: readonly RawTable[]): MappedFile {
  const encoding = seenEncoding(sample)
  const nothing = {
    sample,
    encoding,
    records: 0,
    match: undefined,
    alsoHolds: undefined,
    proposal: undefined,
    seen: undefined,
    preset: undefined,
  }
  if (encoding.fault !== undefined) return { ...nothing, header: undefined, fault: encoding.fault }
  const [head, ...parts] = decodedSample(sample, encoding)
  const header = head === undefined ? undefined : seenHeader(head, sample.isWhole, tables)
  if (header === undefined) {
    const fault = sample.isWhole
      ? 'it is empty: no header, no rows'
      : 'no line ends in its beginning, so it is no table'
    return { ...nothing, header, fault }
  }
  if (header.isLikeData)
    return { ...nothing, header, fault: 'it seems to have no header: its first line reads like a row' }
  const others = parts.flatMap((part, i) => {
    const isEnd = i === parts.length - 1
    return partRecords(part, header, header.names.length, isEnd, MOST_IN_PART)
  })
  const records = [...header.records, ...others.filter(({ fields }) => fields.length === header.names.length)]
  const seen: SeenFile = { encoding, header, columns: seenColumns(header.names, records) }
  const baseName = name.slice(name.lastIndexOf('/') + 1)
  const [match, ...rivals] = matchTables(tables, seen.columns, baseName)
  return {
    sample,
    encoding,
    header,
    fault: undefined,
    records: records.length,
    match,
    alsoHolds: match === undefined ? undefined : rivals.find((rival) => holdsMore(rival, match))?.table,
    proposal: match === undefined ? undefined : proposeTable(seen, match),
    seen,
    preset: knownHeader(header.names),
  }
}

/** Whether a table is whole in a file by required columns that the likelier one does not take. */
function holdsMore(rival: TableMatch, match: TableMatch): boolean {
  if (!isComplete(rival)) return false
  const used = new Set([...match.columns.values()].map(({ column }) => column))
  return [...rival.columns].some(
    ([target, { column, tier }]) =>
      tier !== 'weak' && rival.table.columns[target]?.required === true && !used.has(column),
  )
}
