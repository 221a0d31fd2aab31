import { expect, test } from 'vitest'
import { seenNumbers } from '../../../../src/sources/map/seen/seen-numbers.ts'

test.each([
  [['12.50', '3', '-0.5'], {}, 0],
  [['1.204,50', '12,5'], { decimal: ',', thousands: '.' }, 0],
  [['1234,56', '20,00'], { decimal: ',' }, 0],
  [['1,204.50', '7'], { thousands: ',' }, 0],
  [['1 204,50', '1\u00a0000,00'], { decimal: ',', thousands: ' ' }, 0],
  [["1'204.50"], { thousands: "'" }, 0],
  // 1.204 or 1204: nobody can know.
  [['1.204', '12.500'], {}, 1],
  // No group begins with a zero.
  [['1.204', '0.500'], {}, 0],
])('%j is written as %j', (cells, form, rivals) => {
  const seen = seenNumbers([{ target: 'total_price', cells }]).get('total_price')
  expect([seen?.form, seen?.rivals.length]).toEqual([form, rivals])
})

test('a column that shows the form speaks for the others of its table', () => {
  const seen = seenNumbers([
    { target: 'product_price', cells: ['1.204'] },
    { target: 'total_price', cells: ['1.204,50'] },
  ])
  expect(seen.get('product_price')).toMatchObject({ form: { decimal: ',', thousands: '.' }, rivals: [] })
})

test('where no form fits all columns, each has its own', () => {
  const seen = seenNumbers([
    { target: 'product_qty', cells: ['0.5'] },
    { target: 'product_price', cells: ['4,90'] },
  ])
  expect([seen.get('product_qty')?.form, seen.get('product_price')?.form]).toEqual([{}, { decimal: ',' }])
})

test('currencies, per cent and cents', () => {
  const signs = (cells: string[]) => seenNumbers([{ target: 'a', cells }]).get('a')
  expect(signs(['€ 5', '-€7,50', '8 EUR'])?.currencySigns).toEqual(['EUR', '€'])
  expect(signs(['5%', '100 %'])?.isPercentSigned).toBe(true)
  expect([signs(['4999', '1250'])?.isWholeAndLarge, signs(['4999', '12'])?.isWholeAndLarge]).toEqual([
    true,
    false,
  ])
})
