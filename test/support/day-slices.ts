import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { trimBlanks } from '../../src/lib/blanks.ts'
import type { DeliveredRows } from '../../src/history/delivery/delivered-rows.ts'
import { readDelivery } from '../../src/history/delivery/read-delivery.ts'
import { dayOf } from '../../src/lib/wall-clock.ts'
import { decodeRecord } from '../../src/parsers/decode-record.ts'
import { RecordReader } from '../../src/parsers/record-reader.ts'
import type { RawTable } from '../../src/raw/define.ts'
import { rawTables } from '../../src/raw/index.ts'
import type { Rules } from '../../src/rules/rules.ts'

/** A record as it stands in its file, without its line end. */
export interface CutRecord {
  readonly bytes: Buffer
  /** The day of the row; of a repeated row that of the row that stays; undefined of a rejected one. */
  readonly day: number | undefined
  /** A number that a row shares with those that repeat its key. */
  readonly group: number
}

export interface CutTable {
  readonly header: Buffer
  readonly records: readonly CutRecord[]
}

const TABLES: readonly RawTable[] = Object.values(rawTables)

/**
 * Cuts the raw tables of a folder into records with their days. A row that repeats a key goes with the row
 * that stays, so that any slices of these days hold the same rows as the whole.
 */
export async function cutByDay(
  folder: string,
  rules: Rules,
  hashKey?: Uint8Array,
): Promise<Map<string, CutTable>> {
  const stored = new Map(TABLES.map((table) => [table.name, [table.time ?? table.key]]))
  const options = {
    folder,
    tables: TABLES,
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
  return new Map(tables.map((one) => [one.table.name, cutTable(folder, one)]))
}

function cutTable(folder: string, { table, collection, lines }: DeliveredRows): CutTable {
  const times = table.time === undefined ? undefined : (collection.columns[table.time] as Float64Array)
  const dayOfLine = new Map<number, number>()
  lines.forEach((line, row) => {
    dayOfLine.set(line, times === undefined ? 0 : dayOf(times[row]!))
  })
  const found: { bytes: Buffer; line: number; key: string | undefined }[] = []
  let header: Buffer | undefined
  let keyField = 0
  const reader = new RecordReader(100, {
    record(bytes, start, scanner, line) {
      const record = Buffer.from(bytes.subarray(start, scanner.recordEnd))
      const fields = decodeRecord(record.toString('utf8'))
      if (header === undefined) {
        header = record
        keyField = fields!.map(trimBlanks).indexOf(table.key)
      } else
        found.push({
          bytes: record,
          line,
          key: fields === undefined ? undefined : trimBlanks(fields[keyField] ?? ''),
        })
      return true
    },
    oversized() {
      // Rejected wherever it stands: left out.
      return true
    },
  })
  reader.push(readFileSync(join(folder, `${table.name}.csv`)))
  reader.finish()
  const firstOfKey = new Map<string, { day: number; group: number }>()
  found.forEach(({ line, key }, group) => {
    const day = dayOfLine.get(line)
    if (day !== undefined && key !== undefined && !firstOfKey.has(key)) firstOfKey.set(key, { day, group })
  })
  const records = found.map(({ bytes, line, key }, group) => {
    const first = key === undefined ? undefined : firstOfKey.get(key)
    return { bytes, day: dayOfLine.get(line) ?? first?.day, group: first?.group ?? group }
  })
  return { header: header!, records }
}

/** Writes some records of each table as the raw files of a folder. */
export function writeSlice(
  folder: string,
  tables: ReadonlyMap<string, CutTable>,
  isIn: (record: CutRecord, table: string) => boolean,
): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, { header, records }] of tables) {
    const chosen = records.filter((record) => isIn(record, name)).map(({ bytes }) => bytes)
    const lines = [header, ...chosen].flatMap((bytes) => [bytes, Buffer.from('\r\n')])
    writeFileSync(join(folder, `${name}.csv`), Buffer.concat(lines))
  }
}
