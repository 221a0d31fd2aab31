import { describe, expect, test } from 'vitest'
import { orderRanks, sessionNumbers } from '../../src/facts/ranks.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { collectionsOf } from '../support/collections.ts'
import { Random, seedOf } from '../support/random.ts'

const needs = { order_table: ['user_id', 'order_id', 'time', 'total_price'] } as const

test('by time, then by order_id in byte order', () => {
  const { order_table } = collectionsOf(needs, {
    order_table: [
      { user_id: 'a', order_id: 'o3', time: '2025-01-02' },
      { user_id: 'b', order_id: 'o2', time: '2025-01-09' },
      { user_id: 'a', order_id: 'o10', time: '2025-01-02' },
      { user_id: 'a', order_id: 'o9', time: '2025-01-01T23:59:59.999' },
      // U+FF5E comes before U+1F600 in UTF-8 and after it in UTF-16.
      { user_id: 'c', order_id: '\u{1F600}', time: '2025-01-01' },
      { user_id: 'c', order_id: '\uFF5E', time: '2025-01-01' },
    ],
  })
  expect([...orderRanks(order_table, defaultRules)]).toEqual([3, 1, 2, 1, 2, 1])
})

const { seed, name } = seedOf(91)

describe(`against counting who comes before, ${name}`, () => {
  test.each([
    [3, 150],
    [40, 400],
  ])('%d users', (users, count) => {
    const random = new Random(seed)
    const rows = Array.from({ length: count }, (_, i) => ({
      user_id: `u${random.whole(1, users)}`,
      session_id: `${random.pick(['s', 'é', '\uFF5E', '\u{1F600}'])}${i}`,
      time: `2025-01-0${random.whole(1, 4)}`,
    }))
    const { session_table } = collectionsOf({ session_table: ['user_id', 'session_id', 'time'] } as const, {
      session_table: rows,
    })
    const before = (a: (typeof rows)[number], b: (typeof rows)[number]) =>
      a.time === b.time
        ? Buffer.compare(Buffer.from(a.session_id), Buffer.from(b.session_id)) < 0
        : a.time < b.time
    const expected = rows.map(
      (row) => 1 + rows.filter((other) => other.user_id === row.user_id && before(other, row)).length,
    )
    expect([...sessionNumbers(session_table)]).toEqual(expected)
  })
})
