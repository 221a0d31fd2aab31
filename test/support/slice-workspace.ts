import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { type Ended, Workspace, type WorkspaceOptions } from './workspace.ts'

/** The seven results. */
export const RESULTS = [
  'daily_business_metrics.csv',
  'session_attribution.csv',
  'session_funnel.csv',
  'product_performance_daily.csv',
  'user_lifetime_metrics.csv',
  'page_engagement_metrics.csv',
  'coupon_performance.csv',
] as const

const accountingSchema = z.record(z.string(), z.number())

/** What these tests read of the record of a run. */
const recordSchema = z.object({
  run_id: z.string(),
  status: z.string(),
  as_of: z.string().nullable(),
  inputs: z.array(
    z.object({
      table: z.string(),
      accounting: accountingSchema,
      money: z.object({ read: z.string(), rejected: z.string(), reject_rate: z.number() }).nullable(),
    }),
  ),
  incremental: z
    .object({
      slice_dates: z.array(z.string()),
      changed_dates: z.array(z.string()),
      updated: z.array(z.object({ date: z.string(), tables: z.array(z.string()) })),
      tables: z.array(
        z.object({ table: z.string(), dates: z.number(), rows_before: z.number(), rows: z.number() }),
      ),
      revenue: z.array(z.object({ date: z.string(), before: z.string(), now: z.string() })),
      kept_dates: z.number(),
      history_bytes: z.number(),
    })
    .nullish(),
  notices: z.array(z.string()),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      hint: z.string().nullable(),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
})
export type SliceRecord = z.infer<typeof recordSchema>

const manifestSchema = z.object({
  run_id: z.string(),
  mode: z.string(),
  as_of: z.string().nullable(),
  as_of_given: z.boolean(),
  rows_by_date: z.record(z.string(), z.record(z.string(), z.number())),
})

/** How a run ended, with its record. */
export interface Ran extends Ended {
  readonly record: SliceRecord
}

/** The raw tables of a slice as CSV texts, by table. */
export type Slice = Readonly<Record<string, string>>

/** A private folder in which slice after slice is processed; removed with `dispose`. */
export class SliceWorkspace extends Workspace {
  readonly history = join(this.output, '.ecomagg', 'history')
  #folders = 0

  /** Runs are done in the process of the test, unless it says otherwise. */
  constructor({ inProcess = true }: WorkspaceOptions = {}) {
    super({ inProcess })
  }

  /** Writes raw tables into a folder of their own. */
  slice(tables: Slice): string {
    const folder = join(this.folder, `slice ${++this.#folders}`)
    mkdirSync(folder)
    for (const [table, text] of Object.entries(tables)) writeFileSync(join(folder, `${table}.csv`), text)
    return folder
  }

  /** A run of `ecomagg process` over the raw tables of a folder. */
  async run(input: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const folders = ['--input', input, '--output', this.output, '--log-dir', this.logs]
    const ended = await this.ecomagg(['process', ...folders, ...args], env)
    return { ...ended, record: this.lastRecord() }
  }

  add(input: string, ...args: string[]): Promise<Ran> {
    return this.run(input, ['--incremental', ...args])
  }

  lastRecord(): SliceRecord {
    const name = readdirSync(this.logs)
      .filter((one) => one.endsWith('.json'))
      .sort()
      .at(-1)
    if (name === undefined) throw new Error('no run was recorded')
    return recordSchema.parse(JSON.parse(readFileSync(join(this.logs, name), 'utf8')))
  }

  manifest(folder = this.output): z.infer<typeof manifestSchema> {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
  }

  /** The seven results of this folder, or of another. */
  results(folder = this.output): Map<string, string> {
    return new Map(RESULTS.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  }

  /** Every file of the output folder with its bytes, those that are kept for the next run too. */
  everything(): Map<string, string> {
    return bytesBelow(this.output)
  }

  historyFiles(): string[] {
    return existsSync(this.history) ? readdirSync(this.history).sort() : []
  }

  /** A plain run over raw tables, into another folder. @returns the seven results */
  async plainResults(input: string, args: readonly string[] = []): Promise<Map<string, string>> {
    return this.results(await this.plainRun(input, args))
  }

  /** The same. @returns the folder */
  async plainRun(input: string, args: readonly string[] = []): Promise<string> {
    const output = join(this.folder, `plain ${++this.#folders}`)
    const folders = ['--input', input, '--output', output, '--log-dir', join(this.folder, 'plain logs')]
    const { exit, stderr } = await this.ecomagg(['process', ...folders, ...args])
    if (exit !== 0) throw new Error(`the plain run ended with ${exit}: ${stderr}`)
    return output
  }
}

/** Every file below a folder with its bytes. */
export function bytesBelow(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]))
}

/**
 * What somebody who had all raw data at once would have: of each date the rows that came last, earlier dates
 * first; of parts that were merged all; of each user the last row. Times must be written in ISO.
 *
 * @param slices raw tables in the order in which they came, and whether each was merged
 */
export function joinSlices(slices: readonly { readonly tables: Slice; readonly isMerged: boolean }[]): Slice {
  const read = slices.map(({ tables, isMerged }) => ({
    isMerged,
    tables: new Map(Object.entries(tables).map(([table, text]) => [table, parse(text) as string[][]])),
  }))
  const names = Object.keys(slices[0]!.tables)
  const datesOf = read.map(({ tables }) => new Set([...tables.values()].flatMap((rows) => dates(rows))))
  return Object.fromEntries(
    names.map((name) => {
      const header = read[0]!.tables.get(name)![0]!
      const rows = read.flatMap(({ tables }, i) => {
        const own = tables.get(name)!
        const isReplaced = (date: string | undefined) =>
          read.some((later, j) => j > i && !later.isMerged && date !== undefined && datesOf[j]!.has(date))
        return own
          .slice(1)
          .map((row) => ({ row, date: row[header.indexOf('time')]?.slice(0, 10) }))
          .filter(({ date }) => !isReplaced(date))
      })
      const lastOfKey = new Map(rows.map(({ row }) => [row[0], row]))
      const kept = header.includes('time')
        ? rows.sort((a, b) => (a.date! < b.date! ? -1 : a.date! > b.date! ? 1 : 0))
        : rows.filter(({ row }) => lastOfKey.get(row[0]) === row)
      const lines = [header, ...kept.map(({ row }) => row)].map((cells) => cells.map(quoted).join(','))
      return [name, `${lines.join('\n')}\n`]
    }),
  )
}

function dates([header, ...rows]: string[][]): string[] {
  const time = header!.indexOf('time')
  return time < 0 ? [] : rows.map((row) => row[time]!.slice(0, 10))
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
