import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { KINDS, type KindName, parseCell } from '../../src/raw/kinds.ts'
import { chosen } from '../support/effort.ts'
import { type Finished, fixtures, type Row, takingTurns, Workspace } from '../support/workspace.ts'

const optionsSchema = z.strictObject({
  timezone: z.string().default('UTC'),
  timeFormats: z.array(z.string()).default([]),
})
const common = { kind: z.enum(KINDS), cell: z.string(), options: optionsSchema.prefault({}), why: z.string() }
const entrySchema = z.union([
  z.strictObject({ ...common, becomes: z.union([z.string(), z.number(), z.null()]) }),
  z.strictObject({ ...common, reason: z.string() }),
])
type Entry = z.infer<typeof entrySchema>
type Options = z.infer<typeof optionsSchema>

const entries = z
  .array(entrySchema)
  .parse(JSON.parse(readFileSync(join(fixtures, 'cells/cells.json'), 'utf8')))

const machineZone = process.env.TZ
afterAll(() => {
  if (machineZone === undefined) delete process.env.TZ
  else process.env.TZ = machineZone
})

describe.each(['UTC', 'America/New_York', 'Europe/Berlin'])('one cell, on a machine in %s', (zone) => {
  test.each(KINDS)('%s', (kind) => {
    process.env.TZ = zone
    const wrong = entries
      .filter((entry) => entry.kind === kind)
      .map((entry) => ({ ...entry, found: found(entry) }))
      .filter(
        (entry) => !Object.is(entry.found, 'reason' in entry ? `refused: ${entry.reason}` : entry.becomes),
      )
    expect(wrong).toEqual([])
  })
})

/** What parseCell makes of a cell, in the terms of cells.json. */
function found(entry: Entry): string | number | null {
  const { timezone, timeFormats } = entry.options
  const result = parseCell(entry.kind, entry.cell, { timeZone: timezone, timeFormats })
  if ('reason' in result) return `refused: ${result.reason}`
  if (entry.kind !== 'timestamp' || typeof result.value !== 'number') return result.value
  return new Date(result.value).toISOString().slice(0, -1)
}

const groups = new Map<string, Entry[]>()
for (const entry of entries) {
  const key = JSON.stringify(entry.options)
  groups.set(key, [...(groups.get(key) ?? []), entry])
}

const inTurn = takingTurns(2)

describe.concurrent('cells in a file', () => {
  test.each(chosen([...groups], (_, i) => i % 5 === 0))('%s', { timeout: 60_000 }, (_name, group) =>
    inTurn(() => checkGroup(group)),
  )
})

async function checkGroup(group: readonly Entry[]): Promise<void> {
  const workspace = new Workspace()
  try {
    const tables = tablesOf(group)
    writeFileSync(join(workspace.folder, 'ecomagg.config.json'), JSON.stringify(SETTINGS))
    for (const table of tables.values()) workspace.write(`${table.name}.csv`, table.text)
    const options = ['--max-reject-rate', '1', '--no-escape-formulas', ...optionArgs(group[0]!.options)]
    const run = await workspace.process(options, 'America/New_York')
    expect(run.exit, run.stderr).toBe(0)
    expect(byTable(run.rejects)).toEqual(byTable([...tables.values()].flatMap((table) => table.rejects)))
    expect(valuesShown(run, group)).toEqual(valuesMeant(group))
  } finally {
    workspace.dispose()
  }
}

function optionArgs({ timezone, timeFormats }: Options): string[] {
  return ['--timezone', timezone, ...timeFormats.flatMap((format) => ['--time-format', format])]
}

/** A raw table as it is written, with the rejects that its rows must give. */
interface Table {
  readonly name: string
  text: string
  line: number
  readonly rejects: Row[]
}

/** Where a cell of each kind stands: the table, the column, whether it may be empty, and its row. */
interface Seat {
  readonly table: string
  readonly column: string
  readonly required: boolean
  readonly row: (cell: string, n: number) => readonly string[]
}

/** No table that every run reads has a column of this kind. */
const SETTINGS = {
  extraColumns: { order_table: { reach: { kind: 'large_integer', meaning: 'people reached' } } },
}

const day = '2025-01-01'
const end = '2199-12-31 23:59:59.999'

const headers: Readonly<Record<string, string>> = {
  user_table: 'user_id,has_purchase_last_year',
  session_table: 'user_id,session_id,time,utm_campaign',
  order_table: 'user_id,session_id,order_id,time,total_price,total_items,reach',
  order_line_item_table: 'event_id,order_id,time,product_name,product_price,product_qty',
  add_to_cart_table: 'event_id,session_id,time,product_name,product_qty',
  pageview_table: 'event_id,user_id,session_id,time,path',
  scroll_table: 'event_id,time,scroll_percent,path',
  click_table: 'event_id,time,path',
}

const seats: Readonly<Record<KindName, Seat>> = {
  timestamp: {
    table: 'session_table',
    column: 'time',
    required: true,
    row: (cell, n) => ['u', `s${n}`, cell, ''],
  },
  id: {
    table: 'session_table',
    column: 'user_id',
    required: true,
    row: (cell, n) => [cell, `s${n}`, day, ''],
  },
  text: {
    table: 'session_table',
    column: 'utm_campaign',
    required: false,
    row: (cell, n) => ['u', `s${n}`, day, cell],
  },
  money: {
    table: 'order_line_item_table',
    column: 'product_price',
    required: true,
    row: (cell, n) => [`e${n}`, 'o', day, `p${n}`, cell, '100'],
  },
  // No published table shows it.
  integer: {
    table: 'order_table',
    column: 'total_items',
    required: false,
    row: (cell, n) => ['u', `s${n}`, `o${n}`, day, '1', cell, ''],
  },
  // A column of the shop's own, which no published table shows.
  large_integer: {
    table: 'order_table',
    column: 'reach',
    required: false,
    row: (cell, n) => ['u', `s${n}`, `o${n}`, day, '1', '', cell],
  },
  quantity: {
    table: 'add_to_cart_table',
    column: 'product_qty',
    required: false,
    row: (cell, n) => [`e${n}`, 's', day, `p${n}`, cell],
  },
  percent: {
    table: 'scroll_table',
    column: 'scroll_percent',
    required: true,
    row: (cell, n) => [`e${n}`, day, cell, `/${n}`],
  },
  flag: {
    table: 'user_table',
    column: 'has_purchase_last_year',
    required: false,
    row: (cell, n) => [`u${n}`, cell],
  },
}

/** All eight tables; n is the place of an entry in its group, and in the names of its row. */
function tablesOf(group: readonly Entry[]): Map<string, Table> {
  const tables = new Map<string, Table>()
  for (const [name, header] of Object.entries(headers)) {
    tables.set(name, { name, text: `${header}\n`, line: 2, rejects: [] })
  }
  group.forEach((entry, n) => {
    const seat = seats[entry.kind]
    const table = tables.get(seat.table)!
    const reason = refusal(entry)
    if (reason !== undefined) {
      const cell = entry.cell.replace(/^[ \t]+|[ \t]+$/g, '')
      const place = { table: table.name, file: `${table.name}.csv`, line: String(table.line) }
      table.rejects.push({ ...place, column: seat.column, reason, cell })
    }
    append(table, seat.row(entry.cell, n))
    if (entry.kind === 'timestamp')
      append(tables.get('order_table')!, ['u', `s${n}`, `o${n}`, end, '1', '', ''])
  })
  return tables
}

function append(table: Table, cells: readonly string[]): void {
  const text = cells
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
  table.text += `${text}\n`
  table.line += 1 + (text.match(/\r\n|\r|\n/g)?.length ?? 0)
}

/** Why the row of an entry is rejected, if it is. */
function refusal(entry: Entry): string | undefined {
  if ('reason' in entry) return entry.reason
  return entry.becomes === null && seats[entry.kind].required ? 'required_cell_empty' : undefined
}

function byTable(rows: readonly Row[]): Row[] {
  const place = (row: Row) => `${row.table} ${row.line?.padStart(9)}`
  return [...rows].sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

/** Where the value of an entry shows in the published tables. */
function valuesMeant(group: readonly Entry[]): string[] {
  return group.flatMap((entry, n) => {
    if (isHidden(entry)) return []
    const value = entry.becomes
    const text = entry.kind === 'timestamp' ? dateAndMinutes(String(value)) : shown(entry.kind, value)
    return [`${n} ${text}`]
  })
}

/** Whether no published table shows what becomes of an entry. */
function isHidden(entry: Entry): entry is Extract<Entry, { reason: string }> {
  return refusal(entry) !== undefined || entry.kind === 'integer' || entry.kind === 'large_integer'
}

/** Ten-thousandths as a whole number, or with as many decimals as it takes. */
function quantityText(value: number): string {
  const digits = String(Math.abs(value)).padStart(5, '0')
  const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '')
  return value < 0 ? `-${text}` : text
}

function shown(kind: KindName, value: string | number | null): string {
  if (kind === 'text') return value === null ? 'direct' : String(value)
  if (kind === 'quantity') return quantityText(value === null ? 10_000 : Number(value))
  if (kind === 'money') return hundredths(Number(value), 1)
  if (kind === 'percent') return hundredths(Number(value), 100)
  return value === null ? '' : String(value)
}

/** The date of a session and the minutes from there to the end; none if it starts after the end. */
function dateAndMinutes(wallClock: string): string {
  const duration = Date.parse('2199-12-31T23:59:59.999Z') - Date.parse(`${wallClock}Z`)
  const minutes = duration < 0 ? '' : hundredths(duration * 100, 60_000)
  return `${wallClock.slice(0, 10)} ${minutes}`
}

/** A fraction of a hundredth, rounded half away from zero, with two decimals. */
function hundredths(numerator: number, denominator: number): string {
  const [n, d] = [BigInt(Math.abs(numerator)), BigInt(denominator)]
  const digits = String((2n * n + d) / (2n * d)).padStart(3, '0')
  return `${numerator < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function valuesShown(run: Finished, group: readonly Entry[]): string[] {
  const sessions = keyed(run.rows('session_attribution.csv'), 'session_id')
  const products = keyed(run.rows('product_performance_daily.csv'), 'product_name')
  const pages = keyed(run.rows('page_engagement_metrics.csv'), 'path')
  const users = keyed(run.rows('user_lifetime_metrics.csv'), 'user_id')
  const values: Readonly<Record<KindName, (n: number) => string | undefined>> = {
    timestamp: (n) => cells(sessions.get(`s${n}`), 'date', 'time_to_conversion_minutes'),
    id: (n) => sessions.get(`s${n}`)?.user_id,
    text: (n) => sessions.get(`s${n}`)?.utm_campaign,
    money: (n) => products.get(`p${n}`)?.total_revenue,
    integer: () => undefined,
    large_integer: () => undefined,
    quantity: (n) => products.get(`p${n}`)?.quantity_added_to_cart,
    percent: (n) => pages.get(`/${n}`)?.avg_scroll_depth,
    flag: (n) => users.get(`u${n}`)?.has_purchase_last_year,
  }
  return group.flatMap((entry, n) => (isHidden(entry) ? [] : [`${n} ${values[entry.kind](n)}`]))
}

function keyed(rows: readonly Row[], column: string): Map<string | undefined, Row> {
  return new Map(rows.map((row) => [row[column], row]))
}

function cells(row: Row | undefined, ...columns: string[]): string {
  return columns.map((column) => row?.[column]).join(' ')
}
