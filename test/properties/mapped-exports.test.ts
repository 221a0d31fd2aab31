import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { type MemoryRun, type MemoryRunOptions, runInMemory } from '../support/memory-run.ts'
import { NULL_TEXT } from '../support/messy-shop.ts'
import { type NaiveRow, naiveRows } from '../support/naive-rows.ts'
import { Random, seedOf } from '../support/random.ts'
import { type RandomExport, randomExports, STATUS } from '../support/random-export.ts'
import { Workspace } from '../support/workspace.ts'
import { dialectSettings, PLAIN, written, zippedIf } from '../support/written-table.ts'

const { seed: firstSeed } = seedOf(1)
const SHOPS = process.env.SEED === undefined ? cases(8, 150) : 1
const seeds = Array.from({ length: SHOPS }, (_, i) => firstSeed + i)

const nullValues = [NULL_TEXT]
const hashKey = Buffer.alloc(32, 7)
const seen = { rows: 0, rejected: 0, where: 0, one_row_per: 0, after_end: 0, unknown_currency: 0, carried: 0 }

afterAll(() => {
  console.info(`mapped rows: ${JSON.stringify(seen)}`)
})

/** A table as the tool and as the naive mapping have it. */
interface Pair {
  readonly source: RandomExport
  readonly naive: ReturnType<typeof naiveRows>
  /** The files of the export, in their order. */
  readonly files: readonly {
    readonly name: string
    readonly bytes: Buffer
    readonly lines: readonly number[]
  }[]
  readonly plain: ReturnType<typeof written>
}

interface Shop {
  readonly pairs: readonly Pair[]
  /** The files of the exports, by name. */
  readonly exported: Readonly<Record<string, Buffer>>
  readonly mapping: Readonly<Record<string, unknown>>
  readonly plain: Readonly<Record<string, Buffer>>
  readonly rules: Readonly<Record<string, unknown>>
  readonly common: Common
  /** Beside rules, for both runs. */
  readonly options: MemoryRunOptions
}

function shopOf(seed: number): Shop {
  const random = new Random(seed * 31 + 7)
  const pairs = randomExports(random, seed).map((source) => pairOf(source, random))
  const common = commonSettings(random)
  const files = pairs.flatMap((pair) => pair.files)
  return {
    pairs,
    exported: Object.fromEntries(files.map(({ name, bytes }) => [name, zippedIf(name, bytes)])),
    mapping: rulesOf(common, (pair) => sourceSettings(pair.source), pairs),
    plain: Object.fromEntries(pairs.map(({ source, plain }) => [`${source.table}.csv`, plain.bytes])),
    rules: rulesOf(common, () => ({}), pairs),
    common,
    options: { hashKey, ...(common.since !== undefined && { since: common.since }) },
  }
}

/** Over the mapped exports come the same tables, accounting and rejects as over what the naive mapping makes of them. */
test.each(seeds)(
  'the exports of a messy shop, seed %i (the environment variable SEED runs one alone)',
  async (seed) => {
    const shop = shopOf(seed)
    const mapped = await runInMemory(shop.exported, { ...shop.options, rules: shop.mapping })
    const plain = await runInMemory(shop.plain, { ...shop.options, rules: shop.rules })
    expect(mapped.csvs).toEqual(plain.csvs)
    expect(mapped.verdict.controlTotals).toEqual(plain.verdict.controlTotals)
    for (const pair of shop.pairs) {
      expectSameAccounting(pair, mapped, plain)
      expectSameRejects(pair, mapped, plain, shop.common.hashIds.length > 0)
    }
  },
)

test.each(seeds.slice(0, cases(1, 8)))('by two threads, in pieces, seed %i', async (seed) => {
  const shop = shopOf(seed)
  const rules = { ...shop.mapping, privacy: { hashIds: [] } }
  const { csvs, rejects } = await runInMemory(shop.exported, { ...shop.options, rules })
  const workspace = new Workspace()
  try {
    for (const [name, bytes] of Object.entries(shop.exported)) workspace.write(name, bytes)
    const config = join(workspace.folder, 'settings.json')
    writeFileSync(config, JSON.stringify({ maxRejectRate: 1, ...rules }))
    const since = shop.common.since === undefined ? [] : ['--since', shop.common.since]
    const { exit, stderr, ...found } = await workspace.process([
      '--threads',
      '2',
      '--config',
      config,
      ...since,
    ])
    expect(exit, stderr).toBe(0)
    for (const [table, csv] of Object.entries(csvs))
      expect(readFileSync(join(workspace.output, `${table}.csv`), 'utf8'), table).toBe(csv)
    expect(found.rejects.map(({ file, line, reason }) => [file, Number(line), reason])).toEqual(
      rejects.map(({ file, line, reason }) => [file, line, reason]),
    )
  } finally {
    workspace.dispose()
  }
})

test.runIf(seeds.length > 7)('everything that can happen has happened', () => {
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0)
})

function pairOf(source: RandomExport, random: Random): Pair {
  const { table, dialect, kinds, settings } = source
  const naive = naiveRows(source.files, settings, kinds, nullValues)
  const files = source.files.map(({ header, records }, i) => ({
    name: `${table}-${i}.csv${random.chance(0.2) ? '.gz' : ''}`,
    ...written([header, ...records], dialect),
  }))
  const targets = [...Object.keys(kinds), STATUS]
  const records = naive.rows.map((row) => plainRecord(row, targets))
  return { source, naive, files, plain: written([targets, ...records], PLAIN) }
}

function plainRecord({ cells, source, extra }: NaiveRow, targets: readonly string[]): string[] {
  if (cells !== undefined)
    return targets.map((target) =>
      target === STATUS ? (source?.[STATUS] ?? '') : (cells[target]?.text ?? ''),
    )
  return Array.from({ length: targets.length + Math.sign(extra) }, () => 'x')
}

function sourceSettings({ table, dialect, settings }: RandomExport) {
  return { files: `${table}-*.csv*`, ...dialectSettings(dialect), ...settings }
}

type Common = ReturnType<typeof commonSettings>

/** What is set for both runs. */
function commonSettings(random: Random) {
  const optional: Readonly<Record<string, readonly string[]>> = {
    session_table: ['user_id'],
    order_table: ['user_id', 'session_id'],
    add_to_cart_table: ['session_id'],
    pageview_table: ['user_id', 'session_id'],
  }
  const keep = random.pick(['first', 'last'])
  const table = random.pick(['order_table', 'session_table', 'click_table'])
  return {
    optional: random.chance(0.5) ? optional : {},
    keep,
    key: random.chance(0.3) ? ['event_id', 'product_name'] : undefined,
    hashIds: random.chance(0.2) ? ['user_id', 'session_id', 'order_id'] : [],
    since: random.chance(0.2) ? '2024-02-28' : undefined,
    filters: random.chance(0.4) ? { columns: [{ table, column: STATUS, equals: 'void' }] } : {},
  }
}

function rulesOf(
  { optional, keep, key, hashIds, filters }: Common,
  own: (pair: Pair) => object,
  pairs: readonly Pair[],
) {
  const rawTables = Object.fromEntries(
    pairs.map((pair) => {
      const { table } = pair.source
      const itsKey = table === 'add_to_cart_table' && key !== undefined ? { key } : {}
      return [table, { keep, optional: optional[table] ?? [], ...itsKey, ...own(pair) }]
    }),
  )
  return { nullValues, filters, rawTables, privacy: { hashIds } }
}

function expectSameAccounting(pair: Pair, mapped: MemoryRun, plain: MemoryRun): void {
  const { table } = pair.source
  const leftOut = Object.values(pair.naive.filtered).reduce((sum, count) => sum + count, 0)
  const { read, filtered, ...others } = plain.inputs[table]!
  expect(mapped.inputs[table], table).toEqual({
    ...others,
    read: read + leftOut,
    filtered: filtered + leftOut,
  })
  const { rejected, duplicate, outside_range, filtered: left, accepted } = mapped.inputs[table]!
  expect(rejected + duplicate + outside_range + left + accepted, table).toBe(read + leftOut)
  const reasons = (run: MemoryRun) =>
    Object.fromEntries(run.loaded.inputs.find((input) => input.table === table)!.accounting.filteredBy)
  expect(reasons(mapped), table).toEqual({ ...reasons(plain), ...pair.naive.filtered })
  seen.rows += accepted
  seen.rejected += rejected
  if (pair.source.settings.carryDown !== undefined) seen.carried++
  for (const reason of ['where', 'one_row_per', 'after_end'] as const)
    seen[reason] += pair.naive.filtered[reason] ?? 0
}

/** @param hides whether only shapes of cells are shown, since some ids are hashed */
function expectSameRejects(pair: Pair, mapped: MemoryRun, plain: MemoryRun, hides: boolean): void {
  const { table } = pair.source
  const found = mapped.rejects.filter((reject) => reject.table === table)
  const wanted = plain.rejects
    .filter((reject) => reject.table === table)
    .map((reject) => asInSource(pair, reject))
  // A null text that leaves a required cell empty is shown or not, as the lane has it.
  const shown = found.map(({ target: _, ...reject }) =>
    reject.reason === 'required_cell_empty' && reject.cell === NULL_TEXT ? { ...reject, cell: '' } : reject,
  )
  const told = <R extends { cell?: string | undefined }>(rejects: readonly R[]) =>
    hides ? rejects.map(({ cell: _, ...reject }) => reject) : rejects
  expect(told(shown), table).toEqual(told(wanted))
  seen.unknown_currency += found.filter(({ reason }) => reason === 'unknown_currency').length
}

/** A reject of the plain table as one of the export: its file and line there, its source column and cell. */
function asInSource({ naive, files, plain }: Pair, { target: _, ...reject }: MemoryRun['rejects'][number]) {
  const row = naive.rows[plain.lines.indexOf(reject.line) - 1]!
  const { name, lines } = files[row.file]!
  const place = { ...reject, file: name, line: lines[row.record + 1]! }
  if (reject.column === undefined) return place
  const { blame, reason = reject.reason } = row.cells![reject.column]!
  const cell = reason === 'required_cell_empty' && blame.cell === NULL_TEXT ? '' : blame.cell
  return { ...place, column: blame.column, cell, reason }
}
