import { describe, expect, test } from 'vitest'
import { columnTest, filtersSchema, parseIpRange } from '../../src/rules/filters.ts'
import { rulesSchema } from '../../src/rules/rules.ts'

function placesOf(given: object): string[] | undefined {
  return rulesSchema.safeParse(given).error?.issues.map(({ path }) => path.join('.'))
}

describe('ranges of addresses', () => {
  test.each([
    ['10.0.0.0/8', { family: 'ipv4', network: '10.0.0.0', prefix: 8 }],
    ['0.0.0.0/0', { family: 'ipv4', network: '0.0.0.0', prefix: 0 }],
    ['10.0.0.1', { family: 'ipv4', network: '10.0.0.1', prefix: 32 }],
    ['::1', { family: 'ipv6', network: '::1', prefix: 128 }],
    ['2001:db8::/32', { family: 'ipv6', network: '2001:db8::', prefix: 32 }],
    ['::ffff:10.0.0.0/104', { family: 'ipv6', network: '::ffff:10.0.0.0', prefix: 104 }],
    ['10.0.0.1-10.0.0.9', { family: 'ipv4', first: '10.0.0.1', last: '10.0.0.9' }],
    ['10.0.0.1-10.0.0.1', { family: 'ipv4', first: '10.0.0.1', last: '10.0.0.1' }],
    ['10.0.0.9-10.0.0.10', { family: 'ipv4', first: '10.0.0.9', last: '10.0.0.10' }],
    ['::1-::ff', { family: 'ipv6', first: '::1', last: '::ff' }],
  ])('%s', (text, range) => {
    expect(parseIpRange(text)).toEqual(range)
  })

  test.each([
    '',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    ' 10.0.0.1',
    '10.0.0.*',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/8.0',
    '10.0.0.0/255.0.0.0',
    '::/129',
    '/8',
    '10.0.0.1-',
    '-10.0.0.1',
    '10.0.0.1-10.0.0.2-10.0.0.3',
    '10.0.0.1 - 10.0.0.9',
    '10.0.0.1-9',
    '10.0.0.1-::1',
    '10.0.0.0/8-11.0.0.0/8',
    // The last before the first.
    '10.0.0.9-10.0.0.1',
    '10.0.0.10-10.0.0.9',
    '::ff-::1',
  ])('%j is none', (text) => {
    expect(parseIpRange(text)).toBeUndefined()
    const parsed = filtersSchema.safeParse({ ips: ['::1', text] })
    expect(parsed.error?.issues).toMatchObject([{ path: ['ips', 1] }])
    expect(parsed.error?.issues[0]?.message).toContain(`'${text}' is not an IP address, a network`)
  })
})

test.each([
  { testUsers: ['u1', 'u 2', '__proto__'] },
  { users: ['u1', { prefix: 'test-' }], sessions: [{ regex: '^qa' }] },
  { paths: ['/admin', { glob: '/internal/**' }] },
  { ordersBelow: 0 },
  { ordersBelow: 0.0001 },
  { ordersBelow: 1_000_000_000 },
  { columns: [{ table: 'order_table', column: 'financial_status', in: ['voided', 'refunded'] }] },
  { columns: [{ table: 'user_table', column: 'Is Test', equals: '1' }] },
  { columns: [{ table: 'click_table', column: 'agent', matches: 'bot' }] },
  { columns: [{ table: 'click_table', column: '__proto__', prefix: 'x ' }] },
])('%j are filters', (given) => {
  expect(filtersSchema.parse(given)).toMatchObject(given)
})

test.each([
  [{ testUsers: [''] }, 'filters.testUsers.0'],
  [{ testUsers: [7] }, 'filters.testUsers.0'],
  [{ users: [{}] }, 'filters.users.0'],
  [{ sessions: [{ regex: '(' }] }, 'filters.sessions.0.regex'],
  [{ paths: '/p' }, 'filters.paths'],
  [{ paths: [{ glob: '[z-a]' }] }, 'filters.paths.0.glob'],
  [{ ordersBelow: -1 }, 'filters.ordersBelow'],
  [{ ordersBelow: 0.00001 }, 'filters.ordersBelow'],
  [{ ordersBelow: 1.00001 }, 'filters.ordersBelow'],
  [{ ordersBelow: '5' }, 'filters.ordersBelow'],
  [{ ordersBelow: Number.NaN }, 'filters.ordersBelow'],
  [{ ordersBelow: 1_000_000_001 }, 'filters.ordersBelow'],
  [{ user: ['u1'] }, 'filters'],
  [{ columns: [{ table: 'orders', column: 'status', equals: 'x' }] }, 'filters.columns.0.table'],
  [{ columns: [{ table: 'order_table', column: '', equals: 'x' }] }, 'filters.columns.0.column'],
  [{ columns: [{ table: 'order_table', column: ' status', equals: 'x' }] }, 'filters.columns.0.column'],
  [{ columns: [{ table: 'order_table', column: 'status' }] }, 'filters.columns.0'],
  [{ columns: [{ table: 'order_table', column: 'status', equals: 'x', prefix: 'y' }] }, 'filters.columns.0'],
  [{ columns: [{ table: 'order_table', column: 'status', equals: '' }] }, 'filters.columns.0.equals'],
  [{ columns: [{ table: 'order_table', column: 'status', equals: true }] }, 'filters.columns.0.equals'],
  [{ columns: [{ table: 'order_table', column: 'status', in: [] }] }, 'filters.columns.0.in'],
  [{ columns: [{ table: 'order_table', column: 'status', in: ['x '] }] }, 'filters.columns.0.in.0'],
  [{ columns: [{ table: 'order_table', column: 'status', matches: '(?=x)' }] }, 'filters.columns.0.matches'],
])('%j is refused at %s', (filters, at) => {
  expect(placesOf({ filters })).toEqual([at])
})

test.each([
  [{ equals: 'void' }, ['void'], ['Void', 'voided', 'a void']],
  [{ in: ['void', 'test'] }, ['void', 'test'], ['testing', '']],
  [{ prefix: 'te' }, ['te', 'test'], ['Test', 'a test']],
  [{ matches: '^v.*d$' }, ['void', 'vd'], ['voids', 'Void']],
])('%j of a column', (question, fitting, others) => {
  const fits = columnTest([{ table: 'order_table', column: 'status', ...question }])
  expect(fitting.filter((text) => !fits(text))).toEqual([])
  expect(others.filter(fits)).toEqual([])
})

test('of several filters of a column one must fit', () => {
  const of = { table: 'order_table', column: 'status' } as const
  const fits = columnTest([
    { ...of, equals: 'void' },
    { ...of, prefix: 'test' },
  ])
  expect(['void', 'test-7', 'paid'].map(fits)).toEqual([true, true, false])
})
