import { expect, test } from 'vitest'
import { session_attribution } from '../../src/aggregators/session_attribution/index.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const attribution = (rows: Rows) => aggregated(session_attribution, rows).rows

const order = (order_id: string, session_id: string, time: string, total_price: number, user_id = 'u') => ({
  user_id,
  session_id,
  order_id,
  time,
  total_price,
})

test('the first order is that by (time, order_id); revenue is of all', () => {
  const rows = attribution({
    session_table: [
      { user_id: 'u', session_id: 's1', time: '2025-01-01T10:00', utm_source: 'google', utm_medium: 'cpc' },
      { user_id: 'u', session_id: 's2', time: '2025-01-01T10:00' },
    ],
    order_table: [
      order('o9', 's1', '2025-01-01T10:05', 1),
      order('o2', 's1', '2025-01-01T10:01:30', 2),
      order('o10', 's1', '2025-01-01T10:01:30', 5.5),
    ],
  })
  const shown = [
    'session_id',
    'converted',
    'revenue',
    'order_id',
    'order_count',
    'time_to_conversion_minutes',
  ]
  expect(columnsOf(rows, ...shown)).toEqual(['s1 1 8.50 o10 3 1.50', 's2 0 0.00 . 0 .'])
  expect(
    columnsOf(rows, 'utm_source', 'utm_medium', 'utm_campaign', 'channel_group', 'session_number'),
  ).toEqual(['google cpc direct Paid Search 1', 'direct direct direct Direct 2'])
})

test('a first order before the start leaves the time empty, at the start it is 0', () => {
  const rows = attribution({
    session_table: [
      { user_id: 'u', session_id: 'a', time: '2025-01-01T10:00' },
      { user_id: 'u', session_id: 'b', time: '2025-01-01T10:00' },
    ],
    order_table: [
      order('o1', 'a', '2025-01-01T09:59:59.999', 1),
      order('o2', 'a', '2025-01-01T11:00', 1),
      order('o3', 'b', '2025-01-01T10:00', 1),
    ],
  })
  expect(columnsOf(rows, 'session_id', 'converted', 'time_to_conversion_minutes')).toEqual([
    'a 1 .',
    'b 1 0.00',
  ])
})

test('a session known only from orders: date and user of its first one, the rest unattributed or empty', () => {
  const rows = attribution({
    session_table: [{ user_id: 'u', session_id: 'known', time: '2025-01-02', country: 'NA' }],
    order_table: [
      order('o2', 'ghost', '2025-01-03', 3, 'later'),
      order('o1', 'ghost', '2025-01-01T23:00', 4, 'first'),
    ],
  })
  expect(rows).toEqual([
    {
      session_id: 'ghost',
      user_id: 'first',
      date: '2025-01-01',
      utm_source: '(unattributed)',
      utm_medium: '(unattributed)',
      utm_campaign: '(unattributed)',
      country: '',
      device_type: '',
      platform: '',
      converted: '1',
      revenue: '7.00',
      order_id: 'o1',
      order_count: '2',
      channel_group: '(unattributed)',
      landing_page: '',
      session_number: '',
      time_to_conversion_minutes: '',
    },
    {
      session_id: 'known',
      user_id: 'u',
      date: '2025-01-02',
      utm_source: 'direct',
      utm_medium: 'direct',
      utm_campaign: 'direct',
      country: 'NA',
      device_type: '',
      platform: '',
      converted: '0',
      revenue: '0.00',
      order_id: '',
      order_count: '0',
      channel_group: 'Direct',
      landing_page: '',
      session_number: '1',
      time_to_conversion_minutes: '',
    },
  ])
})

test('session numbers go by time, then by session_id; the rows by date, then by session_id in bytes', () => {
  const session = (session_id: string, user_id: string, time: string) => ({ session_id, user_id, time })
  const rows = attribution({
    session_table: [
      session('\u{1F600}', 'u', '2025-01-01T05:00'),
      session('\uFF5E', 'u', '2025-01-01T05:00'),
      session('z', 'u', '2025-01-01T04:00'),
      session('a', 'v', '2025-01-02'),
      session('b', 'u', '2025-01-02'),
    ],
  })
  expect(columnsOf(rows, 'session_id', 'session_number')).toEqual([
    'z 1',
    '\uFF5E 2',
    '\u{1F600} 3',
    'a 1',
    'b 4',
  ])
})

test('a literal utm text is kept: direct, NULL, (unattributed)', () => {
  const rows = attribution({
    session_table: [
      { user_id: 'u', session_id: 's', time: '2025-01-01', utm_source: 'NULL', utm_medium: '(unattributed)' },
    ],
  })
  expect(columnsOf(rows, 'utm_source', 'utm_medium', 'utm_campaign', 'channel_group')).toEqual([
    'NULL (unattributed) direct Unassigned',
  ])
})
