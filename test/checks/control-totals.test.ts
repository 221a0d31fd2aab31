import { describe, expect, test } from 'vitest'
import { aggregateTables } from '../../src/aggregators/index.ts'
import { controlNeeds, controlRules } from '../../src/checks/control-rules.ts'
import { acceptedTotals, ControlTotals } from '../../src/checks/control-totals.ts'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import type { AggregateTable } from '../../src/tables/aggregate-table.ts'
import { aggregated, collectionsOf, type Rows } from '../support/collections.ts'

/** A shop in which every control total is above 0 and no two columns of a total are equal by chance. */
const SHOP: Rows = {
  user_table: [{ user_id: 'u1', has_purchase_last_year: 1 }, { user_id: 'u9' }],
  session_table: [
    { user_id: 'u1', session_id: 's1', time: '2025-01-01' },
    { user_id: 'u1', session_id: 's2', time: '2025-01-02' },
    { user_id: 'u2', session_id: 's3', time: '2025-01-02' },
  ],
  order_table: [
    { user_id: 'u1', session_id: 's1', order_id: 'o1', time: '2025-01-01', total_price: 10, discount: 1 },
    {
      user_id: 'u1',
      session_id: 's1',
      order_id: 'o2',
      time: '2025-01-02',
      total_price: -2.5,
      discount: null,
    },
    { user_id: 'u3', session_id: 'ghost', order_id: 'o3', time: '2025-01-02', total_price: 7, discount: 0.5 },
  ],
  order_line_item_table: [
    {
      event_id: 'l1',
      order_id: 'o1',
      time: '2025-01-01',
      product_name: 'p',
      product_price: 2,
      product_qty: 4,
    },
    {
      event_id: 'l2',
      order_id: 'o3',
      time: '2025-01-03',
      product_name: 'q',
      product_price: 1.5,
      product_qty: 3,
    },
  ],
  add_to_cart_table: [{ event_id: 'a1', session_id: 's1', time: '2025-01-01', product_name: 'p' }],
  pageview_table: [
    { event_id: 'v1', user_id: 'u1', session_id: 's1', time: '2025-01-01', path: '/' },
    { event_id: 'v2', user_id: 'u1', session_id: 's1', time: '2025-01-01', path: '/a' },
    { event_id: 'v3', user_id: 'u1', session_id: 'ghost', time: '2025-01-02', path: '/' },
  ],
  click_table: [{ event_id: 'k1', time: '2025-01-01', path: '/' }],
}

function tablesOf(rows: Rows): AggregateTable[] {
  return aggregateTables.map((definition) => aggregated(definition, rows, { asOf: '2025-01-03' }).table)
}

function resultsOf(tables: readonly AggregateTable[], accepted: Rows = SHOP) {
  const totals = new ControlTotals(acceptedTotals(collectionsOf(controlNeeds, accepted), defaultRules))
  for (const table of tables) totals.take(table)
  return totals.results()
}

const broken = (tables: readonly AggregateTable[], accepted?: Rows) =>
  resultsOf(tables, accepted)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name)

/** A table whose column is one more in one of its rows. */
function disturbed(table: AggregateTable, column: string): AggregateTable {
  const vector = table.columns[column]!
  const { rowCount } = table
  if (vector instanceof ExactVector) {
    const other = new ExactVector(rowCount)
    for (let row = 0; row < rowCount; row++) other.set(row, vector.get(row))
    other.add(rowCount - 1, 1)
    return { ...table, columns: { ...table.columns, [column]: other } }
  }
  if ('codes' in vector) throw new Error(`${column} cannot be added up`)
  const other = Float64Array.from(vector)
  other[rowCount - 1]!++
  return { ...table, columns: { ...table.columns, [column]: other } }
}

test('all hold, and say what the SPEC says', () => {
  const results = resultsOf(tablesOf(SHOP))
  expect(results.filter(({ holds }) => !holds)).toEqual([])
  const values = Object.fromEntries(results.map(({ name, sides }) => [name, sides[0]!.value]))
  expect(values).toMatchObject({
    revenue: 145_000,
    // o2 is a refund.
    orders: 2,
    sessions: 3,
    gross_sales: 125_000,
    units_sold: 70_000,
    cart_adds: 1,
    pageviews: 3,
    clicks: 1,
    sessions_with_pageview: 2,
    discount: 15_000,
    customers: 2,
  })
})

test('every table is looked at by some total, and has its key and order checked', () => {
  const names = resultsOf(tablesOf(SHOP)).map(({ name }) => name)
  for (const { name } of aggregateTables) {
    expect(names).toEqual(expect.arrayContaining([`${name}_key`, `${name}_order`]))
    expect(controlRules.some(({ sides }) => sides.some(({ table }) => table === name))).toBe(true)
  }
})

const sides = controlRules.flatMap(({ name, sides: list }) =>
  list.flatMap(({ table, column }) => (column === undefined ? [] : [[name, table, column] as const])),
)

test.each(sides)('%s is broken by the smallest change of %s.%s', (name, table, column) => {
  const tables = tablesOf(SHOP).map((one) => (one.definition.name === table ? disturbed(one, column) : one))
  expect(broken(tables)).toEqual([name])
})

describe('what else breaks them', () => {
  test.each(aggregateTables.map(({ name }) => name))('%s that never came', (name) => {
    const without = broken(tablesOf(SHOP).filter(({ definition }) => definition.name !== name))
    const about = controlRules.filter((rule) => rule.sides.some(({ table }) => table === name))
    expect(without).toEqual(about.map((rule) => rule.name))
  })

  test('an accepted order that no table knows', () => {
    const extra = {
      user_id: 'u8',
      session_id: 's1',
      order_id: 'o8',
      time: '2025-01-01',
      total_price: 0,
      discount: 0,
    }
    const accepted = { ...SHOP, order_table: [...SHOP.order_table!, extra] }
    expect(broken(tablesOf(SHOP), accepted)).toEqual(['orders', 'customers'])
  })

  test('an accepted session that no table knows', () => {
    const extra = { user_id: 'u8', session_id: 's8', time: '2025-01-01' }
    const accepted = { ...SHOP, session_table: [...SHOP.session_table!, extra] }
    expect(broken(tablesOf(SHOP), accepted)).toEqual(['sessions'])
  })

  test('a table in another order, or with a key twice', () => {
    const tables = tablesOf(SHOP).map((table) =>
      table.definition.name === 'session_funnel'
        ? { ...table, order: Int32Array.from(table.order).reverse() }
        : table,
    )
    expect(broken(tables)).toEqual(['session_funnel_order'])
    const twice = tablesOf(SHOP).map((table) => {
      const { session_id } = table.columns
      if (table.definition.name !== 'session_funnel' || session_id === undefined || !('codes' in session_id))
        return table
      const codes = session_id.codes.map(() => session_id.codes[0]!)
      return { ...table, columns: { ...table.columns, session_id: { ...session_id, codes } } }
    })
    expect(broken(twice)).toEqual(['session_funnel_key', 'session_funnel_order'])
  })

  test('one ten-thousandth in sums far beyond 2^53', () => {
    const order_table = Array.from({ length: 30 }, (_, i) => ({
      user_id: `u${i % 3}`,
      session_id: `s${i % 5}`,
      order_id: `o${i}`,
      time: '2025-01-01',
      total_price: 1_000_000_000,
      discount: 0,
    }))
    const much = {
      order_table: Array.from({ length: 40 }, () => order_table)
        .flat()
        .map((row, i) => ({ ...row, order_id: `o${i}` })),
    }
    const results = resultsOf(tablesOf(much), much)
    expect(results.filter(({ holds }) => !holds)).toEqual([])
    expect(results[0]!.sides[0]!.value).toBe(1200n * 10n ** 13n)
    const tables = tablesOf(much).map((one) =>
      one.definition.name === 'coupon_performance' ? disturbed(one, 'total_revenue') : one,
    )
    expect(broken(tables, much)).toEqual(['revenue'])
  })
})

test('an empty shop holds', () => {
  expect(broken(tablesOf({}), {})).toEqual([])
})
