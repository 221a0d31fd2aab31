import { describe, expect, test } from 'vitest'
import { user_lifetime_metrics } from '../../src/aggregators/user_lifetime_metrics/index.ts'
import {
  frequencyScore,
  monetaryScores,
  recencyScore,
  segmentNames,
  segmentOf,
} from '../../src/aggregators/user_lifetime_metrics/rfm.ts'
import { type RfmRules, rfmSchema } from '../../src/rules/rfm.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import { aggregated, columnsOf } from '../support/collections.ts'
import { Random, seedOf } from '../support/random.ts'

const SCORES = [1, 2, 3, 4, 5]

function faults(given: unknown): string[] {
  return rfmSchema.safeParse(given).error?.issues.map(({ message }) => message) ?? []
}

describe('limits of the shop, at both sides of each', () => {
  test('recency: days at most', () => {
    const rules = rfmSchema.parse({ recency: [0, 7, 14, 21] })
    expect([0, 1, 7, 8, 14, 15, 21, 22].map((days) => recencyScore(rules, days))).toEqual([
      5, 4, 4, 3, 3, 2, 2, 1,
    ])
  })

  test('frequency: orders at least', () => {
    const rules = rfmSchema.parse({ frequency: [100, 20, 7, 3] })
    expect([1, 2, 3, 6, 7, 19, 20, 99, 100].map((orders) => frequencyScore(rules, orders))).toEqual([
      1, 1, 2, 2, 3, 3, 4, 4, 5,
    ])
  })

  test('monetary: revenue at least, to the ten-thousandth', () => {
    const rules = rfmSchema.parse({ monetary: [79.9999, 20.1, 0.3, 0] })
    const revenue = [-1, 0, 2999, 3000, 20_0999, 20_1000, 79_9998, 79_9999]
    expect(revenue.map((one) => monetaryScores(rules)(one))).toEqual([1, 2, 2, 3, 3, 4, 4, 5])
  })

  test.each([
    [{ recency: [30, 30, 180, 365] }, 'must be rising: the limits for the scores 5, 4, 3 and 2'],
    [{ recency: [365, 180, 90, 30] }, 'must be rising: the limits for the scores 5, 4, 3 and 2'],
    [{ frequency: [2, 3, 5, 10] }, 'must be falling: the limits for the scores 5, 4, 3 and 2'],
    [{ monetary: [1000, 500, 500, 50] }, 'must be falling: the limits for the scores 5, 4, 3 and 2'],
  ])('%j is refused', (given, message) => {
    expect(faults(given)).toEqual([message])
  })
})

describe('a segment table of the shop', () => {
  test('must hold every score', () => {
    expect(faults({ segments: [{ name: 'Fresh', recency: [2, 3, 4, 5] }] })).toEqual([
      '25 of the 125 scores belong to no segment: 111, 112, 113, 114, 115 …',
    ])
    const allBut = [
      { name: 'a', recency: [1, 2, 3, 4] },
      { name: 'b', recency: [5], frequency: [1, 2, 3, 4] },
      { name: 'c', recency: [5], frequency: [5], monetary: [1, 2, 3, 4] },
    ]
    expect(faults({ segments: allBut })).toEqual(['1 of the 125 scores belong to no segment: 555'])
    expect(faults({ segments: [] })).toEqual([
      '125 of the 125 scores belong to no segment: 111, 112, 113, 114, 115 …',
    ])
  })

  test('must hold each just once, even under one name', () => {
    const segments = [{ name: 'All' }, { name: 'Best', recency: [5], frequency: [5], monetary: [4, 5] }]
    expect(faults({ segments })).toEqual([
      '2 of the 125 scores belong to several segments: 554 (All, Best), 555 (All, Best)',
    ])
    expect(faults({ segments: [{ name: 'All' }, { name: 'All', recency: [1], frequency: [1] }] })).toEqual([
      expect.stringMatching(/^5 of the 125 scores belong to several segments: 111 \(All, All\), /),
    ])
  })

  test('says both at once, and knows no score but 1 to 5 and no Prospect', () => {
    const segments = [
      { name: 'a', recency: [1, 2] },
      { name: 'b', recency: [2, 3, 4] },
    ]
    expect(faults({ segments }).map((message) => message.split(' ').slice(5).join(' '))).toEqual([
      'belong to no segment: 511, 512, 513, 514, 515 …',
      expect.stringMatching(/^belong to several segments: 211 \(a, b\), /),
    ])
    expect(faults({ segments: [{ name: 'a', recency: [0, 1, 2, 3, 4, 5] }] })).not.toEqual([])
    expect(faults({ segments: [{ name: 'Prospect' }] })).toContain(
      'Prospect is the segment of users without an order; choose another name',
    )
  })
})

/** Cuts the scores into groups, so that each is in just one. */
function cut(random: Random): number[][] {
  const groups = Array.from({ length: random.whole(1, 3) }, (): number[] => [])
  for (const score of random.shuffled(SCORES)) random.pick(groups).push(score)
  return groups.filter((group) => group.length > 0)
}

/** A segment table in random order, and the name of each score as it was made. */
function randomSegments(random: Random) {
  const nameOf = new Map<string, string>()
  const segments: { name: string; recency: number[]; frequency: number[]; monetary: number[] }[] = []
  for (const recency of cut(random)) {
    for (const frequency of cut(random)) {
      for (const monetary of cut(random)) {
        const name = random.pick(['VIP', 'Regular', 'Sleeping', 'Gone, long ago', '=New', 'x'])
        segments.push({ name, recency, frequency, monetary })
        for (const r of recency)
          for (const f of frequency) for (const m of monetary) nameOf.set(`${r}${f}${m}`, name)
      }
    }
  }
  return { segments: random.shuffled(segments), nameOf }
}

const { seed, name } = seedOf(77)

describe(`random segment tables, ${name}`, () => {
  test('give each score its segment', () => {
    const random = new Random(seed)
    for (let i = 0; i < 200; i++) {
      const { segments, nameOf } = randomSegments(random)
      const rules: RfmRules = rfmSchema.parse({ segments })
      const names = segmentNames(rules)
      expect(names[0]).toBe('Prospect')
      for (const r of SCORES)
        for (const f of SCORES)
          for (const m of SCORES)
            expect(names[segmentOf(rules, r, f, m)], `${i}: ${r}${f}${m}`).toBe(nameOf.get(`${r}${f}${m}`))
    }
  })

  test('in the table of users, with random limits', () => {
    const random = new Random(seed)
    const rising = (from: number, step: number) =>
      [1, 2, 3, 4].map((_, i, all) => from + all.slice(0, i).reduce((sum) => sum + random.whole(1, step), i))
    for (let i = 0; i < 20; i++) {
      const { segments, nameOf } = randomSegments(random)
      const recency = rising(random.whole(0, 5), 10).sort((a, b) => a - b)
      const frequency = rising(1, 1)
        .sort((a, b) => b - a)
        .map((limit, place, all) => limit + (all.length - place))
      const monetary = [40, 30, 20, 10].map((limit) => limit + random.whole(0, 9) / 2)
      const users = Array.from({ length: 40 }, (_, user) =>
        Array.from({ length: random.whole(1, 12) }, (_, order) => ({
          user_id: `u${user}`,
          session_id: 's',
          order_id: `o${user}-${order}`,
          time: `2025-01-${String(random.whole(1, 31)).padStart(2, '0')}`,
          total_price: random.whole(0, 12) / 2,
        })),
      )
      const { rows } = aggregated(
        user_lifetime_metrics,
        { user_table: [{ user_id: 'none' }], order_table: users.flat() },
        { asOf: '2025-01-31', rules: { rfm: { recency, frequency, monetary, segments } } },
      )
      const expected = new Map(
        users.map((orders) => {
          const days = 31 - Math.max(...orders.map(({ time }) => Number(time.slice(8))))
          const revenue = orders.reduce((sum, { total_price }) => sum + total_price, 0)
          const score = [
            5 - recency.filter((limit) => days > limit).length,
            1 + frequency.filter((limit) => orders.length >= limit).length,
            1 + monetary.filter((limit) => revenue >= limit).length,
          ].join('')
          return [orders[0]!.user_id, `${score} ${nameOf.get(score)}`]
        }),
      )
      const given = rows.map((row) => [row.user_id!, `${row.rfm_score} ${row.rfm_segment}`] as const)
      expect(new Map(given.filter(([user]) => user !== 'none'))).toEqual(expected)
      expect(new Map(given).get('none')).toBe(' Prospect')
    }
  })
})

describe('purchase frequency buckets', () => {
  const bucketsOf = (purchaseFrequencyBuckets: unknown, counts: readonly number[]) => {
    const order_table = counts.flatMap((count, user) =>
      Array.from({ length: count }, (_, order) => ({
        user_id: `u${user}`,
        session_id: 's',
        order_id: `${user}-${order}`,
        time: '2025-01-01',
        total_price: 0,
      })),
    )
    const user_table = counts.map((_, user) => ({ user_id: `u${user}` }))
    const rules = { purchaseFrequencyBuckets }
    const { rows } = aggregated(user_lifetime_metrics, { user_table, order_table }, { rules })
    return columnsOf(rows, 'user_id', 'purchase_frequency_bucket')
  }

  test('of the shop, from their number of orders up to the next', () => {
    const buckets = [
      { name: 'none', from: 0 },
      { name: 'some', from: 2 },
      { name: 'many', from: 5 },
    ]
    expect(bucketsOf(buckets, [0, 1, 2, 4, 5, 9])).toEqual([
      'u0 none',
      'u1 none',
      'u2 some',
      'u3 some',
      'u4 many',
      'u5 many',
    ])
    expect(bucketsOf([{ name: 'all', from: 0 }], [0, 3])).toEqual(['u0 all', 'u1 all'])
  })

  test.each([
    [[{ name: 'a', from: 1 }], 'the first bucket must be from 0, so that every user has one'],
    [
      [
        { name: 'a', from: 0 },
        { name: 'b', from: 0 },
      ],
      'from must rise',
    ],
    [
      [
        { name: 'a', from: 0 },
        { name: 'a', from: 1 },
      ],
      'two buckets have one name',
    ],
  ])('%j is refused', (purchaseFrequencyBuckets, message) => {
    const parsed = rulesSchema.safeParse({ purchaseFrequencyBuckets })
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message])
  })
})
