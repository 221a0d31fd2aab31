import { closeSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { openRegular } from '../../lib/files/regular-file.ts'
import { writeTable } from '../../outputs/form.ts'
import { setForm } from '../../outputs/index.ts'
import { RecordReader } from '../../parsers/records/record-reader.ts'
import type { CsvDialect, TableResult } from '../../tables/table-result.ts'

/** How a published table differs from one that was computed. */
export interface TableDifference {
  readonly table: string
  /** Rows that are only in the published file, only in the computed table, and in both with other cells. */
  readonly unexpected: number
  readonly missing: number
  readonly changed: number
  /** The keys of some of them, as `column=value` pairs. */
  readonly keys: readonly string[]
}

/** Keys that a difference names. */
const MOST_KEYS = 20
const MAX_FIELDS = 256
const CHUNK = 1 << 20

/** Compares a computed table with the published one, byte by byte. @returns undefined if they are equal */
export async function compareTable(
  outputFolder: string,
  table: TableResult,
  dialect: CsvDialect,
): Promise<TableDifference | undefined> {
  const path = join(outputFolder, setForm.fileOf(table.definition.name))
  return (await isEqual(path, table, dialect)) ? undefined : differenceOf(path, table, dialect)
}

async function isEqual(path: string, table: TableResult, dialect: CsvDialect): Promise<boolean> {
  const fd = openRegular(path)
  try {
    let buffer = Buffer.allocUnsafe(CHUNK)
    let equal = true
    await writeTable(setForm, table, dialect, (bytes) => {
      if (!equal) return
      if (buffer.length < bytes.length) buffer = Buffer.allocUnsafe(bytes.length)
      const read = readSync(fd, buffer, 0, bytes.length, null)
      equal = read === bytes.length && buffer.subarray(0, read).equals(bytes)
    })
    return equal && readSync(fd, buffer, 0, 1, null) === 0
  } finally {
    closeSync(fd)
  }
}

async function differenceOf(path: string, table: TableResult, dialect: CsvDialect): Promise<TableDifference> {
  const { name, key } = table.definition
  const published = new RowsByKey(key)
  const fd = openRegular(path)
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer))
      published.push(buffer.subarray(0, read))
  } finally {
    closeSync(fd)
  }
  const computed = new RowsByKey(key)
  await writeTable(setForm, table, dialect, (bytes) => computed.push(bytes))
  const [before, now] = [published.finish(), computed.finish()]
  const keys: string[] = []
  let [unexpected, missing, changed] = [0, 0, 0]
  for (const [row, cells] of before) {
    const other = now.get(row)
    if (other === cells) continue
    if (other === undefined) unexpected++
    else changed++
    if (keys.length < MOST_KEYS) keys.push(row)
  }
  for (const row of now.keys()) {
    if (before.has(row)) continue
    missing++
    if (keys.length < MOST_KEYS) keys.push(row)
  }
  return { table: name, unexpected, missing, changed, keys }
}

/** The rows of a CSV as texts, by the texts of their keys. */
class RowsByKey {
  readonly #rows = new Map<string, string>()
  readonly #reader: RecordReader
  #columns: string[] | undefined

  constructor(key: readonly string[]) {
    this.#reader = new RecordReader(MAX_FIELDS, {
      record: (bytes, start, scanner) => {
        const cell = (i: number) =>
          Buffer.from(bytes.subarray(scanner.starts[i]!, scanner.ends[i]!)).toString('utf8')
        if (this.#columns === undefined) {
          this.#columns = Array.from({ length: scanner.fieldCount }, (_, i) => cell(i))
          return true
        }
        const columns = this.#columns
        const text = key.map((column) => `${column}=${cell(columns.indexOf(column))}`).join(', ')
        this.#rows.set(text, Buffer.from(bytes.subarray(start, scanner.recordEnd)).toString('utf8'))
        return true
      },
      oversized: () => true,
    })
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(Buffer.from(bytes))
  }

  finish(): ReadonlyMap<string, string> {
    this.#reader.finish()
    return this.#rows
  }
}
