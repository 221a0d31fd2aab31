import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeliveredRows } from '../../src/history/delivery/delivered-rows.ts'
import { readDelivery } from '../../src/history/delivery/read-delivery.ts'
import { trimBlanks } from '../../src/lib/texts/blanks.ts'
import { dayOf } from '../../src/lib/times/wall-clock.ts'
import { decodeRecord } from '../../src/parsers/records/decode-record.ts'
import { RecordReader } from '../../src/parsers/records/record-reader.ts'
import type { RawTable } from '../../src/raw/define.ts'
import { rawTables } from '../../src/raw/index.ts'
import { parseCell } from '../../src/raw/kinds.ts'
import { type Rules, timeFormatsOf } from '../../src/rules/rules.ts'

/** A record as it stands in its file, without its line end. */
export interface CutRecord {
  readonly bytes: Buffer
  /** The day of the row; 0 where rows have no dates; undefined of a rejected one whose time cannot be read. */
  readonly day: number | undefined
  /** A number that a row shares with those of its key. */
  readonly group: number
}

export interface CutTable {
  readonly header: Buffer
  readonly records: readonly CutRecord[]
  /** Whether its file may be missing where it has no rows. */
  readonly isOptional: boolean
}

const TABLES: readonly RawTable[] = Object.values(rawTables)

/**
 * Cuts the raw tables of a folder into records with their days.
 *
 * @param all the tables to cut; optional ones may be missing
 */
export async function cutByDay(
  folder: string,
  rules: Rules,
  hashKey?: Uint8Array,
  all: readonly RawTable[] = TABLES,
): Promise<Map<string, CutTable>> {
  const found = all.filter(
    ({ name, isOptional }) => isOptional !== true || existsSync(join(folder, `${name}.csv`)),
  )
  const stored = new Map(found.map((table) => [table.name, [table.time ?? table.key]]))
  const options = {
    folder,
    tables: found,
    rules,
    hashKey,
    allowMissing: false,
    findPersonalData: false,
    onReject: () => {},
    threads: { count: 1, isAsked: false },
    onProgress: () => {},
    signal: undefined,
  }
  const { tables } = await readDelivery(options, stored, 1)
  return new Map(tables.map((one) => [one.table.name, cutTable(folder, one, rules)]))
}

function cutTable(folder: string, { table, collection, lines }: DeliveredRows, rules: Rules): CutTable {
  const times = table.time === undefined ? undefined : (collection.columns[table.time] as Float64Array)
  const dayOfLine = new Map<number, number>()
  lines.forEach((line, row) => {
    dayOfLine.set(line, times === undefined ? 0 : dayOf(times[row]!))
  })
  const found: CutRecord[] = []
  const groups = new Map<string, number>()
  let header: Buffer | undefined
  let names: string[] = []
  const reader = new RecordReader(100, {
    record(bytes, start, scanner, line) {
      const record = Buffer.from(bytes.subarray(start, scanner.recordEnd))
      const fields = decodeRecord(record.toString('utf8'))
      if (header === undefined) {
        header = record
        names = fields!.map(trimBlanks)
        return true
      }
      const isSplit = fields?.length === names.length
      const key = isSplit ? keyText(table, names, fields) : `line ${line}`
      const group = groups.get(key) ?? groups.size
      groups.set(key, group)
      const time = isSplit && table.time !== undefined ? fields[names.indexOf(table.time)] : undefined
      found.push({ bytes: record, day: dayOfLine.get(line) ?? rejectedDay(time, rules, table.name), group })
      return true
    },
    oversized() {
      // Rejected wherever it stands: left out.
      return true
    },
  })
  reader.push(readFileSync(join(folder, `${table.name}.csv`)))
  reader.finish()
  return { header: header!, records: found, isOptional: table.isOptional === true }
}

/** The cells that tell a row apart; of a time by whose day rows are told apart, its date, which must be in ISO. */
function keyText(
  { key, keyColumns = [key], columns }: RawTable,
  names: readonly string[],
  fields: readonly string[],
): string {
  const cells = keyColumns.map((column) => {
    const cell = trimBlanks(fields[names.indexOf(column)] ?? '')
    return columns[column]!.tellsApart === 'day' ? cell.slice(0, 10) : cell
  })
  return cells.join('\0')
}

/** The day of a rejected record, if its time can be read. */
function rejectedDay(time: string | undefined, rules: Rules, table: string): number | undefined {
  if (time === undefined) return undefined
  const cell = parseCell('timestamp', time, {
    timeZone: rules.timezone,
    timeFormats: timeFormatsOf(rules, table),
  })
  return 'value' in cell && typeof cell.value === 'number' ? dayOf(cell.value) : undefined
}

/** Writes some records of each table as the raw files of a folder, in the order of their days. */
export function writeSlice(
  folder: string,
  tables: ReadonlyMap<string, CutTable>,
  isIn: (record: CutRecord, table: string) => boolean,
): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, { header, records, isOptional }] of tables) {
    const chosen = records
      .filter((record) => isIn(record, name))
      .sort((a, b) => (a.day ?? 0) - (b.day ?? 0))
      .map(({ bytes }) => bytes)
    if (isOptional && chosen.length === 0) continue
    const lines = [header, ...chosen].flatMap((bytes) => [bytes, Buffer.from('\r\n')])
    writeFileSync(join(folder, `${name}.csv`), Buffer.concat(lines))
  }
}
