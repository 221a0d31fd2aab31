import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type MemoryRun, type MemoryRunOptions, runInMemory } from '../../support/memory-run.ts'

/** A shop in which user u1 has s1 and o1, and u2 has s2 and o2; each session has one event of each kind. */
const SHOP: Readonly<Record<string, readonly string[]>> = {
  user_table: ['user_id', 'u1', 'u2'],
  session_table: ['user_id,session_id,time,IP', 'u1,s1,2024-01-01,10.0.0.1', 'u2,s2,2024-01-02,2001:db8::1'],
  order_table: [
    'user_id,session_id,order_id,time,total_price',
    'u1,s1,o1,2024-01-01,20',
    'u2,s2,o2,2024-01-02,10',
  ],
  order_line_item_table: [
    'event_id,user_id,session_id,order_id,time,product_name,product_price,product_qty',
    'l1,,,o1,2024-01-01,Mug,20,1',
    'l2,,,o2,2024-01-02,Mug,10,1',
  ],
  add_to_cart_table: [
    'event_id,user_id,session_id,time,path,product_name',
    'a1,,s1,2024-01-01,/p/1,Mug',
    'a2,,s2,2024-01-02,,Mug',
  ],
  pageview_table: [
    'event_id,user_id,session_id,time,path',
    'v1,u1,s1,2024-01-01,/p/1',
    'v2,u2,s2,2024-01-02,/',
  ],
  scroll_table: [
    'event_id,user_id,session_id,time,scroll_percent,path',
    'r1,,s1,2024-01-01,50,/p/1',
    'r2,u2,,2024-01-02,50,/',
  ],
  click_table: ['event_id,user_id,session_id,time,path', 'k1,,s1,2024-01-01,/p/1', 'k2,,,2024-01-02,/'],
}

type Rows = Readonly<Record<string, readonly string[]>>

function runShop(filters: object, changed: Rows = {}, options: MemoryRunOptions = {}): Promise<MemoryRun> {
  const files = Object.entries({ ...SHOP, ...changed }).map(([table, lines]) => [
    `${table}.csv`,
    `${lines.join('\n')}\n`,
  ])
  return runInMemory(Object.fromEntries(files), { ...options, rules: { ...options.rules, filters } })
}

/** The reasons of filtered rows by table, without `_table`; tables in which all stays are left out. */
function filteredBy({ loaded }: MemoryRun): Record<string, Record<string, number>> {
  return Object.fromEntries(
    loaded.inputs
      .filter(({ accounting }) => accounting.filtered > 0)
      .map(({ table, accounting }) => [
        table.replace('_table', ''),
        Object.fromEntries(accounting.filteredBy),
      ]),
  )
}

/** All that hangs on session s1, if it is left out for this reason. */
const allOfS1 = (reason: string) => ({
  session: { [reason]: 1 },
  order: { of_filtered_session: 1 },
  order_line_item: { of_filtered_order: 1 },
  add_to_cart: { of_filtered_session: 1 },
  pageview: { of_filtered_session: 1 },
  scroll: { of_filtered_session: 1 },
  click: { of_filtered_session: 1 },
})

const allOfU1 = {
  ...allOfS1('user'),
  user: { user: 1 },
  order: { user: 1 },
  pageview: { user: 1 },
}

describe('what belongs to a row that is left out', () => {
  test.each([
    { filters: {}, left: {} },
    { filters: { testUsers: ['u1'] }, left: allOfU1 },
    { filters: { users: [{ glob: '*1' }] }, left: allOfU1 },
    { filters: { testUsers: ['u'], users: ['U1', 'u11'] }, left: {} },
    {
      filters: { sessions: ['s1'] },
      left: {
        session: { session: 1 },
        order: { session: 1 },
        order_line_item: { of_filtered_order: 1 },
        add_to_cart: { session: 1 },
        pageview: { session: 1 },
        scroll: { session: 1 },
        click: { session: 1 },
      },
    },
    { filters: { ips: ['10.0.0.1'] }, left: allOfS1('ip') },
    {
      filters: { ordersBelow: 10.01 },
      left: { order: { order_amount: 1 }, order_line_item: { of_filtered_order: 1 } },
    },
    {
      filters: { paths: ['/p/'] },
      left: { add_to_cart: { path: 1 }, pageview: { path: 1 }, scroll: { path: 1 }, click: { path: 1 } },
    },
  ])('$filters', async ({ filters, left }) => {
    const run = await runShop(filters)
    expect(filteredBy(run)).toEqual(left)
    expect(run.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
  })

  test('a row that several filters fit is counted once, by the first of user, session, and the rest', async () => {
    const all = { testUsers: ['u1'], sessions: ['s1'], ips: ['0.0.0.0/0'], ordersBelow: 100, paths: ['/'] }
    const run = await runShop(all)
    expect(filteredBy(run)).toMatchObject({ session: { user: 1 }, order: { user: 1, order_amount: 1 } })
    expect(filteredBy(run).pageview).toEqual({ user: 1, path: 1 })
    for (const { table, accounting } of run.loaded.inputs) {
      const reasons = [...accounting.filteredBy.values()].reduce((sum, count) => sum + count, 0)
      expect(reasons, table).toBe(accounting.filtered)
    }
  })

  test('an order is left out with its session, and its lines with it, although they name no session', async () => {
    const run = await runShop({ ips: ['10.0.0.1'] })
    expect(run.inputs.order_line_item_table).toMatchObject({ filtered: 1, accepted: 1 })
  })

  test('a line that names another session than its order is left out with either', async () => {
    const [header] = SHOP.order_line_item_table!
    const order_line_item_table = [header!, 'l1,,s1,o2,2024-01-01,Mug,1,1', 'l2,,s2,o1,2024-01-01,Mug,1,1']
    const run = await runShop({ ips: ['10.0.0.1'] }, { order_line_item_table })
    expect(filteredBy(run).order_line_item).toEqual({ of_filtered_session: 1, of_filtered_order: 1 })
  })

  test('a session that no row of session_table has is known by its id alone', async () => {
    const session_table = [SHOP.session_table![0]!]
    const run = await runShop({ sessions: ['s1'], ips: ['::/0'] }, { session_table })
    expect(filteredBy(run).click).toEqual({ session: 1 })
    expect(filteredBy(run).order).toEqual({ session: 1 })
  })

  test('a null user_id, session_id or path fits no rule, not even one that all texts fit', async () => {
    const run = await runShop({ users: [{ regex: '.*' }], paths: [{ glob: '/p/**' }] })
    expect(run.inputs.scroll_table).toMatchObject({ filtered: 2 })
    expect(filteredBy(run).scroll).toEqual({ of_filtered_session: 1, user: 1 })
    expect(filteredBy(run).click).toEqual({ of_filtered_session: 1 })
    expect(run.inputs.click_table).toMatchObject({ filtered: 1, accepted: 1 })
  })

  test('a text that means null is no user', async () => {
    const run = await runShop({ testUsers: ['u1'] }, {}, { rules: { nullValues: ['u1'] } })
    expect(run.inputs.session_table).toMatchObject({ rejected: 1, filtered: 0, accepted: 1 })
    expect(filteredBy(run)).toEqual({})
  })

  test('blanks around an id do not save it', async () => {
    const session_table = [SHOP.session_table![0]!, ' u1\t,s1 ,2024-01-01,', 'u2,s2,2024-01-02,']
    expect(filteredBy(await runShop({ testUsers: ['u1'] }, { session_table }))).toEqual(allOfU1)
  })

  test('gzip changes nothing', async () => {
    const files = Object.entries(SHOP).map(([table, lines]) => [
      `${table}.csv.gz`,
      gzipSync(lines.join('\r\n')),
    ])
    const run = await runInMemory(Object.fromEntries(files), { rules: { filters: { testUsers: ['u1'] } } })
    expect(filteredBy(run)).toEqual(allOfU1)
    expect(run.csvs).toEqual((await runShop({ testUsers: ['u1'] })).csvs)
  })
})

describe('rows that do not count anyway', () => {
  test('a session outside the range is not counted as filtered, but its events within it are', async () => {
    const click_table = [SHOP.click_table![0]!, 'k1,,s1,2024-01-02,/']
    const run = await runShop({ ips: ['10.0.0.1'] }, { click_table }, { since: '2024-01-02' })
    expect(run.inputs.session_table).toMatchObject({ outside_range: 1, filtered: 0, accepted: 1 })
    expect(filteredBy(run)).toEqual({ click: { of_filtered_session: 1 } })
  })

  test('a repeated session that a filter would fit leaves nothing out: the first stays', async () => {
    const session_table = [SHOP.session_table![0]!, 'u2,s1,2024-01-01,', 'u1,s1,2024-01-01,10.0.0.1']
    const run = await runShop({ ips: ['10.0.0.1'] }, { session_table })
    expect(run.inputs.session_table).toMatchObject({ duplicate: 1, conflicting: 1, filtered: 0, accepted: 1 })
    expect(filteredBy(run)).toEqual({})
  })

  test('a copy of a filtered session is a duplicate, not filtered', async () => {
    const session_table = [...SHOP.session_table!, SHOP.session_table![1]!]
    const run = await runShop({ ips: ['10.0.0.1'] }, { session_table })
    expect(run.inputs.session_table).toMatchObject({ duplicate: 1, conflicting: 0, filtered: 1, accepted: 1 })
  })

  test('a rejected session leaves nothing out', async () => {
    const session_table = [SHOP.session_table![0]!, 'u1,s1,yesterday,10.0.0.1']
    const run = await runShop({ ips: ['10.0.0.1'] }, { session_table })
    expect(run.inputs.session_table).toMatchObject({ rejected: 1, filtered: 0 })
    expect(filteredBy(run)).toEqual({})
  })
})

describe('orders below an amount', () => {
  const amounts = ['-0.01', '0', '9.9999', '10', '10.0000', '10.0001', '1e1', '9.99999']
  const order_table = [
    SHOP.order_table![0]!,
    ...amounts.map((amount, i) => `u1,s1,o${i},2024-01-01,${amount}`),
  ]

  // 9.99999 is rounded to 10.0000 when it is read; -0.01 is a refund.
  test.each([
    [10, ['9.9999', '0']],
    [10.0001, ['0', '9.9999', '10', '10.0000', '1e1', '9.99999']],
    [0, []],
    [0.0001, ['0']],
  ])('%d leaves out %j', async (ordersBelow, left) => {
    const run = await runShop({ ordersBelow }, { order_table })
    expect(filteredBy(run).order).toEqual(left.length === 0 ? undefined : { order_amount: left.length })
    expect(run.inputs.order_table!.accepted).toBe(amounts.length - left.length)
  })

  test('no cent is lost on the way from the setting', async () => {
    const prices = [SHOP.order_table![0]!, 'u1,s1,o1,2024-01-01,1.1', 'u1,s1,o2,2024-01-01,1.0999']
    const run = await runShop({ ordersBelow: 1.1 }, { order_table: prices })
    expect(run.inputs.order_table).toMatchObject({ filtered: 1, accepted: 1 })
  })
})

/** Which addresses lie in a range; an IPv6 address that stands for an IPv4 one is that one. */
const RANGES: readonly { range: string; within: readonly string[]; without: readonly string[] }[] = [
  {
    range: '10.0.0.0/8',
    within: ['10.0.0.0', '10.255.255.255', '::ffff:10.1.2.3', '::ffff:a01:203', '::FFFF:10.1.2.3'],
    without: ['9.255.255.255', '11.0.0.0', '::ffff:11.0.0.0', '::10.1.2.3', '2001:db8::1'],
  },
  { range: '10.9.8.7/8', within: ['10.0.0.0', '10.255.255.255'], without: ['11.0.0.0'] },
  {
    range: '192.0.2.128/25',
    within: ['192.0.2.128', '192.0.2.255'],
    without: ['192.0.2.127', '192.0.3.128'],
  },
  { range: '192.0.2.1/32', within: ['192.0.2.1'], without: ['192.0.2.0', '192.0.2.2'] },
  { range: '0.0.0.0/0', within: ['0.0.0.0', '255.255.255.255'], without: ['::1', '2001:db8::1'] },
  { range: '192.0.2.1', within: ['192.0.2.1', '::ffff:192.0.2.1'], without: ['192.0.2.10', '192.0.2.11'] },
  {
    range: '192.0.2.250-192.0.3.5',
    within: ['192.0.2.250', '192.0.2.255', '192.0.3.0', '192.0.3.5', '::ffff:192.0.3.5'],
    without: ['192.0.2.249', '192.0.3.6', '::1'],
  },
  { range: '192.0.2.1-192.0.2.1', within: ['192.0.2.1'], without: ['192.0.2.0', '192.0.2.2'] },
  {
    range: '2001:db8::/33',
    within: ['2001:db8::', '2001:db8:7fff:ffff::1', '2001:DB8::a', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    without: ['2001:db8:8000::', '2001:db9::', '32.1.13.184'],
  },
  { range: '::1', within: ['::1', '0:0:0:0:0:0:0:1'], without: ['::', '::2', '0.0.0.1', '127.0.0.1'] },
  {
    range: '2001:db8::ff-2001:db8::1:5',
    within: ['2001:db8::ff', '2001:db8::fff', '2001:db8::1:5'],
    without: ['2001:db8::fe', '2001:db8::1:6'],
  },
  { range: 'fe80::/10', within: ['fe80::1', 'fe80::1%eth0', 'febf::'], without: ['fec0::'] },
  { range: '::ffff:10.0.0.0/104', within: ['::ffff:10.1.2.3', '10.1.2.3'], without: ['11.0.0.1', '::1'] },
]

/** Cells that are no address, whatever they look like. */
const NO_ADDRESSES = [
  '',
  'unknown',
  '10.0.0',
  '10.0.0.1:80',
  '010.0.0.1',
  '10.0.0.1/8',
  '[::1]',
  '10.0.0.256',
]

describe('addresses', () => {
  test.each(RANGES)('$range', async ({ range, within, without }) => {
    const cells = [...within, ...without, ...NO_ADDRESSES]
    const session_table = [
      SHOP.session_table![0]!,
      ...cells.map((cell, i) => `u1,s${i},2024-01-01, ${cell} `),
    ]
    // Each session has a click, so that the table of the clicks that stay tells the sessions that stay.
    const click_table = [SHOP.click_table![0]!, ...cells.map((_, i) => `k${i},,s${i},2024-01-01,/${i}`)]
    const run = await runShop(
      { ips: [range] },
      { session_table, click_table, pageview_table: [SHOP.pageview_table![0]!] },
    )
    const funnel = run.csvs.session_funnel!.split('\n').slice(1, -1)
    const stayed = new Set(funnel.map((line) => line.split(',').find((cell) => /^s\d+$/.test(cell))))
    expect(cells.filter((_, i) => !stayed.has(`s${i}`))).toEqual(within)
    expect(run.inputs.click_table).toMatchObject({ filtered: within.length })
  })

  test('without a column of addresses nothing is left out', async () => {
    const session_table = ['user_id,session_id,time', 'u1,s1,2024-01-01', 'u2,s2,2024-01-02']
    expect(filteredBy(await runShop({ ips: ['0.0.0.0/0', '::/0'] }, { session_table }))).toEqual({})
  })
})

describe('paths', () => {
  const paths = ['/p', '/p/', '/p/1', '/p/1/2', '/product', '/a/p/1', '/P/1', 'p/1']
  const click_table = [SHOP.click_table![0]!, ...paths.map((path, i) => `k${i},,,2024-01-01,${path}`)]

  test.each([
    ['/p', ['/p', '/p/', '/p/1', '/p/1/2', '/product']],
    [{ prefix: '/p/' }, ['/p/', '/p/1', '/p/1/2']],
    [{ equals: '/p' }, ['/p']],
    [{ glob: '/p/*' }, ['/p/1']],
    [{ glob: '/p/**' }, ['/p', '/p/', '/p/1', '/p/1/2']],
    [{ contains: 'p/1' }, ['/p/1', '/p/1/2', '/a/p/1', 'p/1']],
    [{ regex: '/\\d$' }, ['/p/1', '/p/1/2', '/a/p/1', '/P/1', 'p/1']],
  ])('%j leaves out %j', async (rule, left) => {
    const run = await runShop({ paths: [rule] }, { click_table })
    expect(filteredBy(run).click).toEqual({ path: left.length })
    const kept = run.csvs.page_engagement_metrics!
    for (const path of paths) expect(kept.includes(`,${path},`), path).toBe(!left.includes(path))
  })
})

describe('columns by their names', () => {
  const orders = (...cells: readonly string[]) => [
    'user_id,session_id,order_id,time,total_price,Status',
    ...cells.map((cell, i) => `u1,s1,o${i + 1},2024-01-01,${i + 1},${cell}`),
  ]
  const ofOrders = (question: object) => ({
    columns: [{ table: 'order_table', column: 'Status', ...question }],
  })

  test.each([
    [{ equals: 'void' }, 2],
    [{ in: ['void', 'test'] }, 3],
    [{ prefix: 'te' }, 1],
    [{ matches: '^v' }, 3],
    [{ matches: '.' }, 5],
  ])('%j of one that nobody declared', async (question, filtered) => {
    const order_table = orders('void', '" void "', 'Void', '', 'n/a', 'test', 'voided')
    const run = await runShop(ofOrders(question), { order_table }, { rules: { nullValues: ['n/a'] } })
    expect(filteredBy(run).order).toEqual({ column: filtered })
    // Line l1 is of o1, and l2 of o2.
    const lines = filteredBy(run).order_line_item?.of_filtered_order ?? 0
    expect(lines).toBe('prefix' in question ? 0 : 2)
    expect(run.loaded.inputs.find(({ table }) => table === 'order_table')!.unknownColumns).toEqual([])
  })

  test('a session is left out with all that is in it', async () => {
    const session_table = [
      'user_id,session_id,time,browser',
      'u1,s1,2024-01-01,Ahrefs',
      'u2,s2,2024-01-02,Safari',
    ]
    const columns = [{ table: 'session_table', column: 'browser', matches: 'Ahrefs' }]
    expect(filteredBy(await runShop({ columns }, { session_table }))).toEqual(allOfS1('column'))
  })

  test('a user is left out with all that bears the id, and all that is in the sessions', async () => {
    const user_table = ['user_id,kind', 'u1,staff', 'u2,']
    const columns = [{ table: 'user_table', column: 'kind', equals: 'staff' }]
    const ofUser = { of_filtered_user: 1 }
    expect(filteredBy(await runShop({ columns }, { user_table }))).toEqual({
      ...allOfS1('of_filtered_user'),
      user: { column: 1 },
      session: ofUser,
      order: ofUser,
      pageview: ofUser,
    })
  })

  test('an amount, a time and a flag are asked as they are written', async () => {
    const columns = [
      { table: 'order_table', column: 'total_price', equals: '10' },
      { table: 'click_table', column: 'time', equals: '2024-01-01' },
      { table: 'user_table', column: 'has_purchase_last_year', equals: 'TRUE' },
    ]
    const user_table = ['user_id,has_purchase_last_year', 'u1,1', 'u2,true', 'u3,TRUE']
    const order_table = [...SHOP.order_table!, 'u1,s1,o3,2024-01-01,10.0']
    const by = filteredBy(await runShop({ columns }, { user_table, order_table }))
    expect(by).toMatchObject({ user: { column: 1 }, order: { column: 1 }, click: { column: 1 } })
  })

  test('rows of one key that differ in a column that nobody declared are the same', async () => {
    const order_table = [orders('paid')[0]!, 'u1,s1,o1,2024-01-01,1,paid', 'u1,s1,o1,2024-01-01,1,void']
    const run = await runShop(ofOrders({ equals: 'void' }), { order_table })
    expect(run.inputs.order_table).toMatchObject({ duplicate: 1, conflicting: 0, filtered: 0, accepted: 1 })
  })

  test('the reason is that of the row to which it belongs, if there is one', async () => {
    const columns = [{ table: 'pageview_table', column: 'path', equals: '/p/1' }]
    const run = await runShop({ columns, sessions: ['s2'] })
    expect(filteredBy(run).pageview).toEqual({ column: 1, session: 1 })
    const both = await runShop({ columns, sessions: ['s1'] })
    expect(filteredBy(both).pageview).toEqual({ session: 1 })
  })

  test.each([
    ['status', 'status', 'did you mean Status?', 'Status'],
    ['Stauts', 'Stauts', 'did you mean Status?', 'Status'],
    ['cancelled_at', 'cancelled_at', 'which the header lacks', 'user_id, session_id, order_id'],
  ])('%s, which the header lacks, fails the run', async (_, column, said, hint) => {
    const columns = [{ table: 'order_table', column, equals: 'void' }]
    const run = runShop({ columns }, { order_table: orders('void') })
    await expect(run).rejects.toMatchObject({
      code: 'filter_column_missing',
      message: expect.stringContaining(said),
      hint: expect.stringContaining(hint),
    })
  })

  test('a declared column may be missing, but not where a filter asks it', async () => {
    const columns = [{ table: 'session_table', column: 'browser', equals: 'bot' }]
    await expect(runShop({ columns })).rejects.toMatchObject({ code: 'filter_column_missing' })
  })
})
