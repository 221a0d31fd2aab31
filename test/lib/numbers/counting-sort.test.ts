import { expect, test } from 'vitest'
import { sortByCounting } from '../../../src/lib/numbers/counting-sort.ts'

test('rows by their numbers; equal ones in row order', () => {
  expect([...sortByCounting(Float64Array.of(2, -1, 2, 0, -1), -1, 2)]).toEqual([1, 4, 3, 0, 2])
})

test('equal ones in the order given', () => {
  const order = Int32Array.of(4, 3, 2, 1, 0)
  expect([...sortByCounting(Uint16Array.of(2, 0, 2, 1, 0), 0, 0xffff, order)]).toEqual([4, 1, 3, 2, 0])
})

test('no rows', () => {
  expect([...sortByCounting(new Float64Array(0), 0, 0)]).toEqual([])
})
