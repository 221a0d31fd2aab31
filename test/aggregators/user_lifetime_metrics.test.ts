import { describe, expect, test } from 'vitest'
import { user_lifetime_metrics } from '../../src/aggregators/user_lifetime_metrics/index.ts'
import {
  frequencyBucket,
  frequencyScore,
  monetaryScores,
  recencyScore,
  segmentNames,
  segmentOf,
} from '../../src/aggregators/user_lifetime_metrics/rfm.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const lifetime = (rows: Rows, asOf = '2025-12-31') => aggregated(user_lifetime_metrics, rows, { asOf }).rows

const order = (user_id: string, order_id: string, time: string, total_price = 10) => ({
  user_id,
  session_id: 's',
  order_id,
  time,
  total_price,
})

test('a row for everyone in user_table or order_table, by exact revenue, then by user_id', () => {
  const rows = lifetime({
    user_table: [{ user_id: 'b', has_purchase_last_year: 1, has_purchase_last_qtr: null }, { user_id: 'a' }],
    session_table: [{ user_id: 'visitor', session_id: 's', time: '2025-01-01' }],
    order_table: [
      order('rich', 'o1', '2025-01-01', 0.0001),
      order('poor', 'o2', '2025-01-01', -3),
      order('zero', 'o3', '2025-01-01', 0),
    ],
  })
  expect(
    columnsOf(
      rows,
      'user_id',
      'total_revenue',
      'total_orders',
      'has_purchase_last_year',
      'has_purchase_last_qtr',
    ),
  ).toEqual(['rich 0.00 1 . .', 'a 0.00 0 . .', 'b 0.00 0 1 .', 'zero 0.00 1 . .', 'poor -3.00 0 . .'])
})

test('a prospect has no dates, days, averages and scores', () => {
  const [row] = lifetime({ user_table: [{ user_id: 'u' }] })
  expect(row).toEqual({
    user_id: 'u',
    first_order_date: '',
    last_order_date: '',
    total_orders: '0',
    total_revenue: '0.00',
    avg_order_value: '',
    days_since_last_order: '',
    rfm_recency_score: '',
    rfm_frequency_score: '',
    rfm_monetary_score: '',
    rfm_score: '',
    rfm_segment: 'Prospect',
    has_purchase_last_year: '',
    has_purchase_last_qtr: '',
    total_discount: '0.00',
    total_sessions: '0',
    purchase_frequency_bucket: '0 orders',
    days_between_order_1_and_order_2: '',
    avg_days_between_orders: '',
    cohort_month: '',
    first_touch_channel: '',
  })
})

test('dates of the history', () => {
  const history = [
    'first_order_date',
    'last_order_date',
    'cohort_month',
    'days_between_order_1_and_order_2',
    'avg_days_between_orders',
  ]
  const rows = lifetime({
    order_table: [
      order('one', 'o1', '2025-01-31T23:59:59.999'),
      order('same day', 'o2', '2025-01-01T09:00'),
      order('same day', 'o3', '2025-01-01T08:00'),
      order('three', 'o4', '2025-03-10'),
      order('three', 'o5', '2025-02-27T23:00'),
      order('three', 'o6', '2025-03-01T01:00'),
    ],
  })
  expect(columnsOf(rows, 'user_id', ...history)).toEqual([
    'three 2025-02-27 2025-03-10 2025-02 2 5.50',
    'same day 2025-01-01 2025-01-01 2025-01 0 0.00',
    'one 2025-01-31 2025-01-31 2025-01 . .',
  ])
})

test('days since the last order are not below 0', () => {
  const days = (asOf: string) =>
    columnsOf(
      lifetime({ order_table: [order('u', 'o', '2025-06-30')] }, asOf),
      'days_since_last_order',
      'rfm_recency_score',
    )
  expect(days('2025-06-29')).toEqual(['0 5'])
  expect(days('2025-06-30')).toEqual(['0 5'])
  expect(days('2025-07-30')).toEqual(['30 5'])
  expect(days('2025-07-31')).toEqual(['31 4'])
  expect(days('2026-06-30')).toEqual(['365 2'])
  expect(days('2026-07-01')).toEqual(['366 1'])
})

test('the first touch is the channel of session number 1; sessions of others do not count', () => {
  const session = (session_id: string, time: string, utm_source: string | null, user_id = 'u') => ({
    user_id,
    session_id,
    time,
    utm_source,
  })
  const rows = lifetime({
    user_table: [{ user_id: 'u' }, { user_id: 'v' }],
    session_table: [
      session('b', '2025-01-01', 'google'),
      session('a', '2025-01-01', 'facebook'),
      session('c', '2024-12-31T23:59', null, 'w'),
      session('d', '2025-01-02', 'newsletter'),
    ],
  })
  expect(columnsOf(rows, 'user_id', 'total_sessions', 'first_touch_channel')).toEqual([
    'u 3 Organic Social',
    'v 0 .',
  ])
})

test('a refund lowers revenue and average, and is no order', () => {
  const rows = lifetime({
    order_table: [order('u', 'o1', '2025-01-01', 50), order('u', 'o2', '2025-01-02', -0.0001)],
  })
  expect(columnsOf(rows, 'total_orders', 'total_revenue', 'avg_order_value', 'rfm_monetary_score')).toEqual([
    '1 50.00 50.00 1',
  ])
})

const { rfm, purchaseFrequencyBuckets: buckets } = defaultRules

describe('scores, at both sides of each bound', () => {
  test('recency', () => {
    expect([0, 30, 31, 90, 91, 180, 181, 365, 366, 9999].map((days) => recencyScore(rfm, days))).toEqual([
      5, 5, 4, 4, 3, 3, 2, 2, 1, 1,
    ])
  })

  test('frequency', () => {
    expect([1, 2, 3, 4, 5, 9, 10, 99].map((orders) => frequencyScore(rfm, orders))).toEqual([
      1, 2, 3, 3, 4, 4, 5, 5,
    ])
  })

  test('monetary, on the exact value', () => {
    const units = [-1, 0, 49.9999, 50, 199.9999, 200, 499.9999, 500, 999.9999, 1000]
    expect(units.map((unit) => monetaryScores(rfm)(Math.round(unit * 10_000)))).toEqual([
      1, 1, 1, 2, 2, 3, 3, 4, 4, 5,
    ])
    expect([monetaryScores(rfm)(10n ** 30n), monetaryScores(rfm)(-(10n ** 30n))]).toEqual([5, 1])
  })

  test('buckets', () => {
    expect(
      [0, 1, 2, 3, 5, 6, 10, 11, 500].map((orders) => buckets[frequencyBucket(buckets, orders)]!.name),
    ).toEqual([
      '0 orders',
      '1 order',
      '2 orders',
      '3-5 orders',
      '3-5 orders',
      '6-10 orders',
      '6-10 orders',
      '11+ orders',
      '11+ orders',
    ])
  })

  test('segments of all 125 scores', () => {
    // Rows by recency 1 to 5, columns by frequency 1 to 5; the monetary score only makes champions.
    const withoutMoney = [
      ['Lost', 'Lost', 'At Risk', 'At Risk', 'At Risk'],
      ['Needs Attention', 'Needs Attention', 'At Risk', 'At Risk', 'At Risk'],
      ['New Customer', 'Potential Loyalist', 'Potential Loyalist', 'Loyal Customer', 'Loyal Customer'],
      ['New Customer', 'Potential Loyalist', 'Potential Loyalist', 'Loyal Customer', 'Loyal Customer'],
      ['New Customer', 'Potential Loyalist', 'Potential Loyalist', 'Loyal Customer', 'Loyal Customer'],
    ]
    for (let recency = 1; recency <= 5; recency++) {
      for (let frequency = 1; frequency <= 5; frequency++) {
        for (let monetary = 1; monetary <= 5; monetary++) {
          const isChampion = Math.min(recency, frequency, monetary) >= 4
          const expected = isChampion ? 'Champion' : withoutMoney[recency - 1]![frequency - 1]
          expect(
            segmentNames(rfm)[segmentOf(rfm, recency, frequency, monetary)],
            `${recency}${frequency}${monetary}`,
          ).toBe(expected)
        }
      }
    }
  })
})
