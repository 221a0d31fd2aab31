import { expect, test } from 'vitest'
import { checkoutViewRules } from '../../src/rules/funnel.ts'
import { dedupes, defaultRules, rulesSchema } from '../../src/rules/rules.ts'

test('the defaults are those of the SPEC', () => {
  expect(defaultRules).toMatchObject({
    timezone: 'UTC',
    timeFormats: [],
    nullValues: [],
    maxRejectRate: 0.01,
    funnel: { productView: ['/product/', '/products/'], steps: {} },
    timeOnPageCap: 1800,
    rfm: {
      recency: [30, 90, 180, 365],
      frequency: [10, 5, 3, 2],
      monetary: [1000, 500, 200, 50],
    },
    channels: { rules: [], sources: { search: [], social: [], video: [], shopping: [] } },
    coupons: {},
    listPrices: {},
    filters: { testUsers: [], users: [], sessions: [], ips: [], paths: [] },
    negativeOrders: 'refund',
    privacy: { hashIds: [] },
  })
  expect(defaultRules.totalPrice).toBeUndefined()
  expect(defaultRules.filters.ordersBelow).toBeUndefined()
  expect(checkoutViewRules(defaultRules.funnel)).toEqual(['/checkout'])
  expect(Object.values(defaultRules.rawTables)).toEqual(
    Array(10).fill({ dedupe: true, optional: [], keep: 'first' }),
  )
})

test.each([
  ['session_table', 'session_id', 'session_id of session_table cannot be optional; here user_id can'],
  ['user_table', 'user_id', 'user_id of user_table cannot be optional; here no column can'],
  ['add_to_cart_table', 'user_id', 'user_id may be empty in add_to_cart_table already'],
])('%s.%s cannot be made optional, and the message says what can', (table, column, message) => {
  const given = rulesSchema.safeParse({ rawTables: { [table]: { optional: [column] } } })
  expect(given.error?.issues.map((issue) => issue.message)).toEqual([message])
})

test.each([
  ['session_table', ['user_id']],
  ['order_table', ['user_id', 'session_id']],
  ['add_to_cart_table', ['session_id']],
  ['pageview_table', ['user_id', 'session_id']],
])('%s: %j may be empty', (table, columns) => {
  expect(rulesSchema.safeParse({ rawTables: { [table]: { optional: columns } } }).success).toBe(true)
})

test.each([
  { maxRejectRate: 0 },
  { maxRejectRate: 1 },
  { timezone: 'Europe/Berlin' },
  { timeFormats: ['dd-MM-yyyy', 'MM/dd/yyyy HH:mm'] },
  { nullValues: ['NA', 'NULL', ''] },
  { funnel: { productView: ['/p/'] } },
  { rawTables: { order_table: { keep: 'last' }, click_table: { keep: 'first', dedupe: false } } },
  { rawTables: { add_to_cart_table: { key: ['event_id', 'product_name'], keep: 'last' } } },
  { timeOnPageCap: 1 },
])('%j is a setting', (given) => {
  expect(rulesSchema.parse(given)).toMatchObject(given)
})

test.each([
  [{ rawTables: { order_table: { optional: ['order_id'] } } }, 'rawTables'],
  [{ rawTables: { user_table: { optional: ['user_id'] } } }, 'rawTables'],
  [{ rawTables: { session_table: { optional: ['session_id'] } } }, 'rawTables'],
  [{ rawTables: { add_to_cart_table: { optional: ['user_id'] } } }, 'rawTables'],
  [{ negativeOrders: 'refunds' }, 'negativeOrders'],
  [{ maxRejectRate: 1.01 }, 'maxRejectRate'],
  [{ maxRejectRate: -0.01 }, 'maxRejectRate'],
  [{ maxRejectRate: Number.NaN }, 'maxRejectRate'],
  [{ maxRejectRate: '0.5' }, 'maxRejectRate'],
  [{ timezone: 'Berlin' }, 'timezone'],
  [{ rawTables: { order_table: { timezone: 'Berlin' } } }, 'rawTables'],
  [{ timeFormats: ['dd-MM-yyyy', 'dd-MM'] }, 'timeFormats'],
  [{ timeFormats: ['yyyy-dd-MM'] }, 'timeFormats'],
  [{ funnel: { productView: [''] } }, 'funnel'],
  [{ nullValues: [' NA'] }, 'nullValues'],
  [{ filters: { testUsers: ['u1 '] } }, 'filters'],
  [{ coupons: { 'TEN ': { percent: 10 } } }, 'coupons'],
  [{ listPrices: { '\tMug': 1 } }, 'listPrices'],
  [{ rawTables: { order_table: { keep: 'newest' } } }, 'rawTables'],
  [{ rawTables: { click_table: { keep: 'last', dedupe: false } } }, 'rawTables'],
  [{ rawTables: { order_table: { key: ['order_id', 'time'] } } }, 'rawTables'],
  [{ rawTables: { click_table: { key: [] } } }, 'rawTables'],
  [{ rawTables: { click_table: { key: ['path', 'path'] } } }, 'rawTables'],
  [{ rawTables: { click_table: { key: ['path'], dedupe: false } } }, 'rawTables'],
  [{ timeOnPageCap: 0 }, 'timeOnPageCap'],
  [{ timeOnPageCap: 1.5 }, 'timeOnPageCap'],
])('%j is refused at %s', (given, at) => {
  const parsed = rulesSchema.safeParse(given)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([at])
})

test('an unknown setting is refused, so that a misspelt one is noticed', () => {
  expect(rulesSchema.safeParse({ timezome: 'UTC' }).success).toBe(false)
  expect(rulesSchema.safeParse({ funnel: { productViews: ['/p/'] } }).success).toBe(false)
})

test('all problems at once', () => {
  const parsed = rulesSchema.safeParse({ timezone: 'Berlin', maxRejectRate: 2, timeFormats: ['dd'] })
  expect(parsed.error?.issues).toHaveLength(3)
})

test.each(['order_line_item_table', 'add_to_cart_table', 'pageview_table', 'scroll_table', 'click_table'])(
  'repeated keys of %s may be kept, and are not unless that is said',
  (table) => {
    const kept = rulesSchema.parse({ rawTables: { [table]: { dedupe: false } } })
    expect(dedupes(kept, table)).toBe(false)
    expect(Object.values(kept.rawTables).filter(({ dedupe }) => dedupe)).toHaveLength(9)
    expect(dedupes(defaultRules, table)).toBe(true)
  },
)

test.each([
  ['user_table', 'user_id'],
  ['session_table', 'session_id'],
  ['order_table', 'order_id'],
])('repeated keys of %s may not be kept, since rows are joined by %s', (table, key) => {
  const parsed = rulesSchema.safeParse({ rawTables: { [table]: { dedupe: false } } })
  expect(parsed.error?.issues).toMatchObject([
    { path: ['rawTables', table, 'dedupe'], message: expect.stringContaining(`rows are joined by ${key}`) },
  ])
  expect(rulesSchema.safeParse({ rawTables: { [table]: { dedupe: true } } }).success).toBe(true)
})
