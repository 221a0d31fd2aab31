import { describe, expect, test } from 'vitest'
import { ExactVector } from '../../src/collections/exact-vector.ts'
import { dictionaryOf, NO_CODE } from '../../src/collections/texts/dictionary.ts'
import { whole } from '../../src/lib/numbers/exact.ts'
import { countOrderBreaks } from '../../src/tables/check-rows.ts'
import { type AnyAggregate, count, date, id, money, NO_DAY, type SortKey } from '../../src/tables/define.ts'
import { sortRows } from '../../src/tables/sort-rows.ts'
import { Random, seedOf } from '../support/random.ts'

const { seed, name } = seedOf(101)

/** A row that is sorted: a day, an exact amount, a count and a name. */
interface Plain {
  readonly day: number
  readonly amount: bigint
  readonly hits: number
  readonly name: string | null
}

function definitionOf(order: readonly SortKey[]): AnyAggregate {
  return {
    name: 'made_up',
    grain: 'one row per name',
    key: ['name'],
    order,
    needs: {},
    written: 'always',
    totals: {},
    columns: { day: date(''), amount: money(''), hits: count(''), name: id('') },
    aggregate: () => {
      throw new Error('not asked for')
    },
  }
}

function rowsOf(plain: readonly Plain[]) {
  const names = [...new Set(plain.flatMap((row) => row.name ?? []))]
  const amount = new ExactVector(plain.length)
  plain.forEach((row, i) => {
    amount.set(i, whole(row.amount))
  })
  return {
    rowCount: plain.length,
    columns: {
      day: Int32Array.from(plain, (row) => row.day),
      amount,
      hits: Float64Array.from(plain, (row) => row.hits),
      name: {
        codes: Int32Array.from(plain, (row) => (row.name === null ? NO_CODE : names.indexOf(row.name))),
        dictionary: dictionaryOf(names),
      },
    },
  }
}

/** The same order by comparing bigints and buffers. */
function naively(plain: readonly Plain[], order: readonly SortKey[]): number[] {
  const compare = (a: Plain, b: Plain, column: string): number => {
    if (column === 'name') return Buffer.compare(Buffer.from(a.name ?? ''), Buffer.from(b.name ?? ''))
    const [left, right] = [a, b].map((row) => BigInt(row[column as 'day' | 'amount' | 'hits'])) as [
      bigint,
      bigint,
    ]
    return left < right ? -1 : left > right ? 1 : 0
  }
  return plain
    .map((_, i) => i)
    .sort((i, j) => {
      for (const { column, descending } of order) {
        const difference = compare(plain[i]!, plain[j]!, column) * (descending === true ? -1 : 1)
        if (difference !== 0) return difference
      }
      return i - j
    })
}

const ORDER: readonly SortKey[] = [
  { column: 'day' },
  { column: 'amount', descending: true },
  { column: 'name' },
]
const MAX = BigInt(Number.MAX_SAFE_INTEGER)

describe(`against bigints and buffers, ${name}`, () => {
  test.each([
    ['small amounts', [0n], 5],
    ['amounts of very different size', [-(10n ** 13n), 0n, 10n ** 13n], 1000],
    ['amounts just below 2^53', [MAX - 20n], 10],
    ['refunds just above -2^53', [-MAX + 20n], 10],
    ['both sides of 2^53', [MAX, -MAX], 3],
    ['far beyond 2^53', [10n ** 25n, -(10n ** 25n), 0n], 3],
  ])('%s', (_name, bases, spread) => {
    const random = new Random(seed)
    for (let round = 0; round < 200; round++) {
      const plain = Array.from({ length: random.whole(0, 30) }, (_, i) => ({
        day: random.pick([-1, 0, 1, 20_000, NO_DAY]),
        amount: random.pick(bases) + BigInt(random.whole(-spread, spread)),
        hits: random.whole(0, 3),
        name: `${random.pick(['a', 'é', '\uFF5E', '\u{1F600}'])}${i}`,
      }))
      for (const order of [ORDER, [{ column: 'hits' }, { column: 'amount' }, { column: 'name' }]]) {
        const definition = definitionOf(order)
        const rows = rowsOf(plain)
        const sorted = sortRows(definition, rows)
        const shown = plain.map(({ day, amount, name: one }) => `${day} ${amount} ${one}`).join(', ')
        expect([...sorted], shown).toEqual(naively(plain, order))
        expect(countOrderBreaks({ definition, ...rows, order: sorted })).toBe(0)
      }
    }
  })
})

test('two refunds of nearly 2^53 on the second of two days', () => {
  const plain = [
    { day: 1, amount: -MAX, hits: 0, name: 'a' },
    { day: 1, amount: -MAX + 1n, hits: 0, name: 'b' },
    { day: 0, amount: -MAX, hits: 0, name: 'c' },
  ]
  expect([...sortRows(definitionOf(ORDER), rowsOf(plain))]).toEqual([2, 1, 0])
})

test('a null name comes first, and no rows are no places', () => {
  const plain = [
    { day: 0, amount: 0n, hits: 0, name: 'a' },
    { day: 0, amount: 0n, hits: 0, name: null },
  ]
  expect([...sortRows(definitionOf(ORDER), rowsOf(plain))]).toEqual([1, 0])
  expect([...sortRows(definitionOf(ORDER), rowsOf([]))]).toEqual([])
})
