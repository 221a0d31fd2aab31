import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fastLane } from '../../../src/parsers/lanes/fast/fast-lane.ts'
import { slowLane } from '../../../src/parsers/lanes/slow/slow-lane.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { foundByLane } from '../../support/fast-lane.ts'
import { runInMemory } from '../../support/memory-run.ts'
import { orderShop } from '../../support/order-shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-unread-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Orders with these cells in further columns. */
const orders = (columns: string, cells: readonly string[]) =>
  [
    `user_id,session_id,order_id,time,total_price,${columns}`,
    ...cells.map((text, i) => `u,2025-01-01,o${i},2025-01-01,1,${text}`),
    '',
  ].join('\n')

async function found(columns: string, cells: readonly string[], code: string) {
  const shop = { ...orderShop([{ id: 'o' }]), 'order_table.csv': orders(columns, cells) }
  const { verdict } = await runInMemory(shop)
  return verdict.findings.find((one) => one.code === code)
}

describe('several currencies', () => {
  test('rows by currency, and the filter that leaves all but one', async () => {
    const finding = await found(
      'Currency',
      ['EUR', ' SEK', 'EUR ', '', 'EUR', 'USD', 'SEK'],
      'several_currencies',
    )
    expect(finding).toMatchObject({
      severity: 'warning',
      details: { 'order_table.Currency': 'EUR 3 rows, SEK 2 rows, USD 1 row, empty 1 row' },
    })
    expect(finding!.advice).toContain(
      "count EUR alone: filters: { columns: [{ table: order_table, column: 'Currency', in: ['SEK', 'USD'] }] }",
    )
  })

  test('of several tables: a filter for each, which together silence it', async () => {
    const lines = [
      'event_id,order_id,time,product_name,product_price,product_qty,currency',
      'l0,o0,2025-01-01,p,1,1,EUR',
      'l1,o1,2025-01-01,p,1,1,SEK',
      'l2,o2,2025-01-01,p,1,1,EUR',
      '',
    ].join('\n')
    const shop = {
      ...orderShop([{ id: 'o' }]),
      'order_table.csv': orders('currency', ['EUR', 'SEK', 'EUR']),
      'order_line_item_table.csv': lines,
    }
    const said = async (rules: Readonly<Record<string, unknown>>) =>
      (await runInMemory(shop, { rules })).verdict.findings.find(({ code }) => code === 'several_currencies')
    expect((await said({}))!.advice).toContain(
      "filters: { columns: [{ table: order_table, column: 'currency', in: ['SEK'] }, { table: order_line_item_table, column: 'currency', in: ['SEK'] }] }",
    )
    const filter = (table: string) => ({ table, column: 'currency', in: ['SEK'] })
    const columns = [filter('order_table'), filter('order_line_item_table')]
    expect(await said({ filters: { columns } })).toBeUndefined()
  })

  test('one currency, and none, is nothing to say', async () => {
    expect(await found('currency', ['EUR', 'EUR', ''], 'several_currencies')).toBeUndefined()
    expect(await found('currency_name', ['EUR', 'SEK'], 'several_currencies')).toBeUndefined()
  })
})

describe('unread columns that say whether a row counts', () => {
  test.each(['status', 'Financial Status', 'order_status', 'cancelled_at', 'canceled', 'test', 'Is Test'])(
    '%s',
    async (name) => {
      expect(await found(name, ['a', 'b', 'a'], 'status_column_unread')).toMatchObject({
        severity: 'information',
        details: { [`order_table.${name}`]: 'a 2 rows, b 1 row' },
      })
      expect(await found(name, ['a', 'a'], 'status_column_unread')).toBeUndefined()
    },
  )

  test('an empty cell is a value; dates are left out as a whole', async () => {
    const finding = await found('cancelled_at,test', ['2025-01-02,no', ',no', ',yes'], 'status_column_unread')
    expect(finding!.details).toEqual({
      'order_table.cancelled_at': '2025-01-02 1 row, empty 2 rows',
      'order_table.test': 'no 2 rows, yes 1 row',
    })
    expect(finding!.advice).toContain(
      "filters: { columns: [{ table: order_table, column: 'cancelled_at', matches: '.' }, { table: order_table, column: 'test', in: ['yes'] }] }",
    )
  })

  test('more values than are told apart', async () => {
    const values = (count: number) =>
      Array.from({ length: count }, (_, i) => `v${String(i).padStart(3, '0')}`)
    expect((await found('status', ['', ...values(100)], 'status_column_unread'))!.details).toEqual({
      'order_table.status':
        'v000 1 row, v001 1 row, v002 1 row, v003 1 row, v004 1 row, 95 other values 95 rows, empty 1 row',
    })
    expect((await found('status', ['', ...values(101)], 'status_column_unread'))!.details).toEqual({
      'order_table.status': 'many values 101 rows, empty 1 row',
    })
  })

  test('of tables that are made from one file, that of orders tells, unless it is filtered there', async () => {
    const files = 'order_table.csv'
    const shop = {
      ...orderShop([{ id: 'o' }]),
      'order_table.csv': orders('Name,Amount,status', ['tea,1,paid', 'cup,1,void', 'pot,1,paid']),
    }
    const rawTables = {
      user_table: { files },
      order_line_item_table: {
        files,
        columns: { event_id: 'Name', product_name: 'Name', product_price: 'Amount', product_qty: 'Amount' },
      },
    }
    const said = async (rules: Readonly<Record<string, unknown>>) =>
      (await runInMemory(shop, { rules: { rawTables, ...rules } })).verdict.findings.find(
        ({ code }) => code === 'status_column_unread',
      )
    expect((await said({}))!.details).toEqual({ 'order_table.status': 'paid 2 rows, void 1 row' })
    const columns = [{ table: 'order_table', column: 'status', in: ['void'] }]
    expect(await said({ filters: { columns } })).toBeUndefined()
  })

  test('other names do not matter, nor a column that is read', async () => {
    expect(await found('state,contest,latest', ['a,b,c', 'd,e,f'], 'status_column_unread')).toBeUndefined()
  })
})

test.each([
  ['fast', fastLane],
  ['slow', slowLane],
])('the %s lane counts quoted cells, and those of rejected rows that can be split', async (_name, lane) => {
  const file = orders('status', ['paid', '"paid"', '"a ""b"""', '"paid,"', 'void,', ''])
  const { unreadColumns } = await foundByLane(
    Buffer.from(file.replace('o1,2025-01-01', 'o1,someday')),
    rawTables.order_table,
    { timezone: 'UTC', timeFormats: [], nullValues: [] },
    folder,
    lane,
  )
  // The record with a field too many counts nowhere.
  expect(unreadColumns).toEqual([
    {
      column: 'status',
      kind: 'status',
      empty: 1,
      filled: 4,
      values: [
        ['paid', 2],
        ['a "b"', 1],
        ['paid,', 1],
      ],
    },
  ])
})
