import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import type { GivenOptions } from '../../src/config/complete-options.ts'
import { contractOf } from '../../src/custom/contract.ts'
import type { Extensions } from '../../src/custom/extensions.ts'
import { type Rules, rulesSchema } from '../../src/rules/rules.ts'
import { runOnce } from '../../src/run/run-once.ts'
import { writeSample } from '../../src/sample/write-sample.ts'
import { type CutRecord, type CutTable, cutByDay, writeSlice } from '../support/day-slices.ts'
import { cases } from '../support/effort.ts'
import { asExport, exportSettings } from '../support/mapped-export.ts'
import { extensionsOf, randomOptionalTables, refundRows, spendRows } from '../support/optional-tables.ts'
import { Random, seedOf } from '../support/random.ts'
import { randomShop, SHOP_COLUMNS, shopCsv } from '../support/random-shop.ts'
import { PLAIN, written } from '../support/written-table.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const { seed: firstSeed } = seedOf(1)
const isOne = process.env.SEED !== undefined
const seedsOf = (count: number) => Array.from({ length: isOne ? 1 : count }, (_, i) => firstSeed + i)
/** Every so many cases slices are processed by the program, and it is killed at any moment first. */
const KILLED_EVERY = 8

const hashKey = Buffer.alloc(32, 7)

/** Settings under which history hangs together in other ways. */
const SETTINGS: readonly Record<string, unknown>[] = [
  {},
  {},
  { timezone: 'America/New_York' },
  { filters: { ips: ['198.51.100.0/25', '192.0.2.0/26'], paths: ['/checkout'], ordersBelow: 20 } },
  { filters: { users: [{ regex: '[37]$' }], sessions: [{ prefix: '1' }, { regex: '[05]$' }] } },
  { privacy: { hashIds: ['user_id', 'session_id', 'order_id'] } },
  {
    coupons: {
      WELCOME10: { percent: 10, action: 'correct' },
      SPRING15: { amount: 3, action: 'correct' },
      A: { percent: 5, action: 'correct' },
    },
  },
  { rawTables: { click_table: { dedupe: false }, order_line_item_table: { dedupe: false } } },
]

/** Settings of the two optional tables, which two own tables read. */
const OPTIONAL_SETTINGS: readonly Record<string, unknown>[] = [
  {},
  { privacy: { hashIds: ['order_id'] } },
  {
    filters: {
      ordersBelow: 200,
      columns: [
        { table: 'refund_table', column: 'reason', equals: 'void' },
        { table: 'marketing_spend_table', column: 'utm_campaign', prefix: 'test' },
      ],
    },
  },
  { rawTables: { marketing_spend_table: { dedupe: false }, refund_table: { dedupe: false } } },
  { rawTables: { marketing_spend_table: { keep: 'last' }, refund_table: { keep: 'last' } } },
  {
    rawTables: {
      marketing_spend_table: { key: ['time', 'utm_source', 'clicks'] },
      refund_table: { key: ['refund_id', 'product_name'] },
    },
  },
]

describe('slices of days, in any order, give the bytes of a full run', () => {
  test.each(seedsOf(cases(4, 120)))('sample data with all traps, seed %i', async (seed) => {
    await inFolder(async (folder) => {
      const random = new Random(seed)
      const raw = join(folder, 'raw')
      const days = random.whole(2, 7)
      await writeSample({
        folder: raw,
        seed,
        sessions: random.whole(20, 60),
        days,
        endDate: '2025-03-31',
        traps: true,
      })
      await expectIncrementalIsFull(folder, raw, seed, random)
    })
  })

  test.each(seedsOf(cases(4, 100)))(
    'small shops in which everything hangs together, seed %i',
    async (seed) => {
      await inFolder(async (folder) => {
        const raw = join(folder, 'raw')
        mkdirSync(raw)
        for (const [table, rows] of Object.entries(randomShop(seed, { everyoneKnown: seed % 2 === 0 })))
          writeFileSync(join(raw, `${table}.csv`), shopCsv(table, rows))
        await expectIncrementalIsFull(folder, raw, seed, new Random(seed))
      })
    },
  )

  test.each(seedsOf(cases(4, 60)))('exports that are mapped, seed %i', async (seed) => {
    await inFolder(async (folder) => {
      const raw = join(folder, 'raw')
      mkdirSync(raw)
      const random = new Random(seed)
      const rawTables: Record<string, object> = {}
      for (const [table, rows] of Object.entries(randomShop(seed, { everyoneKnown: true }))) {
        writeFileSync(join(raw, `${table}.csv`), shopCsv(table, rows))
        rawTables[table] = exportSettings(SHOP_COLUMNS[table]!, random)
      }
      await expectIncrementalIsFull(folder, raw, seed, random, { settings: {}, mapping: { rawTables } })
    })
  })

  test.each(seedsOf(cases(4, 60)))('shops with spend and refunds, seed %i', async (seed) => {
    await inFolder(async (folder) => {
      const raw = join(folder, 'raw')
      mkdirSync(raw)
      const random = new Random(seed)
      const shop = randomShop(seed, { everyoneKnown: true })
      for (const [table, rows] of Object.entries(shop))
        writeFileSync(join(raw, `${table}.csv`), shopCsv(table, rows))
      const orders = shop.order_table!.map(({ order_id }) => order_id!)
      for (const [table, text] of Object.entries(randomOptionalTables(random, orders)))
        if (random.chance(0.9)) writeFileSync(join(raw, `${table}.csv`), text)
      const settings = OPTIONAL_SETTINGS[seed % OPTIONAL_SETTINGS.length]!
      const tables = [spendRows, refundRows]
      await expectIncrementalIsFull(folder, raw, seed, random, { settings, tables })
    })
  })
})

interface Told {
  readonly settings?: Readonly<Record<string, unknown>>
  /** Further settings, by which slices are read that are written as exports. */
  readonly mapping?: Readonly<Record<string, unknown>>
  /** Tables of the shop's own. */
  readonly tables?: readonly object[]
}

async function expectIncrementalIsFull(
  folder: string,
  raw: string,
  seed: number,
  random: Random,
  { settings = SETTINGS[seed % SETTINGS.length]!, mapping, tables = [] }: Told = {},
): Promise<void> {
  const extensions = extensionsOf({ tables }, settings)
  const rules = rulesSchema.parse({ maxRejectRate: 1, ...settings })
  const key = rules.privacy.hashIds.length > 0 ? hashKey : undefined
  const cut = await cutByDay(raw, rules, key, contractOf(rules, extensions).rawTables)
  const days = [...new Set([...cut.values()].flatMap(({ records }) => records.map(({ day }) => day)))].filter(
    (day) => day !== undefined,
  )
  const steps = random.shuffled(slicesOf(random, days, cut))
  // Of a date that came in two parts the second is added to the first.
  const seen = new Set<number>()
  const whole = join(folder, 'whole')
  writeSlice(whole, cut, () => true)
  const full = join(folder, 'full')
  await processed({ rules, extensions, key, input: whole, output: full, folder })

  const sliceRules = mapping === undefined ? rules : rulesSchema.parse({ maxRejectRate: 1, ...mapping })
  const output = join(folder, 'out')
  for (const [place, step] of steps.entries()) {
    const input = join(folder, `slice-${place}`)
    writeSlice(input, cut, step.isIn)
    if (mapping !== undefined) writeAsExports(input, random)
    const mergeDays = step.isPart && step.days.some((day) => seen.has(day))
    for (const day of step.days) seen.add(day)
    const settingsFile = join(folder, 'settings.json')
    writeFileSync(settingsFile, JSON.stringify({ maxRejectRate: 1, ...settings, ...mapping }))
    // The program knows of no own tables here.
    if (seed % KILLED_EVERY === 0 && key === undefined && tables.length === 0)
      await killedAtAnyMoment(random, folder, input, output, settingsFile, mergeDays)
    const slice = { rules: sliceRules, extensions, key, input, output, folder }
    await processed({ ...slice, mode: 'incremental', mergeDays })
  }
  for (const name of readdirSync(full).filter((one) => one.endsWith('.csv')))
    expect(readFileSync(join(output, name), 'utf8'), name).toBe(readFileSync(join(full, name), 'utf8'))
  expect(rowsByDate(output)).toEqual(rowsByDate(full))
}

/** Writes the raw tables of a folder as exports, in its place. */
function writeAsExports(folder: string, random: Random): void {
  for (const name of readdirSync(folder)) {
    const records: string[][] = parse(readFileSync(join(folder, name)))
    writeFileSync(join(folder, name), written(asExport(records, random), PLAIN).bytes)
  }
}

/** What a manifest counts; tables without rows may be left out. */
function rowsByDate(output: string): object {
  const { rows_by_date } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as {
    rows_by_date: Record<string, Record<string, number>>
  }
  return Object.fromEntries(Object.entries(rows_by_date).filter(([, dates]) => Object.keys(dates).length > 0))
}

interface Step {
  readonly days: readonly number[]
  /** Whether it holds only a part of the rows of its days. */
  readonly isPart: boolean
  readonly isIn: (record: CutRecord, table: string) => boolean
}

/** Slices of one or more days; some come again, some days come in two parts. Users come with every slice. */
function slicesOf(random: Random, days: readonly number[], tables: ReadonlyMap<string, CutTable>): Step[] {
  const dated = [...days].filter((day) => day !== 0)
  const count = random.whole(1, Math.min(5, dated.length))
  const sliceOfDay = new Map(dated.map((day, i) => [day, i < count ? i : random.whole(0, count - 1)]))
  const isUndated = (table: string) =>
    tables.get(table)!.records.every(({ day }) => day === 0 || day === undefined)
  const steps: Step[] = []
  for (let slice = 0; slice < count; slice++) {
    const own = dated.filter((day) => sliceOfDay.get(day) === slice)
    const isOfDay = ({ day }: CutRecord, table: string) =>
      day === undefined || (isUndated(table) ? true : own.includes(day))
    if (random.chance(0.25)) {
      const half = random.whole(2, 5)
      const isFirst = (group: number) => group % half !== 0
      for (const first of [true, false])
        steps.push({
          days: own,
          isPart: true,
          isIn: (record, table) =>
            isOfDay(record, table) && (isUndated(table) || isFirst(record.group) === first),
        })
    } else {
      steps.push({ days: own, isPart: false, isIn: isOfDay })
      if (random.chance(0.25)) steps.push({ days: own, isPart: false, isIn: isOfDay })
    }
  }
  return steps
}

interface Run {
  readonly rules: Rules
  readonly extensions: Extensions
  readonly key: Uint8Array | undefined
  readonly input: string
  readonly output: string
  readonly folder: string
  readonly mode?: 'incremental'
  readonly mergeDays?: boolean
}

async function processed({
  rules,
  extensions,
  key,
  input,
  output,
  folder,
  mode,
  mergeDays = false,
}: Run): Promise<void> {
  const options: GivenOptions = {
    mode: mode ?? 'plain',
    mergeDays,
    // Few files, so that they are joined over and over.
    mostHistoryFiles: 2,
    inputFolder: input,
    outputFolder: output,
    logFolder: join(folder, 'logs'),
    rules,
    extensions,
    ...(key === undefined ? {} : { hashKey: key }),
  }
  const { error, record } = await runOnce(options)
  if (error !== undefined) throw error
  expect(record.control_totals.filter(({ holds }) => !holds)).toEqual([])
}

/** Starts the program on a slice and kills it; whatever it had done, the next run must make it good. */
function killedAtAnyMoment(
  random: Random,
  folder: string,
  input: string,
  output: string,
  settings: string,
  mergeDays: boolean,
): Promise<void> {
  const args = [
    'process',
    '--incremental',
    '-c',
    settings,
    '-i',
    input,
    '-o',
    output,
    '-l',
    join(folder, 'logs'),
  ]
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args, ...(mergeDays ? ['--merge-days'] : [])], () =>
      resolve(),
    )
    setTimeout(() => child.kill('SIGKILL'), random.whole(50, 450))
  })
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-incremental-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
