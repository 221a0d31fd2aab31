import { describe, expect, test } from 'vitest'
import { Dictionary } from '../../src/collections/texts/dictionary.ts'
import { column, rawColumn } from '../../src/custom/columns.ts'
import { readExtensions } from '../../src/custom/declare.ts'
import { defineTable } from '../../src/custom/extensions.ts'
import { groupBy, rowCount, sum } from '../../src/custom/group-by.ts'
import { dateOf } from '../../src/custom/helpers.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { runInMemory } from '../support/memory-run.ts'
import { randomShop, SHOP_TABLES, shopCsv } from '../support/random-shop.ts'

const files = (tables: Readonly<Record<string, string>> = {}) => ({
  ...Object.fromEntries(SHOP_TABLES.map((name) => [`${name}.csv`, shopCsv(name, [])])),
  ...tables,
})

const SESSIONS = `session_id,user_id,time,device_type
s1,u1,2025-01-01 10:00,mobile
s2,u2,2025-01-02 11:00,
s3,u1,2025-01-02 12:00,desktop
`

/** The CSV of one own table, over a shop of three sessions. */
async function csvOf(own: object, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { extensions, problems } = readExtensions({ tables: [own] }, defaultRules)
  expect(problems).toEqual([])
  const run = await runInMemory(files({ 'session_table.csv': SESSIONS, ...more }), { extensions })
  expect(run.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
  return run.csvs[(own as { name: string }).name]!
}

const base = {
  name: 'own',
  grain: 'one row per session',
  key: ['session_id'],
  order: [{ column: 'session_id' }],
  needs: { session_table: ['session_id', 'user_id', 'time', 'device_type'] },
} as const

test('rows of every kind of column are written like those of the seven', async () => {
  const own = defineTable({
    ...base,
    order: [{ column: 'place', descending: true }, { column: 'session_id' }],
    columns: {
      session_id: column.id('s'),
      text: column.text('t'),
      date: column.date('d'),
      month: column.month('m'),
      place: column.count('c'),
      flag: column.flag('f'),
      money: column.money('m'),
      ratio: column.ratio('%', 'r'),
    },
    aggregate: ({ session_table }) =>
      [...session_table.rows()].map((session, i) => ({
        session_id: session.session_id,
        text: i === 0 ? '=1+1' : session.device_type,
        date: dateOf(session.time),
        month: '2025-01',
        place: i === 2 ? null : i,
        flag: i === 0 ? true : i === 1 ? 0 : null,
        money: i === 0 ? -50 : i === 1 ? 10n ** 20n : 123_400,
        ratio: i === 0 ? -1 : null,
      })),
  })
  // Descending: 1, 0, and what is empty last; -0.0050 is half a hundredth; 10^20 ten-thousandths are 10^16.
  expect(await csvOf(own)).toBe(`session_id,text,date,month,place,flag,money,ratio
s2,,2025-01-02,2025-01,1,0,10000000000000000.00,
s1,'=1+1,2025-01-01,2025-01,0,1,-0.01,-0.01
s3,desktop,2025-01-02,2025-01,,,12.34,
`)
})

test('extra columns named like what every object knows are read like others', async () => {
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty']
  const own = {
    ...base,
    extraColumns: {
      session_table: Object.fromEntries(names.map((name) => [name, rawColumn.optional('text', 'x')])),
    },
    needs: { session_table: ['session_id', ...names] },
    columns: { session_id: column.id('s'), cells: column.text('c') },
    // biome-ignore lint/suspicious/noExplicitAny: as a settings file in JavaScript would write it
    aggregate: ({ session_table }: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: as above
      [...session_table.rows()].map((row: any) => ({
        session_id: row.session_id,
        cells: names.map((name) => row[name]).join(' '),
      })),
  }
  const sessions = `session_id,user_id,time,${names.join()}\ns1,u1,2025-01-01 10:00,a,b,c,d\n`
  expect(await csvOf(own, { 'session_table.csv': sessions })).toBe('session_id,cells\ns1,a b c d\n')
})

test('a column named like what every object knows must be given like others', async () => {
  const own = {
    ...base,
    columns: { session_id: column.id('s'), constructor: column.text('c') },
    aggregate: () => ({
      rowCount: 0,
      columns: { session_id: { codes: new Int32Array(0), dictionary: new Dictionary() } },
    }),
  }
  await expect(csvOf(own)).rejects.toThrow('table own gave no column constructor')
})

test('rows may be found by key; a key that is not there or null finds none', async () => {
  const own = {
    ...base,
    columns: { session_id: column.id('s'), device: column.text('d') },
    // biome-ignore lint/suspicious/noExplicitAny: as a settings file in JavaScript would write it
    aggregate: ({ session_table }: any) =>
      ['s3', 's1', 'nowhere', null].map((id) => ({
        session_id: id,
        device: session_table.find(id)?.device_type ?? 'none',
      })),
  }
  expect(await csvOf(own)).toBe('session_id,device\n,none\nnowhere,none\ns1,mobile\ns3,desktop\n')
})

test('an own table may give columns, as the seven do', async () => {
  const own = defineTable({
    ...base,
    columns: { session_id: column.id('s') },
    aggregate: ({ session_table }) => ({
      rowCount: session_table.rowCount,
      columns: { session_id: session_table.columns.session_id },
    }),
  })
  expect(await csvOf(own)).toBe('session_id\ns1\ns2\ns3\n')
})

test('extra columns are read, checked and rejected like declared ones', async () => {
  const own = defineTable({
    name: 'costs',
    grain: 'one row per day',
    key: ['date'],
    order: [{ column: 'date' }],
    extraColumns: { order_line_item_table: { product_cost: rawColumn.optional('money', 'cost') } },
    needs: { order_line_item_table: ['time', 'product_cost', 'product_qty'] },
    columns: { date: column.date('d'), lines: column.count('l'), cost: column.money('c') },
    aggregate: ({ order_line_item_table: lines }) =>
      groupBy(lines.rows(), (line) => ({ date: dateOf(line.time) }), {
        lines: rowCount(),
        cost: sum((line) => (line.product_cost ?? 0) * line.product_qty),
      }),
  })
  const lines = `event_id,order_id,time,product_name,product_price,product_qty,product_cost
l1,o1,2025-01-01,Mug,10,2,4.25
l2,o1,2025-01-01,Hat,10,1,
l3,o1,2025-01-01,Pan,10,1,cheap
`
  const { extensions } = readExtensions({ tables: [own] }, defaultRules)
  const run = await runInMemory(files({ 'order_line_item_table.csv': lines }), { extensions })
  expect(run.csvs.costs).toBe('date,lines,cost\n2025-01-01,2,8.50\n')
  expect(run.rejects).toEqual([
    {
      table: 'order_line_item_table',
      file: 'order_line_item_table.csv',
      line: 4,
      column: 'product_cost',
      reason: 'invalid_money',
      cell: 'cheap',
    },
  ])
})

describe('own code that goes wrong is named', () => {
  const one = { session_id: column.id('s'), money: column.money('m') }
  const giving = (row: object) => ({ ...base, columns: one, aggregate: () => [row] })

  test.each([
    [
      'a fraction of a ten-thousandth',
      giving({ session_id: 's', money: 0.5 }),
      'own_value_invalid',
      'table own gave 0.5 for money in its row 1',
    ],
    [
      'not a number',
      giving({ session_id: 's', money: Number.NaN }),
      'own_value_invalid',
      'gave NaN for money',
    ],
    [
      'a text for money',
      giving({ session_id: 's', money: '12' }),
      'own_value_invalid',
      'gave a text that does not fit for money',
    ],
    [
      'a misspelt column',
      giving({ session_id: 's', mony: 1 }),
      'own_value_invalid',
      'gave nothing (undefined) for money',
    ],
    ['a number for an id', giving({ session_id: 7, money: 1 }), 'own_value_invalid', 'gave 7 for session_id'],
    [
      'a promise',
      { ...base, columns: one, aggregate: async () => [] },
      'own_value_invalid',
      'table own gave a promise instead of rows',
    ],
    [
      'nothing',
      { ...base, columns: one, aggregate: () => undefined },
      'own_value_invalid',
      'a value of type undefined instead of rows',
    ],
    [
      'columns that are missing',
      { ...base, columns: one, aggregate: () => ({ rowCount: 0, columns: {} }) },
      'own_value_invalid',
      'table own gave no column session_id, money',
    ],
    [
      'a key twice',
      {
        ...base,
        columns: one,
        aggregate: () => [
          { session_id: 's', money: 1 },
          { session_id: 's', money: 2 },
        ],
      },
      'own_key_repeated',
      'table own gave 2 rows with only 1 different keys (session_id)',
    ],
    [
      'find without the key',
      {
        ...base,
        needs: { session_table: ['time'] },
        columns: one,
        aggregate: (t: { session_table: { find(key: string): unknown } }) => [t.session_table.find('s')],
      },
      'own_code_failed',
      'session_table.find needs the key session_id',
    ],
    [
      'an error of its own',
      {
        ...base,
        columns: one,
        aggregate: () => {
          throw new TypeError('x is not a function')
        },
      },
      'own_code_failed',
      'table own of the settings failed: TypeError: x is not a function',
    ],
    [
      'an error while rows are taken',
      {
        ...base,
        columns: one,
        *aggregate() {
          yield { session_id: 's', money: 1 }
          throw new Error('late')
        },
      },
      'own_code_failed',
      'Error: late',
    ],
  ])('%s', async (_, own, code, message) => {
    const failure = await csvOf(own).catch((error: unknown) => error)
    expect(failure).toMatchObject({ failure: 'config', code })
    expect((failure as Error).message).toContain(message)
  })

  test('a date that is none', async () => {
    const own = {
      ...base,
      key: ['date'],
      order: [{ column: 'date' }],
      columns: { date: column.date('d') },
      aggregate: () => [{ date: '2025-02-30' }],
    }
    await expect(csvOf(own)).rejects.toMatchObject({
      code: 'own_value_invalid',
      details: { allowed: 'YYYY-MM-DD or null' },
    })
  })

  test('an empty count in a key', async () => {
    const own = {
      ...base,
      key: ['n'],
      order: [{ column: 'n' }],
      columns: { n: column.count('n') },
      aggregate: () => [{ n: null }],
    }
    await expect(csvOf(own)).rejects.toMatchObject({ code: 'own_value_invalid' })
  })
})

test.each([1, 2, 3, 4, 5])(
  'revenue by device of a random shop adds up to its revenue (seed %d)',
  async (seed) => {
    const own = defineTable({
      name: 'by_device',
      grain: 'one row per device',
      key: ['device'],
      order: [{ column: 'device' }],
      needs: { session_table: ['session_id', 'device_type'], order_table: ['session_id', 'total_price'] },
      columns: { device: column.text('d'), orders: column.count('o'), revenue: column.money('r') },
      aggregate: ({ session_table, order_table }) =>
        groupBy(
          order_table.rows(),
          (order) => ({ device: session_table.find(order.session_id)?.device_type ?? null }),
          { orders: rowCount(), revenue: sum((order) => order.total_price) },
        ),
    })
    const shop = randomShop(seed, { everyoneKnown: true })
    const raw = Object.fromEntries(
      Object.entries(shop).map(([name, rows]) => [`${name}.csv`, shopCsv(name, rows)]),
    )
    const { extensions } = readExtensions({ tables: [own] }, defaultRules)
    const run = await runInMemory(raw, { extensions })
    const device = new Map(shop.session_table!.map((row) => [row.session_id, row.device_type]))
    const expected = new Map<string, number>()
    for (const order of shop.order_table!) {
      const key = device.get(order.session_id) ?? ''
      expected.set(key, (expected.get(key) ?? 0) + 1)
    }
    const written = run.csvs
      .by_device!.trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    expect(new Map(written.map(([key, orders]) => [key!, Number(orders)]))).toEqual(expected)
  },
)
