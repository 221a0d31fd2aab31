import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { mappedRows } from '../../../src/parsers/preview/mapped-rows.ts'
import { allRawTables } from '../../../src/raw/index.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-preview-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const preview = (rawTables: object) =>
  mappedRows(folder, Object.values(allRawTables), rulesSchema.parse({ rawTables }))

test('three rows as the settings make them, of mapped tables alone', async () => {
  writeFileSync(
    join(folder, 'sales.csv'),
    `A report
Name;Email;Item;Price
#1;Ann@Shop.example;Tea;4,90
#1;;Cup;"1.204,50"
;;;
#2;bo@shop.example;"Pot
blue";abc
too;few
#2;;Tea;5
`,
  )
  const tables = await preview({
    user_table: { files: 'sales.csv' },
    order_line_item_table: {
      files: 'sales.csv',
      skipLines: 1,
      delimiter: ';',
      decimal: ',',
      thousands: '.',
      where: [{ column: 'Name', not: '' }],
      carryDown: { key: 'Name', columns: ['Email'] },
      columns: {
        event_id: { template: '{Name}/{row}' },
        order_id: 'Name',
        user_id: { column: 'Email', lower: true },
        product_name: 'Item',
        product_price: 'Price',
      },
    },
  })
  expect(tables).toEqual([
    {
      table: 'order_line_item_table',
      file: 'sales.csv',
      columns: [
        { target: 'event_id', from: 'Name' },
        { target: 'user_id', from: 'Email' },
        { target: 'order_id', from: 'Name' },
        { target: 'product_name', from: 'Item' },
        { target: 'product_price', from: 'Price' },
      ],
      rows: [
        ['#1/1', 'ann@shop.example', '#1', 'Tea', '4.90'],
        ['#1/2', 'ann@shop.example', '#1', 'Cup', '1204.50'],
        ['#2/1', 'bo@shop.example', '#2', 'Pot\nblue', '(invalid_money)'],
      ],
    },
  ])
})

test('whatever the file is, the run has the word', async () => {
  writeFileSync(join(folder, 'broken.csv'), 'ID\n"1\n')
  writeFileSync(join(folder, 'zip.csv.gz'), gzipSync('ID\n7\n'))
  const of = (files: string) => preview({ user_table: { files, columns: { user_id: 'ID' } } })
  expect(await of('nowhere.csv')).toEqual([])
  expect(await of('broken.csv')).toMatchObject([{ rows: [] }])
  expect(await of('zip.csv.gz')).toMatchObject([{ rows: [['7']] }])
})
