import { expect, test } from 'vitest'
import { page_engagement_metrics } from '../../src/aggregators/page_engagement_metrics/index.ts'
import { aggregated, columnsOf, type Rows } from '../support/collections.ts'

const pages = (rows: Rows, rules: Readonly<Record<string, unknown>> = {}) =>
  aggregated(page_engagement_metrics, rows, { rules }).rows

let events = 0
const view = (session_id: string, time: string, path: string, user_id = 'u') => ({
  event_id: `v${events++}`,
  user_id,
  session_id,
  time: `2025-01-01T${time}`,
  path,
})
const scroll = (session_id: string | null, path: string, scroll_percent: number) => ({
  event_id: `r${events++}`,
  session_id,
  time: '2025-01-01',
  path,
  scroll_percent,
})
const click = (path: string, time = '2025-01-01') => ({ event_id: `k${events++}`, time, path })

const JOURNEY = [
  'path',
  'pageviews',
  'entrances',
  'exits',
  'bounces',
  'bounce_rate',
  'exit_rate',
  'avg_time_on_page_seconds',
]

test('entrances, exits and bounces of journeys', () => {
  const rows = pages({
    pageview_table: [
      view('s1', '10:00', '/a'),
      view('s1', '10:01', '/b'),
      view('s1', '10:03:30', '/a'),
      view('s2', '10:00', '/a'),
      view('s3', '10:00', '/b'),
      view('s3', '10:00:00.005', '/b'),
    ],
  })
  expect(columnsOf(rows, ...JOURNEY)).toEqual([
    // /a: 60 s until /b; the other two are last views.
    '/a 3 2 2 1 50.00 66.67 60.00',
    // /b: 150 s and 0.005 s, a mean of 75.0025.
    '/b 3 1 1 0 0.00 33.33 75.00',
  ])
})

test('equal times are put in order by path', () => {
  const rows = pages({
    pageview_table: [
      view('s', '10:00', '/c'),
      view('s', '10:00', '/a'),
      view('s', '10:00', '/b'),
      view('s', '10:00', '/b'),
    ],
  })
  expect(columnsOf(rows, ...JOURNEY)).toEqual([
    '/b 2 0 0 0 . 0.00 0.00',
    '/a 1 1 0 0 0.00 0.00 0.00',
    '/c 1 0 1 0 . 100.00 .',
  ])
})

test('time on page is capped, each by itself', () => {
  const rows = (rules: Readonly<Record<string, unknown>>) =>
    columnsOf(
      pages(
        { pageview_table: [view('s', '10:00', '/a'), view('s', '10:00:10', '/a'), view('s', '11:00', '/b')] },
        rules,
      ),
      'avg_time_on_page_seconds',
    )
  expect(rows({})).toEqual(['905.00', '.'])
  expect(rows({ timeOnPageCap: 10 })).toEqual(['10.00', '.'])
  expect(rows({ timeOnPageCap: 86_400 })).toEqual(['1800.00', '.'])
})

test('a session across midnight enters on one day and leaves on the next', () => {
  const late = { event_id: 'late', user_id: 'u', session_id: 's', path: '/a', time: '2025-01-02' }
  const rows = pages({ pageview_table: [view('s', '23:59:30', '/a'), late] })
  expect(columnsOf(rows, 'date', ...JOURNEY.slice(1))).toEqual([
    '2025-01-01 1 1 0 0 0.00 0.00 30.00',
    '2025-01-02 1 0 1 0 . 100.00 .',
  ])
})

test('scroll depth is a mean of events, and of the deepest of each session; without a session only the first', () => {
  const rows = pages({
    pageview_table: [
      view('s1', '10:00', '/a', 'u1'),
      view('s2', '10:00', '/a', 'u1'),
      view('s2', '10:01', '/a', 'u2'),
    ],
    scroll_table: [
      scroll('s1', '/a', 10),
      scroll('s1', '/a', 90.5),
      scroll('s2', '/a', 33.3333),
      scroll(null, '/a', 100),
      scroll(null, '/only scrolled', 0),
    ],
    click_table: [click('/a'), click('/a', '2025-01-01T23:59:59.999'), click('/only clicked')],
  })
  expect(
    columnsOf(
      rows,
      'path',
      'pageviews',
      'unique_users',
      'sessions_with_page',
      'avg_scroll_depth',
      'avg_max_scroll_depth',
      'total_clicks',
    ),
  ).toEqual([
    // 233.8333 / 4 = 58.458325; (90.5 + 33.3333) / 2 = 61.91665
    '/a 3 2 2 58.46 61.92 2',
    '/only clicked 0 0 0 . . 1',
    '/only scrolled 0 0 0 0.00 . 0',
  ])
  expect(
    columnsOf(rows, 'entrances', 'bounce_rate', 'exit_rate', 'avg_time_on_page_seconds').slice(1),
  ).toEqual(['0 . . .', '0 . . .'])
})
