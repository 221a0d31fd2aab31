import { expect, test } from 'vitest'
import { column } from '../../src/custom/columns.ts'
import { readExtensions } from '../../src/custom/declare.ts'
import { defineMetric } from '../../src/custom/extensions.ts'
import { groupBy, sum } from '../../src/custom/group-by.ts'
import { dateOf, percentOf } from '../../src/custom/helpers.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { runInMemory } from '../support/memory-run.ts'
import { randomShop, shopCsv } from '../support/random-shop.ts'

const filesOf = (seed: number) =>
  Object.fromEntries(
    Object.entries(randomShop(seed, { everyoneKnown: true })).map(([name, rows]) => [
      `${name}.csv`,
      shopCsv(name, rows),
    ]),
  )

const shippingByDay = defineMetric({
  table: 'daily_business_metrics',
  name: 'shipping_again',
  column: column.money('sum of shipping_price'),
  needs: { order_table: ['time', 'shipping_price'] },
  compute({ order_table }) {
    const days = groupBy(order_table.rows(), (order) => ({ date: dateOf(order.time) }), {
      shipping: sum((order) => order.shipping_price),
    })
    const byDate = new Map(days.map(({ date, shipping }) => [date, shipping]))
    return (row) => byDate.get(row.date ?? '') ?? 0
  },
})
const fromOwnRow = defineMetric({
  table: 'daily_business_metrics',
  name: 'discount_share',
  column: column.ratio('%', 'total_discount ÷ gross_sales × 100'),
  needs: {},
  compute: () => (row) => percentOf(row.total_discount, row.gross_sales),
})

test.each([1, 2, 3, 4, 5, 6])(
  'a metric equals the built-in column that means the same, and changes no other byte (seed %d)',
  async (seed) => {
    const { extensions, problems } = readExtensions({ metrics: [shippingByDay, fromOwnRow] }, defaultRules)
    expect(problems).toEqual([])
    const plain = await runInMemory(filesOf(seed))
    const own = await runInMemory(filesOf(seed), { extensions })
    const { daily_business_metrics: before, ...others } = plain.csvs
    const { daily_business_metrics: after, ...same } = own.csvs
    expect(same).toEqual(others)
    const cells = (csv: string) =>
      csv
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','))
    const header = cells(before!)[0]!
    expect(cells(after!)[0]).toEqual([...header, 'shipping_again', 'discount_share'])
    const shipping = header.indexOf('total_shipping')
    for (const [i, row] of cells(after!).entries()) {
      expect(row.slice(0, header.length)).toEqual(cells(before!)[i])
      if (i > 0) expect(row[header.length]).toBe(row[shipping])
    }
  },
)

test('each column of every table can be read, in the units that are told', async () => {
  const rows: unknown[] = []
  const reader = (table: string) => ({
    table,
    name: 'copy',
    column: column.count('c'),
    needs: {},
    compute: () => (row: object) => {
      rows.push([
        table,
        Object.values({ ...row })
          .map((value) => typeof value)
          .join(' '),
      ])
      return 1
    },
  })
  const { extensions } = readExtensions(
    {
      metrics: [reader('coupon_performance'), reader('session_attribution'), reader('user_lifetime_metrics')],
    },
    defaultRules,
  )
  const run = await runInMemory(filesOf(1), { extensions })
  expect(rows.length).toBe(
    ['coupon_performance', 'session_attribution', 'user_lifetime_metrics'].reduce(
      (sum, name) => sum + run.tables.get(name)!.rowCount,
      0,
    ),
  )
  expect(JSON.stringify(rows)).not.toContain('undefined')
})

test.each([
  [
    'compute that gives no function',
    { compute: () => 5 },
    'own_code_failed',
    'compute must return a function',
  ],
  [
    'a value that does not fit',
    { compute: () => () => 1.5 },
    'own_value_invalid',
    'metric daily_business_metrics.shipping_again gave 1.5',
  ],
  [
    'a row function that throws',
    {
      compute: () => () => {
        throw new Error('no')
      },
    },
    'own_code_failed',
    'metric daily_business_metrics.shipping_again of the settings failed: Error: no',
  ],
])('%s is named', async (_, change, code, message) => {
  const { extensions } = readExtensions({ metrics: [{ ...shippingByDay, ...change }] }, defaultRules)
  const failure = await runInMemory(filesOf(1), { extensions }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ failure: 'config', code })
  expect((failure as Error).message).toContain(message)
})
