import { expect, test } from 'vitest'
import { allRawTables } from '../../../src/raw/index.ts'
import { knownHeader } from '../../../src/sources/map/known-headers.ts'
import { mapFile } from '../../../src/sources/map/map-file.ts'
import { Random } from '../../support/random.ts'
import { asked, mapped, sampleOf } from './samples.ts'

const tables = Object.values(allRawTables)

test('middle and end of a file speak, too, wherever they begin', () => {
  const row = (i: number, day: string) => `${i},k,s,${day},5.00\n`
  const head = Buffer.from(`Order ID,Customer ID,Session ID,Created At,Total\n${row(1, '01/02/2025')}`)
  const middle = Buffer.from(
    `cut "off\n${row(2, '03/04/2025')}${row(3, '13/04/2025')}${row(4, '14/04/2025').slice(0, 9)}`,
  )
  const end = Buffer.from(
    `in the middle of a "quoted\n cell",1\n${row(5, '05/05/2025')}${row(6, '06/06/2025').trimEnd()}`,
  )
  const sample = { bytes: 1e9, isGzip: false, head, parts: [middle, end], isWhole: false }
  const { records, proposal } = mapFile('orders.csv', sample, tables)
  expect(records).toBe(5)
  expect(proposal?.settings.timeFormats).toEqual(['dd/MM/yyyy'])
})

test('the export of a system is known by its columns, whatever the currency in their names', () => {
  const spend = ['Day', 'Campaign name', 'Campaign ID', 'Impressions', 'Link clicks', 'Amount spent (USD)']
  expect(knownHeader(['Name', 'Email'])).toBeUndefined()
  expect(knownHeader(['order_id', 'user_id', 'session_id', 'time', 'total_price'])).toBeUndefined()
  expect(knownHeader(spend.slice(1))).toBeUndefined()
})

test('an amount whose name may mean many things is asked for', () => {
  const result = mapped({
    'orders.csv': 'order_id,user_id,session_id,time,price_usd\n1,u,s,2025-06-13,5.00\n',
  })
  expect(result.settings.rawTables?.order_table).not.toHaveProperty('columns')
  expect(asked(result)).toEqual([expect.stringContaining('total_price: is it price_usd?')])
})

const PIECES = [
  'order_id',
  'Total',
  'time',
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r\n',
  '"',
  '""',
  '\\"',
  '\\N',
  ' ',
  '€',
  'ü',
  '1.204,50',
  '31.12.2025',
  '2025-01-01',
  '\u0000',
  '\ufeff',
  '%',
  "'",
  '(',
  '-',
  'x'.repeat(300),
  '1'.repeat(300),
  ' '.repeat(3000),
  '_'.repeat(3000),
]

test('whatever bytes a file holds, they are looked at without a fault and soon', () => {
  const random = new Random(7)
  for (let i = 0; i < 150; i++) {
    const text = Array.from({ length: random.whole(0, 60) }, () => random.pick(PIECES)).join('')
    const bytes = random.chance(0.5) ? Buffer.from(text) : Buffer.from(text, 'latin1')
    expect(() => mapFile('order_table.csv', sampleOf(bytes), tables), JSON.stringify(text)).not.toThrow()
  }
})
