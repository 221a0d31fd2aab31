import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExactVector } from '../../src/collections/exact-vector.ts'
import { contractOf } from '../../src/custom/contract.ts'
import { noExtensions } from '../../src/custom/extensions.ts'
import type { LoadedRun, Verdict } from '../../src/engines/engine.ts'
import { type MemoryRun, memoryEngine } from '../../src/engines/memory/index.ts'
import { formatMoney } from '../../src/lib/numbers/exact.ts'
import { formatDay } from '../../src/lib/times/wall-clock.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { writeSample } from '../../src/sample/index.ts'
import { cases } from '../support/effort.ts'

interface Rows {
  readonly read: number
  readonly rejected: number
  readonly duplicate: number
  readonly conflicting: number
  readonly outside_range: number
  readonly filtered: number
  readonly accepted: number
  readonly reasons: Readonly<Record<string, number>>
}

interface Expected {
  readonly tables: Readonly<Record<string, Rows>>
  readonly totals: Readonly<Record<string, string | number>>
}

interface Trapped {
  readonly expected: Expected
  readonly rows: Readonly<Record<string, Rows>>
  readonly verdict: Verdict
  /** What the tables say that no control total does. */
  readonly tableTotals: Readonly<Record<string, string | number>>
  readonly files: Readonly<Record<string, Buffer>>
}

const REASONS = [
  'too_few_fields',
  'too_many_fields',
  'quote_in_unquoted_cell',
  'invalid_utf8',
  'nul_byte',
  'record_too_long',
  'required_cell_empty',
  'invalid_timestamp',
  'invalid_money',
  'money_out_of_range',
  'invalid_integer',
  'integer_out_of_range',
  'invalid_quantity',
  'quantity_out_of_range',
  'invalid_percent',
  'percent_out_of_range',
  'invalid_flag',
]

/** Writes a trapped sample, lets the tool read it, and keeps what both say. */
async function trapped(seed: number, sessions: number): Promise<Trapped> {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-traps-'))
  try {
    const days = 1 + ((seed * 7) % 60)
    const sample = { folder, seed, sessions, days, endDate: '2025-03-31', traps: true }
    const { expected, files } = await writeSample(sample)
    const run = await memoryEngine.load({
      contract: contractOf(defaultRules, noExtensions),
      inputFolder: folder,
      rules: defaultRules,
      hashKey: undefined,
      since: undefined,
      until: undefined,
      asOf: undefined,
      allowMissing: false,
      findPersonalData: false,
      showValues: false,
      onReject: () => {},
      onProgress: () => {},
      signal: undefined,
    })
    return {
      expected: JSON.parse(readFileSync(expected!, 'utf8')) as Expected,
      rows: rowsOf(run),
      ...aggregated(run),
      files: Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(folder, name))])),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function rowsOf(run: LoadedRun): Record<string, Rows> {
  const tables = run.inputs.map(({ table, accounting }) => {
    const { read, rejected, duplicate, conflicting, outside_range, filtered, accepted } = accounting
    const reasons: Record<string, number> = {}
    for (const { reason, count } of accounting.reasons.values()) {
      if (reason !== 'conflicting_duplicate') reasons[reason] = (reasons[reason] ?? 0) + count
    }
    const counts = { read, rejected, duplicate, conflicting, outside_range, filtered, accepted }
    return [table, { ...counts, reasons }] as const
  })
  return Object.fromEntries(tables)
}

function aggregated(run: MemoryRun): Pick<Trapped, 'verdict' | 'tableTotals'> {
  const steps = run.aggregate()
  const tableTotals: Record<string, string | number> = {}
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return { verdict: step.value, tableTotals }
    const { definition, columns, order, rowCount } = step.value
    if (definition.name === 'daily_business_metrics') {
      const date = columns.date as ArrayLike<number>
      tableTotals.first_date = formatDay(date[order[0]!]!)
      tableTotals.last_date = formatDay(date[order[rowCount - 1]!]!)
      tableTotals.shipping = formatMoney((columns.total_shipping as ExactVector).sum())
    }
    if (definition.name === 'session_attribution') {
      tableTotals.sessions_with_order = Array.from(columns.converted as Int8Array).filter(
        (is) => is === 1,
      ).length
    }
  }
}

/** What the control totals say, by the names of expected.json. */
function totalsOf({ verdict, rows, tableTotals }: Trapped): Record<string, string | number> {
  const total = (name: string) => verdict.controlTotals.find((control) => control.name === name)!
  const value = (name: string) => {
    const { unit, sides } = total(name)
    if (unit === 'money') return formatMoney(sides[0]!.value)
    return Number(sides[0]!.value) / (unit === 'quantity' ? 10_000 : 1)
  }
  const names = ['revenue', 'orders', 'sessions', 'gross_sales', 'units_sold', 'cart_adds']
  const more = ['pageviews', 'clicks', 'discount', 'sessions_with_pageview']
  return {
    ...Object.fromEntries([...names, ...more].map((name) => [name, value(name)])),
    users_with_order: value('customers'),
    scrolls: rows.scroll_table!.accepted,
    ...tableTotals,
    refunds: Number(verdict.findings.find(({ code }) => code === 'refunds')?.details.refunds ?? 0),
    orphan_orders: Number(verdict.findings.find(({ code }) => code === 'orphan_orders')?.details.orders ?? 0),
  }
}

function check(sample: Trapped): void {
  expect(sample.rows).toEqual(sample.expected.tables)
  expect(sample.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
  expect(sample.expected.totals).toEqual(totalsOf(sample))
}

test.each(Array.from({ length: cases(12, 80) }, (_, seed) => seed))(
  'the truth of seed %i is what the tool finds',
  async (seed) => {
    check(await trapped(seed, 60))
  },
)

test.each([1, 2, 50, 500, 650, 1600, 4000])('with %i sessions too', async (sessions) => {
  const sample = await trapped(sessions, sessions)
  check(sample)
  const tables = Object.values(sample.expected.tables)
  for (const { read, rejected, conflicting } of tables) {
    if (read > 1000) expect((rejected + conflicting) / read).toBeLessThan(0.01)
  }
  const reasons = new Set(tables.flatMap((rows) => Object.keys(rows.reasons)))
  expect([...reasons].sort()).toEqual([...REASONS].sort())
  expect(tables.every(({ duplicate }) => duplicate > 0)).toBe(true)
})

test('every trap is there', async () => {
  const { expected, rows, files } = await trapped(3, 50)
  for (const table of ['user_table', 'session_table', 'order_table', 'order_line_item_table']) {
    expect(rows[table]!.conflicting, table).toBeGreaterThan(0)
    expect(rows[table]!.duplicate, table).toBeGreaterThan(rows[table]!.conflicting)
  }
  expect(expected.totals.orphan_orders).toBeGreaterThan(0)
  const text = (table: string) => files[`${table}.csv`]!.toString('utf8')
  const orders = text('order_table')
  for (const part of [
    ',5.,',
    ',.5,',
    ',1e2,',
    ',2.00,',
    ',=1+1,',
    ',@SUM(A1),',
    ',-cmd|x,',
    ',+49 17,',
    ',+49-17,',
  ])
    expect(orders).toContain(part)
  for (const part of ['"Mug\nof two', '"Mug\r\nfrom', '"Mug, large"', '""best""', '𝒜stral', '～Wave', '☕'])
    expect(text('order_line_item_table')).toContain(part)
  for (const part of [',NA,', ',NULL,', ',None,', ',nan,', '  ', '"\t '])
    expect(text('session_table')).toContain(part)
  for (const part of ['Z,', ' UTC,', '-05:00,', '+0530,', '+02,', '.999999999,'])
    expect(orders).toContain(part)
  for (const id of ['007', '1e5', '__proto__']) expect(text('user_table')).toMatch(new RegExp(`[\r\n]${id},`))
  for (const flag of [',TRUE,', ',1.0,']) expect(text('user_table')).toContain(flag)
  for (const name of Object.keys(files)) {
    expect(text(name.replace('.csv', ''))).toMatch(/[^\r\n]\r\n/)
    expect(text(name.replace('.csv', ''))).toMatch(/\r[^\n]/)
    expect(text(name.replace('.csv', ''))).toMatch(/\n[ \t]*\r?\n/)
  }
})
