import { findingNeeds } from '../../checks/finding.ts'
import type { Dictionary } from '../../collections/dictionary.ts'
import type { Needs, TextVector } from '../../collections/vectors.ts'
import type { DictionaryOf } from '../../history/day-reader.ts'
import { dayOf } from '../../lib/wall-clock.ts'
import { loadTables } from '../../parsers/load-tables.ts'
import type { LoadedTable } from '../../parsers/loaded-table.ts'
import type { RawTable } from '../../raw/define.ts'
import type { EngineOptions, InputReport } from '../engine.ts'
import { inputReports } from '../input-reports.ts'
import { loadThreads } from '../load-threads.ts'
import type { Part } from './part.ts'
import { storedColumns } from './stored-columns.ts'

/** The raw files of one run, read but not yet joined with what was kept of earlier ones. */
export interface Slice {
  /** With all columns that findings read, too. */
  readonly loaded: readonly LoadedTable[]
  readonly inputs: readonly InputReport[]
  /** The columns that are kept, by raw table. */
  readonly stored: ReadonlyMap<string, readonly string[]>
  readonly parts: ReadonlyMap<string, Part>
  readonly dictionaryOf: DictionaryOf
}

/**
 * Reads the raw files of a slice of days.
 *
 * @param seed of the history's key hashes
 * @throws KnownError of failure data, input, io or retry
 */
export async function loadSlice(options: EngineOptions, seed: number): Promise<Slice> {
  const { contract, rules } = options
  const stored = storedColumns(contract, rules)
  const keep = new Map([...stored].map(([table, columns]) => [table, new Set(columns)]))
  for (const [table, columns] of Object.entries(findingNeeds as Needs))
    for (const column of columns) keep.get(table)?.add(column)
  const loaded = await loadTables({
    folder: options.inputFolder,
    tables: contract.rawTables,
    keep,
    rules,
    hashKey: options.hashKey,
    since: options.since,
    until: options.until,
    allowMissing: options.allowMissing,
    findPersonalData: options.findPersonalData,
    ledgerSeed: seed,
    threads: loadThreads(options.threads),
    onReject: options.onReject,
    onProgress: options.onProgress,
    signal: options.signal,
  })
  return {
    loaded,
    inputs: inputReports(loaded),
    stored,
    parts: new Map(loaded.map((one) => [one.table.name, partOf(one, stored.get(one.table.name)!)])),
    dictionaryOf: dictionaries(loaded),
  }
}

function partOf({ table, collection, ledger }: LoadedTable, columns: readonly string[]): Part {
  const { fates, lines, keys } = ledger!
  return {
    collection: {
      rowCount: collection.rowCount,
      columns: Object.fromEntries(columns.map((column) => [column, collection.columns[column]!])),
    },
    // What becomes of a row in the end may be another matter.
    fates: fates.slice(),
    keys,
    days: daysOf(table, collection.columns, collection.rowCount),
    lines,
    places: undefined,
  }
}

/** The day of each row; none where the table has no dates. */
export function daysOf(
  table: RawTable,
  columns: Readonly<Record<string, unknown>>,
  rowCount: number,
): Int32Array | undefined {
  if (table.time === undefined) return undefined
  const times = columns[table.time] as Float64Array
  const days = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) days[row] = dayOf(times[row]!)
  return days
}

function dictionaries(loaded: readonly LoadedTable[]): DictionaryOf {
  const known = new Map<string, Dictionary>()
  for (const { table, collection } of loaded) {
    for (const [column, vector] of Object.entries(collection.columns))
      if ('codes' in vector) known.set(`${table.name}.${column}`, (vector as TextVector).dictionary)
  }
  return (table, column) => {
    const dictionary = known.get(`${table}.${column}`)
    if (dictionary === undefined) throw new Error(`${table}.${column} is not kept`)
    return dictionary
  }
}
