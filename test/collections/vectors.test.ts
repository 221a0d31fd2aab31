import { expect, test } from 'vitest'
import { NumberStore, TextStore } from '../../src/collections/column-store.ts'
import { Dictionary, NO_CODE } from '../../src/collections/texts/dictionary.ts'
import { NO_FLAG, NO_INTEGER } from '../../src/collections/vectors.ts'
import { textCellsOf } from '../support/cells.ts'

test.each([
  ['timestamp', Float64Array, [0, -1, 7_258_118_399_999], Number.NaN],
  ['money', Float64Array, [0, -10_000_000_000_000, 10_000_000_000_000], Number.NaN],
  ['integer', Int32Array, [0, -1_000_000, 1_000_000], NO_INTEGER],
  ['large_integer', Float64Array, [0, -1_000_000_000_000, 1_000_000_000_000], Number.NaN],
  ['percent', Int32Array, [0, 333_333, 1_000_000], NO_INTEGER],
  ['flag', Int8Array, [0, 1], NO_FLAG],
] as const)(
  '%s: every value it can have comes back, and null is none of them',
  (kind, array, values, nothing) => {
    const store = new NumberStore(kind)
    store.append(Float64Array.from([...values, 99]), values.length)
    store.append(Float64Array.of(Number.NaN), 1)
    const vector = store.finish()
    expect(vector).toBeInstanceOf(array)
    expect([...(vector as Float64Array)]).toEqual([...values, nothing])
    expect(values).not.toContain(nothing)
  },
)

test('texts share a dictionary, and a null has no code', () => {
  const dictionary = new Dictionary()
  const [a, b] = [new TextStore(dictionary), new TextStore(dictionary)]
  a.append(textCellsOf(['x']))
  b.append(textCellsOf(['yz', null]))
  b.append(textCellsOf(['x']))
  expect([...a.finish().codes]).toEqual([0])
  expect([...b.finish().codes]).toEqual([1, NO_CODE, 0])
  expect(b.finish().dictionary).toBe(a.finish().dictionary)
})
