import { describe, expect, test } from 'vitest'
import type { RowCondition, SourceRowRules } from '../../../src/rules/sources/rows.ts'
import { SourceRows } from '../../../src/sources/rows/source-rows.ts'

function rowsOf(rules: SourceRowRules, usesPlace?: boolean): SourceRows {
  const rows = SourceRows.of(rules, usesPlace)
  if (rows === undefined) throw new Error('these rules ask nothing')
  return rows
}

/** What is said of records one after the other; `row` where it is one. */
function judged(rows: SourceRows, records: readonly string[][]): string[] {
  return records.map((cells) => rows.judge(cells) ?? 'row')
}

test('a table that asks nothing has no judge', () => {
  expect(SourceRows.of({})).toBeUndefined()
  expect(SourceRows.of({ where: [] })).toBeUndefined()
})

test('it looks at each column once, and says whether the order of records matters', () => {
  const where = [{ column: 'Status', equals: 'paid' }] as const
  expect(rowsOf({ where }).isSequential).toBe(false)
  const all = rowsOf({
    where: [...where, { column: 'Name', prefix: '#' }],
    carryDown: { key: 'Name', columns: ['Status', 'Total'] },
    oneRowPer: 'Name',
    stopAt: { column: 'Day', prefix: 'Total' },
  })
  expect(all.sources).toEqual(['Day', 'Name', 'Status', 'Total'])
  expect(all.isSequential).toBe(true)
  expect(rowsOf({ oneRowPer: 'a' }).isSequential).toBe(true)
  expect(rowsOf({ stopAt: { column: 'a', prefix: 'b' } }).isSequential).toBe(true)
})

describe('where', () => {
  const fits = (question: Omit<RowCondition, 'column'>, ...cells: string[]) => {
    const rows = rowsOf({ where: [{ column: 'a', ...question }] })
    return cells.filter((cell) => rows.judge([cell]) === undefined)
  }

  test('asks a cell as a whole, its start, or an expression', () => {
    expect(fits({ equals: 'paid' }, 'paid', 'Paid', 'paid!', '')).toEqual(['paid'])
    expect(fits({ equals: '' }, 'paid', '')).toEqual([''])
    expect(fits({ in: ['a', ''] }, 'a', 'b', '')).toEqual(['a', ''])
    expect(fits({ not: 'void' }, 'void', 'paid', '')).toEqual(['paid', ''])
    expect(fits({ not: ['void', ''] }, 'void', 'paid', '')).toEqual(['paid'])
    expect(fits({ prefix: 'Total' }, 'Total', 'Totals', 'Sub Total', '')).toEqual(['Total', 'Totals'])
    expect(fits({ matches: '^#\\d' }, '#1', 'a#1', '#')).toEqual(['#1'])
    expect(fits({ in: ['constructor'] }, '__proto__', 'toString', 'constructor')).toEqual(['constructor'])
  })

  test('must hold as a whole', () => {
    const rows = rowsOf({
      where: [
        { column: 'a', not: '' },
        { column: 'b', not: '' },
      ],
    })
    const records = [
      ['x', 'y'],
      ['x', ''],
      ['', 'y'],
    ]
    expect(judged(rows, records)).toEqual(['row', 'where', 'where'])
  })
})

describe('carryDown', () => {
  const carryDown = { key: 'Name', columns: ['Email', 'Total'] }

  test('fills empty cells from the record before of the same key, also what that was given', () => {
    const records = [
      ['#1', 'a@x', '5'],
      ['#1', '', ''],
      ['#1', 'b@x', ''],
      ['#2', '', '7'],
      ['#2', '', ''],
      ['#1', '', ''],
    ]
    judged(rowsOf({ carryDown }), records)
    expect(records).toEqual([
      ['#1', 'a@x', '5'],
      ['#1', 'a@x', '5'],
      ['#1', 'b@x', '5'],
      ['#2', '', '7'],
      ['#2', '', '7'],
      ['#1', '', ''],
    ])
  })

  test('a record without a key belongs to no other', () => {
    const records = [
      ['', 'a@x', '5'],
      ['', '', ''],
    ]
    judged(rowsOf({ carryDown }), records)
    expect(records[1]).toEqual(['', '', ''])
  })

  test('reaches over records that are no rows, and before they are judged', () => {
    const rows = rowsOf({
      carryDown,
      where: [
        { column: 'Email', equals: 'a@x' },
        { column: 'Kind', not: 'gift' },
      ],
    })
    expect(rows.sources).toEqual(['Name', 'Email', 'Total', 'Kind'])
    const records = [
      ['#1', 'a@x', '5', 'gift'],
      ['#1', '', '', 'mug'],
      ['#2', 'b@x', '5', 'mug'],
    ]
    expect(judged(rows, records)).toEqual(['where', 'row', 'where'])
    expect(records[1]).toEqual(['#1', 'a@x', '5', 'mug'])
  })
})

describe('places', () => {
  const carryDown = { key: 'Name', columns: [] }
  const places = (rows: SourceRows, ...keys: string[]) =>
    keys.map((key) => {
      rows.judge([key, ''])
      return rows.place
    })

  test('count the records of a key, also if others stand between', () => {
    expect(places(rowsOf({ carryDown }), '#1', '#1', '#2', '#1', '__proto__', '#2', '', '')).toEqual([
      1, 2, 1, 3, 1, 2, 1, 1,
    ])
  })

  test('count those that are no rows, so that another filter leaves them the same', () => {
    const rows = rowsOf({ carryDown, where: [{ column: 'Kind', equals: 'mug' }] })
    const told = [
      ['#1', 'mug'],
      ['#1', 'gift'],
      ['#1', 'mug'],
    ].map((cells) => [rows.judge(cells), rows.place])
    expect(told).toEqual([
      [undefined, 1],
      ['where', 2],
      [undefined, 3],
    ])
  })

  test('are 1 where nobody asks for them, or nothing is carried', () => {
    expect(places(rowsOf({ carryDown }, false), '#1', '#1')).toEqual([1, 1])
    expect(places(rowsOf({ oneRowPer: 'Name' }), '#1', '#1')).toEqual([1, 1])
  })
})

describe('oneRowPer', () => {
  test('only the first of a value is a row; empty cells all are', () => {
    const rows = rowsOf({ oneRowPer: 'Email' })
    const cells = ['a', 'b', 'a', '', 'A', '', '__proto__', '__proto__'].map((cell) => [cell])
    expect(judged(rows, cells)).toEqual([
      'row',
      'row',
      'one_row_per',
      'row',
      'row',
      'row',
      'row',
      'one_row_per',
    ])
  })

  test('the first among those that fit the conditions', () => {
    const rows = rowsOf({ oneRowPer: 'Email', where: [{ column: 'Kind', equals: 'order' }] })
    expect(rows.sources).toEqual(['Kind', 'Email'])
    const records = [
      ['cart', 'a'],
      ['order', 'a'],
      ['order', 'a'],
      ['cart', 'a'],
    ]
    expect(judged(rows, records)).toEqual(['where', 'row', 'one_row_per', 'where'])
  })
})

test('behind the end nothing is a row, whatever it holds', () => {
  const rows = rowsOf({ stopAt: { column: 'Day', prefix: 'Total' }, where: [{ column: 'Day', not: 'x' }] })
  const cells = ['Mon', 'x', 'Totals', 'Tue', 'x'].map((cell) => [cell])
  expect(judged(rows, cells)).toEqual(['row', 'where', 'after_end', 'after_end', 'after_end'])
})

test('the next file has an end of its own; values stay known, and an order that is cut in two goes on', () => {
  const rows = rowsOf({
    stopAt: { column: 'Day', prefix: 'Total' },
    carryDown: { key: 'Name', columns: ['Email'] },
    oneRowPer: 'Line',
  })
  expect(rows.sources).toEqual(['Day', 'Name', 'Email', 'Line'])
  expect(
    judged(rows, [
      ['1', '#1', 'a', 'x'],
      ['Total', '', '', ''],
    ]),
  ).toEqual(['row', 'after_end'])
  rows.nextFile()
  const again = ['2', '#1', '', 'x']
  expect(rows.judge(again)).toBe('one_row_per')
  expect([again[2], rows.place]).toEqual(['a', 2])
})

test('an order that another export holds again has the same places there', () => {
  const rows = rowsOf({ carryDown: { key: 'Name', columns: ['Email'] } })
  const order = () => [
    ['#1', 'a'],
    ['#1', ''],
  ]
  const places = (records: string[][]) => records.map((cells) => [rows.judge(cells), rows.place, cells[1]])
  const whole = [
    [undefined, 1, 'a'],
    [undefined, 2, 'a'],
  ]
  expect(places(order())).toEqual(whole)
  rows.nextFile()
  expect(places(order())).toEqual(whole)
  rows.nextFile()
  expect(places([['#2', '']])).toEqual([[undefined, 1, '']])
})
