import { expect, test } from 'vitest'
import { allRawTables } from '../../../../src/raw/index.ts'
import { seenHeader } from '../../../../src/sources/map/seen/seen-header.ts'

const tables = Object.values(allRawTables)
const header = (text: string) => seenHeader(Buffer.from(text), true, tables)

test.each([
  ['order_id,time\n1,2\n', { delimiter: ',', skipLines: 0 }],
  ['order_id;total_price\n1;2,5\n2;3,5\n', { delimiter: ';', skipLines: 0 }],
  ['order_id\ttime\n1\t2\n', { delimiter: '\t' }],
  ['order_id|time\n1|2\n', { delimiter: '|' }],
  ['sep=;\norder_id;time\n1;2\n', { delimiter: ';', skipLines: 1 }],
  [
    'Orders, all of them\n\n"1 May, 2025 to 2 May"\norder_id,time,total_price\n1,2,3\n2,3,4\n',
    { skipLines: 3 },
  ],
  ['\n\norder_id,time\n1,2\n', { skipLines: 0 }],
  ['order_id,product_name\n"1","6\\" pipe"\n"2","a \\\\ b"\n', { quotes: 'backslash' }],
  ['order_id,product_name\n1,"6"" pipe, long"\n', { quotes: 'doubled' }],
  ['order_id,product_name\n1,"C:\\"\n', { quotes: 'doubled' }],
])('%j', (text, wanted) => {
  expect(header(text)).toMatchObject(wanted)
})

test('records with another number of fields are counted, not kept', () => {
  expect(header('order_id,time\n1,2\n3\n4,5\n')).toMatchObject({
    records: [{ line: 2 }, { line: 4 }],
    others: 1,
  })
})

test('a row of data is no header that a message may show', () => {
  expect(header('17,ann@shop.example\n18,bo@shop.example\n')?.isLikeData).toBe(true)
  expect(header('alpha,beta\n1,2\n')?.isLikeData).toBe(false)
})
