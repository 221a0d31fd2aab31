import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { contractOf } from '../../src/custom/contract.ts'
import { type Extensions, noExtensions } from '../../src/custom/extensions.ts'
import type { LoadedRun, Verdict } from '../../src/engines/engine.ts'
import { memoryEngine } from '../../src/engines/memory/index.ts'
import { parseDay } from '../../src/lib/times/wall-clock.ts'
import { csvForm } from '../../src/outputs/csv/index.ts'
import type { Reject } from '../../src/parsers/accounting/accounting.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import type { AggregateTable } from '../../src/tables/aggregate-table.ts'

/** What became of the records of one raw table. */
export interface Counts {
  readonly read: number
  readonly rejected: number
  readonly duplicate: number
  readonly conflicting: number
  readonly outside_range: number
  readonly filtered: number
  readonly accepted: number
}

export interface MemoryRun {
  readonly loaded: LoadedRun
  readonly inputs: Readonly<Record<string, Counts>>
  readonly rejects: readonly Reject[]
  readonly verdict: Verdict
  /** The seven tables in their order, by name. */
  readonly tables: ReadonlyMap<string, AggregateTable>
  /** Their bytes, by name. */
  readonly csvs: Readonly<Record<string, string>>
}

export interface MemoryRunOptions {
  readonly since?: string
  readonly until?: string
  readonly asOf?: string
  readonly rules?: Readonly<Record<string, unknown>>
  readonly hashKey?: Uint8Array
  readonly extensions?: Extensions
  readonly findPersonalData?: boolean
  readonly showValues?: boolean
}

/** Processes raw tables, given as the contents of their files, in this process. */
export async function runInMemory(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: MemoryRunOptions = {},
): Promise<MemoryRun> {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-memory-'))
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return await runFolder(folder, options)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Processes the raw tables of a folder in this process; much faster than the binary, same engine. */
export async function runFolder(folder: string, options: MemoryRunOptions = {}): Promise<MemoryRun> {
  const rejects: Reject[] = []
  const day = (text: string | undefined) => (text === undefined ? undefined : parseDay(text))
  const rules = rulesSchema.parse({ maxRejectRate: 1, ...options.rules })
  const loaded = await memoryEngine.load({
    contract: contractOf(rules, options.extensions ?? noExtensions),
    inputFolder: folder,
    rules,
    hashKey: options.hashKey,
    since: day(options.since),
    until: day(options.until),
    asOf: day(options.asOf),
    allowMissing: false,
    findPersonalData: options.findPersonalData ?? false,
    showValues: options.showValues ?? false,
    onReject: (reject) => rejects.push(reject),
    onProgress: () => {},
    signal: undefined,
  })
  const tables = new Map<string, AggregateTable>()
  const csvs: Record<string, string> = {}
  const steps = loaded.aggregate()
  for (;;) {
    const next = steps.next()
    if (next.done === true) {
      const inputs = loaded.inputs.map(({ table, accounting }) => [table, countsOf(accounting)] as const)
      return { inputs: Object.fromEntries(inputs), rejects, loaded, verdict: next.value, tables, csvs }
    }
    const { name } = next.value.definition
    tables.set(name, next.value)
    csvs[name] = csvOf(next.value)
  }
}

function countsOf(accounting: Counts): Counts {
  const { read, rejected, duplicate, conflicting, outside_range, filtered, accepted } = accounting
  return { read, rejected, duplicate, conflicting, outside_range, filtered, accepted }
}

/** A table as it would be published. */
export function csvOf(table: AggregateTable, dialect = { bom: false, escapeFormulas: true }): string {
  const chunks: Buffer[] = []
  csvForm.writeRows(table, dialect, (bytes) => chunks.push(Buffer.from(bytes)))
  return Buffer.concat(chunks).toString('utf8')
}

/** The exact numbers of one column, by the texts of some others: the key of a row → its number. */
export function numbersBy(
  table: AggregateTable,
  keys: readonly string[],
  column: string,
): Map<string, bigint> {
  const result = new Map<string, bigint>()
  for (let row = 0; row < table.rowCount; row++) {
    const key = keys.map((name) => String(cellOf(table, name, row))).join('\u0000')
    result.set(key, (result.get(key) ?? 0n) + BigInt(cellOf(table, column, row) ?? 0))
  }
  return result
}

function cellOf(table: AggregateTable, column: string, row: number): string | number | bigint | null {
  const vector = table.columns[column]
  if (vector === undefined) throw new Error(`${table.definition.name} has no column ${column}`)
  if (vector instanceof ExactVector) return vector.get(row)
  if ('codes' in vector) return vector.codes[row]! < 0 ? null : vector.dictionary.text(vector.codes[row]!)
  return vector[row]!
}
