import { describe, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { type MemoryRun, runInMemory } from '../support/memory-run.ts'
import {
  addUndeclared,
  type MessyShop,
  messyFiles,
  messyShop,
  NULL_TEXT,
  UNDECLARED,
} from '../support/messy-shop.ts'
import { type NaiveFilters, naiveFilters } from '../support/naive-filters.ts'
import { Random, seedOf } from '../support/random.ts'
import { SHOP_DAYS, SHOP_START, SHOP_TABLES } from '../support/random-shop.ts'

const SHOPS = cases(110, 160)
const { seed: firstSeed } = seedOf(1)
const seeds = Array.from({ length: process.env.SEED === undefined ? SHOPS : 1 }, (_, i) => firstSeed + i)

/** A setting beside what it means, in words of its own. */
interface Rule {
  readonly rule: unknown
  readonly fits: (text: string) => boolean
}

/** Which of the cells of a messy shop lie in each range, by hand. */
const IP_RULES: Readonly<Record<string, readonly string[]>> = {
  '10.0.0.0/8': ['10.0.0.1', '10.255.255.255'],
  '10.0.0.1': ['10.0.0.1'],
  '198.51.100.10-198.51.100.20': ['198.51.100.10', '198.51.100.20'],
  '203.0.113.0/29': ['203.0.113.5', '::ffff:203.0.113.5'],
  '2001:db8::/32': ['2001:db8::7'],
  '::1': ['::1'],
}

const PATH_RULES: readonly Rule[] = [
  { rule: '/product', fits: (path) => path.startsWith('/product') },
  { rule: { equals: '/' }, fits: (path) => path === '/' },
  { rule: { contains: 'c' }, fits: (path) => path.includes('c') },
  { rule: { glob: '/products/*' }, fits: (path) => path === '/products/2' },
  { rule: { glob: '/*' }, fits: (path) => ['/checkout', '/cart', '/about', '/é'].includes(path) },
  { rule: { regex: '^/[a-z]+$' }, fits: (path) => ['/checkout', '/cart', '/about'].includes(path) },
]

function idRules(random: Random, ids: readonly string[]): readonly Rule[] {
  const one = random.pick(ids)
  return [
    { rule: one, fits: (id) => id === one },
    { rule: { prefix: 'test ' }, fits: (id) => id.slice(0, 5) === 'test ' },
    { rule: { glob: 'test */*1' }, fits: (id) => id.startsWith('test') && id.endsWith('1') },
    { rule: { regex: '\\p{So}' }, fits: (id) => id.includes('\u{1F600}') },
    { rule: { contains: '/' }, fits: () => true },
    { rule: NULL_TEXT, fits: () => false },
    { rule: { regex: '^$' }, fits: () => false },
  ]
}

/** A filter of a column beside what it means; cells are texts as they are written, flags and amounts too. */
const COLUMN_RULES: readonly (Rule & { readonly table: string; readonly column: string })[] = [
  ...SHOP_TABLES.map((table) => ({
    table,
    column: UNDECLARED,
    rule: { in: ['void', 'test'] },
    fits: (cell: string) => cell === 'void' || cell === 'test',
  })),
  { table: 'user_table', column: UNDECLARED, rule: { prefix: 'te' }, fits: (cell) => cell.startsWith('te') },
  {
    table: 'user_table',
    column: 'has_purchase_last_year',
    rule: { equals: 'true' },
    fits: (cell) => cell === 'true',
  },
  { table: 'session_table', column: 'IP', rule: { matches: '^10[.]' }, fits: (cell) => /^10[.]/.test(cell) },
  { table: 'session_table', column: UNDECLARED, rule: { equals: NULL_TEXT }, fits: () => false },
  { table: 'order_table', column: UNDECLARED, rule: { matches: '.' }, fits: () => true },
  { table: 'order_table', column: 'user_id', rule: { prefix: 'test' }, fits: (cell) => /^test/.test(cell) },
  { table: 'scroll_table', column: 'scroll_percent', rule: { prefix: '5' }, fits: (cell) => cell[0] === '5' },
  {
    table: 'click_table',
    column: 'event_id',
    rule: { matches: '[13]$' },
    fits: (cell) => /[13]$/.test(cell),
  },
]

function someOf<T>(random: Random, all: readonly T[]): T[] {
  return random.chance(0.5) ? [] : all.filter(() => random.chance(0.2))
}

/** Filters of a shop, as settings and as naive questions. */
function randomFilters(random: Random, shop: MessyShop): { settings: object; naive: NaiveFilters } {
  const testUsers = someOf(random, shop.userIds)
  const users = someOf(random, idRules(random, shop.userIds))
  const sessions = someOf(random, idRules(random, shop.sessionIds))
  const ips = someOf(random, Object.keys(IP_RULES))
  const paths = someOf(random, PATH_RULES)
  const ordersBelow = random.pick([undefined, undefined, 0, 0.01, 5_000, 30_000.5])
  const columns = someOf(random, COLUMN_RULES)
  return {
    settings: {
      testUsers,
      users: users.map(({ rule }) => rule),
      sessions: sessions.map(({ rule }) => rule),
      ips,
      paths: paths.map(({ rule }) => rule),
      ...(ordersBelow === undefined ? {} : { ordersBelow }),
      columns: columns.map(({ table, column, rule }) => ({ table, column, ...(rule as object) })),
    },
    naive: {
      user: (id) => testUsers.includes(id) || users.some(({ fits }) => fits(id)),
      session: (id) => sessions.some(({ fits }) => fits(id)),
      ip: (cell) => ips.some((range) => IP_RULES[range]!.includes(cell)),
      path: (path) => paths.some(({ fits }) => fits(path)),
      ordersBelow,
      column: (table, cellOf) =>
        columns.some((one) => {
          const cell = one.table === table ? cellOf(one.column) : null
          return cell !== null && one.fits(cell)
        }),
    },
  }
}

function randomRange(random: Random): { since?: string; until?: string } {
  const day = () =>
    new Date(Date.parse(SHOP_START) + random.whole(0, SHOP_DAYS - 1) * 86_400_000).toISOString().slice(0, 10)
  const [a, b] = [day(), day()].sort()
  return { ...(random.chance(0.4) ? { since: a! } : {}), ...(random.chance(0.4) ? { until: b! } : {}) }
}

function filteredByOf({ loaded }: MemoryRun) {
  return Object.fromEntries(
    loaded.inputs.map(({ table, accounting }) => [table, Object.fromEntries(accounting.filteredBy)]),
  )
}

const seen = new Map<string, number>()

describe.each(seeds)('a messy shop of seed %i (the environment variable SEED runs one alone)', (seed) => {
  test('filters leave out what a plain reading of them leaves out, and nothing else', async () => {
    const random = new Random(seed)
    const shop = messyShop(seed)
    const { settings, naive } = randomFilters(random, shop)
    addUndeclared(shop, new Random(seed + 5))
    const range = randomRange(random)
    const nullValues = [NULL_TEXT]
    const wanted = naiveFilters(shop, naive, range)
    const run = await runInMemory(messyFiles(shop.rows, random.pick(SHOP_TABLES), [UNDECLARED]), {
      ...range,
      rules: { nullValues, filters: settings },
    })
    expect(run.inputs).toEqual(wanted.counts)
    expect(filteredByOf(run)).toEqual(wanted.filteredBy)
    expect(run.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])

    const unfiltered = await runInMemory(messyFiles(wanted.rest), { ...range, rules: { nullValues } })
    expect(run.csvs).toEqual(unfiltered.csvs)
    for (const { accounting } of unfiltered.loaded.inputs) expect(accounting.filtered).toBe(0)
    for (const by of Object.values(wanted.filteredBy))
      for (const [reason, count] of Object.entries(by)) seen.set(reason, (seen.get(reason) ?? 0) + count)
  })
})

test.runIf(process.env.SEED === undefined)('the shops hold rows for every reason', () => {
  expect([...seen.keys()].sort()).toEqual(
    [
      'column',
      'ip',
      'of_filtered_order',
      'of_filtered_session',
      'of_filtered_user',
      'order_amount',
      'path',
      'session',
      'user',
    ].sort(),
  )
  expect(Math.min(...seen.values())).toBeGreaterThan(50)
})
