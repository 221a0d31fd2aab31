import { expect, test } from 'vitest'
import { parseDecimal } from '../../../src/lib/numbers/decimal-text.ts'
import { type Scaling, scaledNumber } from '../../../src/sources/cells/number-scale.ts'

function scaled(scaling: Scaling, number: string): string {
  return scaledNumber(scaling)?.(number) ?? 'unchanged'
}

test.each([
  ['1999', '0.01', '19.99'],
  ['0.123456', '100', '12.3456'],
  ['-5', '-1', '5'],
  ['+5.', '0.5', '2.5'],
  ['.5', '2', '1'],
  ['0.00', '-3', '0'],
  ['-0', '0.01', '0'],
  ['1.5e3', '0.01', '0.015e3'],
  ['10000000000000001', '0.0001', '1000000000000.0001'],
])('%s times %s is %s', (number, factor, result) => {
  expect(scaled({ factor }, number)).toBe(result)
})

test('nothing is rounded before the kind rounds', () => {
  expect(scaled({ factor: '0.0345' }, '1.45')).toBe('0.050025')
  // 0.5 × 0.0001 = 0.00005, half a ten-thousandth: away from zero
  expect(parseDecimal(scaled({ factor: '0.0001' }, '-0.5'), -1, 1)).toBe(-1)
  expect(parseDecimal(scaled({ factor: '0.0001' }, '0.4999999999999999999999'), -1, 1)).toBe(0)
})

test('times 1 changes nothing', () => {
  expect(scaledNumber({ factor: '1' })).toBeUndefined()
  expect(scaledNumber({ factor: '1.000' })).toBeUndefined()
  expect(scaledNumber({})).toBeUndefined()
})

test.each([
  ['-0.0001', '0'],
  ['0', '0'],
  ['100.00', '100.00'],
  ['100.00001', '100'],
  ['1e2', '1e2'],
  ['1.1e2', '100'],
  ['0.5e-3', '0.5e-3'],
  ['1e999999999', '100'],
  ['-1e999999999', '0'],
  ['1e-999999999', '1e-999999999'],
  ['-1e-999999999', '0'],
  [`1e${'9'.repeat(400)}`, '100'],
  ['0e999', '0e999'],
])('%s between 0 and 100 is %s', (number, result) => {
  expect(scaled({ bounds: [0, '100.0'] }, number)).toBe(result)
})

test('bounds are for the number after it is scaled', () => {
  const scaling = { factor: '100', bounds: [0, 100] } as const
  expect(scaled(scaling, '0.5')).toBe('50')
  expect(scaled(scaling, '1.2')).toBe('100')
})
