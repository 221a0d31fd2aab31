import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Finished, fixtures, Workspace } from '../../../support/workspace.ts'

let workspace: Workspace
beforeEach(() => {
  workspace = new Workspace({ inProcess: true })
  workspace.copyFrom(join(fixtures, 'cases/one_day_one_order/raw_data'))
})
afterEach(() => workspace.dispose())

/** Processes an own order_table by settings of it alone. */
function processed(orders: string, order_table: object, others: object = {}) {
  workspace.write('order_table.csv', orders)
  const settings = { ...others, maxRejectRate: 1, rawTables: { order_table } }
  writeFileSync(join(workspace.folder, 'ecomagg.config.json'), JSON.stringify(settings))
  return workspace.process(['--config', join(workspace.folder, 'ecomagg.config.json')])
}

/** The revenue of each day that has any. */
function revenues(rows: Finished['rows']): (string | undefined)[] {
  const all = rows('daily_business_metrics.csv').map((day) => day.total_revenue)
  return all.filter((revenue) => revenue !== '0.00')
}

const COLUMNS = { order_id: 'Order', user_id: 'Buyer', session_id: 'Visit', time: 'When', total_price: 'Sum' }

test('a number form of the whole table asks for no column that may be missing', async () => {
  const orders = 'Order;Buyer;Visit;When;Sum\no1;u1;s1;2025-01-01 10:00:00;1.204,50\n'
  const form = { delimiter: ';', decimal: ',', thousands: '.' }
  const { exit, stderr, rows } = await processed(orders, { ...form, columns: COLUMNS })
  expect(exit, stderr).toBe(0)
  expect(revenues(rows)).toEqual(['1204.50'])
})

test.each([
  [
    'a named column',
    { columns: { ...COLUMNS, discount: 'Rebate' } },
    'discount comes from the column Rebate',
  ],
  ['the currency', { columns: COLUMNS, currency: { column: 'Cur', rates: { EUR: '1' } } }, 'the column Cur'],
  ['a column of where', { columns: COLUMNS, where: [{ column: 'Suma', not: '' }] }, 'did you mean Sum?'],
])('%s that the header lacks is refused by its name', async (_, settings, says) => {
  const orders = 'Order,Buyer,Visit,When,Sum\no1,u1,s1,2025-01-01 10:00:00,5\n'
  const { exit, stderr, record } = await processed(orders, settings)
  expect([exit, record?.error?.code]).toEqual([65, 'header_missing_source'])
  expect(stderr).toContain(says)
})

test('a reject shows the cell of the file and its column there, the first bad one in declared order', async () => {
  const orders = [
    'Order,Buyer,Visit,When,Sum,Cur',
    'o1,u1,s1,2025-01-01 10:00:00,5 €,EUR',
    'o2,u1,s1,yesterday,free,EUR',
    'o3,u1,s1,2025-01-01 10:00:00,free,EUR',
    'o4,u1,s1,2025-01-01 10:00:00,7,USD',
    'o5,,s1,2025-01-01 10:00:00,free,EUR',
    'o6,u1,s1,2025-01-01 10:00:00',
    '',
  ].join('\n')
  const { exit, stderr, rows, rejects } = await processed(orders, {
    columns: { ...COLUMNS, total_price: { column: 'Sum', currencySigns: ['€'] } },
    currency: { column: 'Cur', rates: { EUR: '1' } },
  })
  expect(exit, stderr).toBe(0)
  expect(revenues(rows)).toEqual(['5.00'])
  expect(rejects.map(({ line, column, reason, cell }) => [line, column, reason, cell])).toEqual([
    ['3', 'When', 'invalid_timestamp', 'yesterday'],
    ['4', 'Sum', 'invalid_money', 'free'],
    ['5', 'Cur', 'unknown_currency', 'USD'],
    ['6', 'Buyer', 'required_cell_empty', ''],
    ['7', '', 'too_few_fields', ''],
  ])
})

test('filters ask columns of the file, whatever is mapped', async () => {
  const orders = [
    'Order,Buyer,Visit,When,Sum,State',
    'o1,u1,s1,2025-01-01 10:00:00,5,paid',
    'o2,u1,s1,2025-01-01 10:00:00,7,cancelled',
    '',
  ].join('\n')
  const filters = { columns: [{ table: 'order_table', column: 'State', equals: 'cancelled' }] }
  const { exit, stderr, rows } = await processed(orders, { columns: COLUMNS }, { filters })
  expect(exit, stderr).toBe(0)
  expect(revenues(rows)).toEqual(['5.00'])
})

test('cells that are carried take no more room than a record, however many they come from', async () => {
  const long = 'x'.repeat(600_000)
  const orders = [
    'Order,Buyer,Visit,When,Sum,A,B',
    `o1,u1,s1,2025-01-01 10:00:00,5,${long},`,
    `o1,u1,s1,2025-01-01 10:00:00,5,,${long}`,
    'o1,u1,s1,2025-01-01 10:00:00,5,,',
    'o2,u1,s1,2025-01-01 10:00:00,7,,',
    '',
  ].join('\n')
  const carryDown = { key: 'Order', columns: ['A', 'B'] }
  const { exit, stderr, rows, rejects } = await processed(orders, { columns: COLUMNS, carryDown })
  expect(exit, stderr).toBe(0)
  expect(revenues(rows)).toEqual(['12.00'])
  expect(rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([
    ['4', 'B', 'cell_too_long'],
  ])
})
