import { expect, test } from 'vitest'
import { findingsIn, type ShopRows, times } from '../../support/finding-shop.ts'

const found = (rows: ShopRows, options = {}) =>
  findingsIn({ session_table: ['u,s,2025-01-01'], ...rows }, 'texts_in_several_spellings', options)
const views = (...paths: string[]) => paths.map((path, i) => `v${i},u,s,2025-01-01,${path}`)
const orders = (...coupons: string[]) =>
  coupons.map((coupon, i) => `u,s,o${i},2025-01-01,${2 ** i},${coupon}`)

test('pages: how many, in how many spellings and rows, and by what they differ', async () => {
  const [finding, ...others] = await found({
    pageview_table: views(
      '/p/cafe',
      '/p/cafe/',
      '/P/Cafe',
      '/p/cafe?fbclid=1',
      '/p/caf%C3%A9',
      '/p/café',
      '/x',
    ),
    scroll_table: ['r,s,2025-01-01,5,/p/cafe/'],
    click_table: ['k,s,2025-01-01,/p/CAFE'],
  })
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    severity: 'warning',
    details: {
      of: 'paths',
      texts: 2,
      spellings: 7,
      rows: 8,
      'path 1: /p/cafe': '5 spellings, 6 rows, by a query, capitals, a final /',
      'path 2: /p/café': '2 spellings, 2 rows, by percent-encoding',
    },
  })
})

test('coupons with the money of their orders and refunds, by their usual spelling', async () => {
  const [finding] = await found({
    // 1 + 2 + 4 + 16 = 23, less 3; the 8 is of another one.
    order_table: [...orders('SAVE', 'save', 'SAVE', 'other', 'Save'), 'u,s,r,2025-01-01,-3,SAVE'],
  })
  expect(finding!.details).toEqual({
    of: 'coupons',
    texts: 1,
    spellings: 3,
    rows: 5,
    money: '20.00',
    'coupon 1: SAVE': '3 spellings, 5 rows, 20.00, by capitals',
  })
  expect(finding!.advice).toContain('discount_coupon_code')
})

test('products of lines and carts, with the worth of the lines', async () => {
  const [finding] = await found({
    order_table: orders(''),
    order_line_item_table: ['l1,s,o0,2025-01-01,Blue Mug,2.5,2', 'l2,s,o0,2025-01-01,Hat,9,1'],
    add_to_cart_table: ['a1,s,2025-01-01,Blue\u00a0Mug', 'a2,s,2025-01-01,Blue\u00a0Mug'],
  })
  expect(finding!.details).toEqual({
    of: 'products',
    texts: 1,
    spellings: 2,
    rows: 3,
    money: '5.00',
    'product 1: Blue\u00a0Mug': '2 spellings, 3 rows, 5.00, by white space',
  })
})

test('campaigns with the revenue of their sessions', async () => {
  const findings = await found({
    session_table: [
      'u,s1,2025-01-01,,,google,cpc,spring sale',
      'u,s2,2025-01-01,,,Google,cpc,spring+sale',
      'u,s3,2025-01-01,,,bing,cpc,',
    ],
    order_table: ['u,s1,o1,2025-01-01,10', 'u,s2,o2,2025-01-01,20.5', 'u,s3,o3,2025-01-01,40'],
  })
  expect(findings.map(({ details }) => details)).toEqual([
    {
      of: 'sources',
      texts: 1,
      spellings: 2,
      rows: 2,
      money: '30.50',
      'source 1: google': '2 spellings, 2 rows, 30.50, by capitals',
    },
    {
      of: 'campaigns',
      texts: 1,
      spellings: 2,
      rows: 2,
      money: '30.50',
      'campaign 1: spring sale': '2 spellings, 2 rows, 30.50, by + for a blank',
    },
  ])
})

test('users whose e-mail addresses differ in capitals, by their shape', async () => {
  const rows: ShopRows = {
    user_table: ['Ann.Lee@shop.example', 'bo', 'BO'],
    order_table: ['ann.lee@shop.example,s,o1,2025-01-01,50', 'Ann.Lee@shop.example,s,o2,2025-01-01,20'],
  }
  const [hidden] = await found(rows)
  expect(hidden!.details).toEqual({
    of: 'users',
    texts: 1,
    spellings: 2,
    rows: 3,
    money: '70.00',
    "user 1: 'Aaa.Aaa@aaaa.aaaaaaa'": '2 spellings, 3 rows, 70.00, by capitals',
  })
  const [shown] = await found(rows, { showValues: true })
  expect(shown!.message).toContain('Ann.Lee@shop.example (2 spellings')
})

test('the five with most rows are named', async () => {
  const [finding] = await found({
    pageview_table: views(...[0, 1, 2, 3, 4, 5].flatMap((i) => [`/p${i}`, ...times(i + 1, () => `/p${i}/`)])),
  })
  expect(Object.keys(finding!.details).filter((name) => name.startsWith('path '))).toEqual([
    'path 1: /p5',
    'path 2: /p4',
    'path 3: /p3',
    'path 4: /p2',
    'path 5: /p1',
  ])
  expect(finding!.message).toMatch(/…$/)
})

test('silent: other texts, and texts that only rows hold which do not count', async () => {
  const rows: ShopRows = {
    session_table: ['u,s,2025-01-01,,,google,cpc,A', 'u,t,2025-01-01,,,bing,cpc,B'],
    order_table: orders('SAVE', 'SAVE10', 'save 10'),
    pageview_table: views('/a', '/b/', '/C', '/a#top'),
  }
  expect(await found(rows)).toEqual([])
  const twice = { ...rows, pageview_table: [...views('/a'), 'v0,u,s,2025-01-01,/A'] }
  expect(await found(twice)).toEqual([])
})
