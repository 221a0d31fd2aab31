import { expect, test } from 'vitest'
import { grouped } from '../../../src/lib/texts/grouped.ts'

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [-1234567, '-1,234,567'],
  ['1234.50', '1,234.50'],
  ['123456.7891', '123,456.7891'],
  [0.25, '0.25'],
])('%s', (value, expected) => {
  expect(grouped(value)).toBe(expected)
})
