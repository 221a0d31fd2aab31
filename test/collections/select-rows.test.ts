import { expect, test } from 'vitest'
import { joinRows, selectRows } from '../../src/collections/select-rows.ts'
import { dictionaryOf } from '../../src/collections/texts/dictionary.ts'

const dictionary = dictionaryOf(['a', 'b'])
const part = {
  rowCount: 3,
  columns: {
    id: { codes: Int32Array.of(1, 0, -1), dictionary },
    price: Float64Array.of(1.5, Number.NaN, -3),
    qty: Int32Array.of(1, 2, 3),
    flag: Int8Array.of(0, 1, -1),
  },
}

test('rows are picked in the order given, also twice', () => {
  expect(selectRows(part, Int32Array.of(2, 0, 2))).toEqual({
    rowCount: 3,
    columns: {
      id: { codes: Int32Array.of(-1, 1, -1), dictionary },
      price: Float64Array.of(-3, 1.5, -3),
      qty: Int32Array.of(3, 1, 3),
      flag: Int8Array.of(-1, 0, -1),
    },
  })
})

test('parts are joined in their order', () => {
  const one = selectRows(part, Int32Array.of(0))
  const none = selectRows(part, new Int32Array(0))
  expect(joinRows([one, none, part]).columns).toEqual({
    id: { codes: Int32Array.of(1, 1, 0, -1), dictionary },
    price: Float64Array.of(1.5, 1.5, Number.NaN, -3),
    qty: Int32Array.of(1, 1, 2, 3),
    flag: Int8Array.of(0, 0, 1, -1),
  })
})

test('codes of two dictionaries are never mixed', () => {
  const other = {
    rowCount: 1,
    columns: {
      ...selectRows(part, Int32Array.of(0)).columns,
      id: { codes: Int32Array.of(0), dictionary: dictionaryOf(['b']) },
    },
  }
  expect(() => joinRows([part, other])).toThrow('id')
})
