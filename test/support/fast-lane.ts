import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Collection, NO_FLAG, NO_INTEGER, type Vector } from '../../src/collections/vectors.ts'
import { KnownError } from '../../src/lib/errors.ts'
import { wallClockIn } from '../../src/lib/times/time-zone.ts'
import type { Reject } from '../../src/parsers/accounting/accounting.ts'
import { readHeader } from '../../src/parsers/headers/header.ts'
import { Encoders } from '../../src/parsers/keys/encoders.ts'
import { fastLane } from '../../src/parsers/lanes/fast/fast-lane.ts'
import type { MakeLane } from '../../src/parsers/lanes/lane.ts'
import { readTable } from '../../src/parsers/read-table.ts'
import { type InputFile, openInputs } from '../../src/parsers/records/input-file.ts'
import { recordFormOf } from '../../src/parsers/records/record-form.ts'
import { RowFilters } from '../../src/parsers/rows/row-filter.ts'
import type { ScanResults } from '../../src/parsers/scans/scan-results.ts'
import { TableParser } from '../../src/parsers/table-parser.ts'
import type { RawTable } from '../../src/raw/define.ts'
import { allRawTables } from '../../src/raw/index.ts'
import { type Rules, rulesSchema } from '../../src/rules/rules.ts'
import { tableSource } from '../../src/sources/table-source.ts'
import type { Outcome, Reading, RejectedRow, ShopCells, Value } from './slow-lane.ts'

/** What is found beside the rows of one raw file by one of the lanes. */
export async function foundByLane(
  file: Buffer,
  table: RawTable,
  shop: ShopCells,
  folder: string,
  lane: MakeLane = fastLane,
): Promise<ScanResults> {
  writeFileSync(join(folder, `${table.name}.csv`), file)
  const [input] = (await openInputs(folder, [`${table.name}.csv`], table.name)) as [InputFile]
  try {
    return (await readInput(input, table, rulesOf(shop), lane)).found
  } finally {
    await input.handle.close()
  }
}

/** Reads one raw file as a run does, by one of its lanes, with all its columns, by way of a file in the folder. */
export async function readByLane(
  file: Buffer,
  table: RawTable,
  shop: ShopCells,
  folder: string,
  lane: MakeLane = fastLane,
): Promise<Outcome> {
  writeFileSync(join(folder, `${table.name}.csv`), file)
  const [input] = (await openInputs(folder, [`${table.name}.csv`], table.name)) as [InputFile]
  try {
    const { found: _, ...outcome } = await readInput(input, table, rulesOf(shop), lane)
    return outcome
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    return { refused: error.code, line: error.details.line }
  } finally {
    await input.handle.close()
  }
}

function rulesOf({ ownZone, ...shop }: ShopCells): Rules {
  const tables = Object.keys(allRawTables).map((table) => [table, { timezone: ownZone }])
  return rulesSchema.parse({ ...shop, rawTables: ownZone === undefined ? {} : Object.fromEntries(tables) })
}

async function readInput(
  input: InputFile,
  table: RawTable,
  rules: Rules,
  lane: MakeLane,
): Promise<Reading & { readonly found: ScanResults }> {
  const form = recordFormOf(rules, table.name)
  const source = tableSource(table, rules)
  const header = await readHeader({ input, table, all: Object.values(allRawTables), source, form })
  const encoders = new Encoders([table], [], undefined)
  const shared = {
    encoders,
    filters: new RowFilters(rules.filters, rules.negativeOrders, encoders),
    toWallClock: wallClockIn(rules.timezone),
  }
  const rejects: RejectedRow[] = []
  const keep = new Set(Object.keys(table.columns))
  const onReject = ({ line, column, reason, cell }: Reject) => rejects.push({ line, column, reason, cell })
  const range = { since: undefined, until: undefined }
  const parser = new TableParser({ table, keep, ...shared, cascades: undefined, rules, ...range, onReject })
  const options = {
    folder: '',
    tables: [table],
    keep: new Map([[table.name, keep]]),
    rules,
    hashKey: undefined,
    allowMissing: false,
    findPersonalData: false,
    threads: { count: 1, isAsked: false },
    onReject,
    onProgress: () => {},
    signal: undefined,
  }
  const toRead = {
    open: { table, source, files: [{ number: 0, input, header, form }] },
    shared,
    options,
    threads: undefined,
    lane,
  }
  const { accounting, taker, found } = await readTable(toRead, parser)
  const { read, rejected, duplicate, conflicting, accepted, moneyRead, moneyRejected } = accounting
  return {
    rows: rowsOf(taker.finish(), table),
    rejects,
    found,
    counts: { read, rejected, duplicate, conflicting, accepted },
    money: { read: BigInt(moneyRead), rejected: BigInt(moneyRejected) },
  }
}

function rowsOf({ rowCount, columns }: Collection, table: RawTable): Value[][] {
  const vectors = Object.keys(table.columns).map((name) => columns[name]!)
  return Array.from({ length: rowCount }, (_, row) => vectors.map((vector) => valueAt(vector, row)))
}

function valueAt(vector: Vector, row: number): Value {
  if ('codes' in vector) {
    const code = vector.codes[row]!
    return code < 0 ? null : vector.dictionary.text(code)
  }
  const value = vector[row]!
  if (vector instanceof Int32Array) return value === NO_INTEGER ? null : value
  if (vector instanceof Int8Array) return value === NO_FLAG ? null : value
  return Number.isNaN(value) ? null : value
}
