import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixtures, Workspace } from '../support/workspace.ts'

let workspace: Workspace

beforeEach(() => {
  workspace = new Workspace({ inProcess: true })
  workspace.copyFrom(join(fixtures, 'cases/one_day_one_order/raw_data'))
  workspace.write('orders.csv', ORDERS)
})

afterEach(() => workspace.dispose())

const ORDERS = 'Name,Visit,Buyer,Made,Total\no1,s1,u1,2024-01-01 10:00,5\n'
const NAMES = { order_id: 'Name', session_id: 'Visit', user_id: 'Buyer', time: 'Made', total_price: 'Total' }

interface Refused {
  readonly exit: number
  /** Texts that the message or its hint must hold. */
  readonly says: readonly string[]
}

/** Processes with settings of order_table; the file is orders.csv unless they say otherwise. */
async function processed(settings: object | string) {
  const isText = typeof settings === 'string'
  const text = isText
    ? settings
    : JSON.stringify({ rawTables: { order_table: { files: 'orders.csv', columns: NAMES, ...settings } } })
  writeFileSync(join(workspace.folder, `ecomagg.config.${isText ? 'yaml' : 'json'}`), text)
  return await workspace.ecomagg(['process'])
}

async function expectRefused(settings: object | string, { exit, says }: Refused): Promise<void> {
  const ended = await processed(settings)
  expect(ended.exit, ended.stderr).toBe(exit)
  for (const text of says) expect(ended.stderr).toContain(text)
}

test('the settings that all cases differ from are fine', async () => {
  const { exit, stderr } = await processed({})
  expect(exit, stderr).toBe(0)
})

describe('what the settings alone show, exit 78', () => {
  test.each<[string, object, readonly string[]]>([
    ['a glob that leaves the folder', { files: '../*.csv' }, ["'../*.csv' leaves the input folder"]],
    [
      'one that leaves it further down',
      { files: ['orders.csv', 'a/../../b.csv'] },
      ['files[1]', 'leaves the input folder'],
    ],
    ['an absolute one', { files: '/etc/passwd' }, ["'/etc/passwd' is absolute"]],
    ['one of Windows', { files: 'C:/orders.csv' }, ["'C:/orders.csv' is absolute"]],
    [
      'a source twice',
      { columns: { ...NAMES, order_id: { first: ['Name', 'Name'] } } },
      ['order_id.first', 'twice'],
    ],
    [
      'two ways to take a text',
      { columns: { order_id: { column: 'Name', constant: 'o' } } },
      ['order_id', 'just one of'],
    ],
    [
      'a column that the table does not have',
      { columns: { ...NAMES, order_nr: 'Name' } },
      ['order_nr', 'order_id'],
    ],
    [
      'a key that a mapping does not have',
      { columns: { order_id: { column: 'Name', trimPrefx: '#' } } },
      ['trimPrefx', 'trimPrefix'],
    ],
    [
      'a template without its end',
      { columns: { order_id: { template: 'o{Name' } } },
      ['order_id.template', 'not closed'],
    ],
    [
      'the place of a row without carryDown',
      { columns: { order_id: { template: 'o{row}' } } },
      ['{row}', 'carryDown'],
    ],
    [
      'a back reference',
      { columns: { order_id: { column: 'Name', replace: [['(a)\\1', '']] } } },
      ['replace'],
    ],
    [
      'a number form of a text',
      { columns: { order_id: { column: 'Name', scale: '0.01' } } },
      ['scale', 'is for numbers', 'order_id'],
    ],
    ['one sign for two things', { decimal: ',', thousands: ',' }, ['thousands', '1,204']],
    ['a currency without its column', { currency: { rates: { EUR: '1' } } }, ['currency.column']],
    [
      'a currency without rates',
      { currency: { column: 'Currency', rates: {} } },
      ['currency.rates', 'must hold a rate'],
    ],
    ['a rate of 0', { currency: { column: 'Currency', rates: { EUR: '0' } } }, ['EUR', 'above 0']],
    ['a condition that asks nothing', { where: [{ column: 'Name' }] }, ['where[0]', 'just one of']],
    ['an encoding that nobody knows', { encoding: 'utf8' }, ['encoding', 'utf-8']],
  ])('%s', async (_what, settings, says) => {
    await expectRefused(settings, { exit: 78, says: ['ecomagg.config.json', 'order_table', ...says] })
  })

  test('a target that stands there twice', async () => {
    const text = 'rawTables:\n  order_table:\n    columns:\n      order_id: Name\n      order_id: Number\n'
    await expectRefused(text, { exit: 78, says: ['ecomagg.config.yaml', 'line 5'] })
  })
})

describe('what only the file shows, exit 65', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'a source that is missing',
      { columns: { ...NAMES, discount: 'Discont' } },
      ['discount comes from the column Discont'],
    ],
    [
      'a template with an unknown column',
      { columns: { ...NAMES, event_id: { template: '{Name}-{Lien}' } } },
      ['event_id comes from the column Lien'],
    ],
    [
      'otherwise with an unknown column',
      { columns: { ...NAMES, event_id: { column: 'Name', otherwise: '{Vist}' } } },
      ['event_id', 'Vist', 'did you mean Visit?'],
    ],
    [
      'where on an unknown column',
      { where: [{ column: 'total', not: '' }] },
      ['asks the column total', 'did you mean Total?'],
    ],
    ['oneRowPer an unknown column', { oneRowPer: 'Number' }, ['asks the column Number']],
    [
      'stopAt an unknown column',
      { stopAt: { column: 'Names', prefix: 'Total' } },
      ['asks the column Names', 'did you mean Name?'],
    ],
    [
      'carryDown of an unknown column',
      { carryDown: { key: 'Name', columns: ['Buyr'] } },
      ['asks the column Buyr', 'did you mean Buyer?'],
    ],
    [
      'a currency in an unknown column',
      { currency: { column: 'Currency', rates: { EUR: '1' } } },
      ['Currency'],
    ],
    [
      'an encoding that has a mark, without it',
      { encoding: 'utf-16' },
      ['declared as utf-16', 'order_table.encoding'],
    ],
    ['another delimiter', { delimiter: ';' }, ['separated by commas, not by semicolons', 'delimiter']],
  ])('%s', async (_what, settings, says) => {
    await expectRefused(settings, { exit: 65, says: ['orders.csv, line 1', ...says] })
  })

  test.each<[string, Buffer, object, readonly string[]]>([
    [
      'UTF-8 by its mark, declared otherwise',
      Buffer.from(`\uFEFF${ORDERS}`),
      { encoding: 'windows-1252' },
      ['declared as windows-1252', 'UTF-8 by its byte order mark', 'encoding: utf-8'],
    ],
    [
      'UTF-16 by its mark, declared otherwise',
      Buffer.from(`\uFEFF${ORDERS}`, 'utf16le'),
      { encoding: 'iso-8859-15' },
      ['declared as iso-8859-15', 'encoding: utf-16'],
    ],
    ['UTF-16, not declared', Buffer.from(`\uFEFF${ORDERS}`, 'utf16le'), {}, ['UTF-16', 'encoding: utf-16']],
    [
      'Windows-1252 in the header, not declared',
      Buffer.from(ORDERS.replace('Name', 'N\xe4me'), 'latin1'),
      {},
      ['not UTF-8', 'encoding: windows-1252'],
    ],
    ['a line for spreadsheets', Buffer.from(`sep=,\n${ORDERS}`), {}, ['skipLines: 1']],
  ])('%s', async (_what, bytes, settings, says) => {
    workspace.write('orders.csv', bytes)
    await expectRefused(settings, { exit: 65, says: ['orders.csv', ...says] })
  })

  test('of several files the one that lacks a column', async () => {
    workspace.write('orders-2.csv', ORDERS.replace('Total', 'Sum'))
    const says = [
      'orders-2.csv, line 1',
      'total_price comes from the column Total',
      'the header has Name, Visit, Buyer, Made, Sum',
    ]
    await expectRefused({ files: 'orders*.csv' }, { exit: 65, says })
  })

  test('a replacement that makes a cell longer than a record may be', async () => {
    workspace.write('orders.csv', ORDERS.replace('o1', 'o'.repeat(2000)))
    const order_id = { column: 'Name', replace: [['o', 'x'.repeat(1000)]] }
    const says = ['1 × cell_too_long in Name', 'order_table']
    await expectRefused({ columns: { ...NAMES, order_id } }, { exit: 65, says })
  })

  test('a cell that many templates make long', async () => {
    workspace.write('orders.csv', ORDERS.replace('o1', 'o'.repeat(60_000)))
    const long = { template: '{Name}'.repeat(10) }
    const columns = { ...NAMES, event_id: long, discount_coupon_code: long }
    await expectRefused({ columns }, { exit: 65, says: ['cell_too_long'] })
  })

  test('a currency without a rate', async () => {
    workspace.write('orders.csv', ORDERS.replace('Total', 'Total,Currency').replace(',5\n', ',5,SEK\n'))
    const currency = { column: 'Currency', rates: { EUR: '1' } }
    await expectRefused({ currency }, { exit: 65, says: ['1 × unknown_currency in Currency', 'rates'] })
  })
})

test('a glob that fits nothing is a missing file, exit 66', async () => {
  await expectRefused({ files: 'orders/*.csv' }, { exit: 66, says: ['orders/*.csv'] })
})
