import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { takingTurns, Workspace } from '../support/workspace.ts'

/** A small shop in which every setting makes a difference that can be worked out by hand. */
const SHOP: Readonly<Record<string, string>> = {
  user_table: `user_id,has_purchase_last_year
u1,1
u2,0
test-9,0
`,
  session_table: `session_id,user_id,time,IP,country,utm_source,utm_medium,utm_campaign
s1,u1,2025-01-01 10:00,10.1.2.3,NA,qwant,,
s2,u2,2025-01-02 10:00,203.0.113.7,DE,tiktok_star,creator,
s3,test-9,2025-01-02 12:00,192.168.0.9,DE,google,cpc,
s4,u1,2025-01-03 09:00,203.0.113.8,DE,,,
`,
  order_table: `order_id,user_id,session_id,time,total_price,shipping_price,discount,discount_coupon_code
o1,u1,s1,2025-01-01 10:30,100,5,10,TEN
o2,u2,s2,2025-01-02 10:40,0.50,0,0,
o3,test-9,s3,2025-01-02 12:30,40,0,0,
o4,u1,s4,2025-01-03 09:30,60,0,0,
`,
  order_line_item_table: `event_id,order_id,session_id,time,product_name,product_price,product_qty
l1,o1,s1,2025-01-01 10:30,Mug,52.50,2
l2,o2,s2,2025-01-02 10:40,Pen,0.50,1
l3,o3,s3,2025-01-02 12:30,Mug,40,1
l4,o4,s4,2025-01-03 09:30,Mug,60,1
`,
  add_to_cart_table: `event_id,session_id,user_id,time,product_name
a1,s1,u1,2025-01-01 10:20,Mug
a1,s1,u1,2025-01-01 10:21,Mug
`,
  pageview_table: `event_id,user_id,session_id,time,path
v1,u1,s1,2025-01-01 10:01,/artikel/7
v2,u1,s1,2025-01-01 11:01,/kasse/1
v3,u2,s2,2025-01-02 10:01,/admin/users
v4,u2,s2,2025-01-02 10:02,/p/9/reviews
v5,test-9,s3,2025-01-02 12:01,/wishlist
`,
  scroll_table: `event_id,session_id,time,scroll_percent,path
r1,s1,2025-01-01 10:02,50,/artikel/7
`,
  click_table: `event_id,session_id,time,path
k1,s2,2025-01-02 10:03,/admin/users
`,
}

interface Ran {
  readonly exit: number | string
  readonly stderr: string
  readonly folder: string
  readonly record: Readonly<Record<string, unknown>>
  /** One row of a table, the first whose cells are these, or of the whole table the first. */
  row(table: string, cells?: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  rows(table: string): readonly Readonly<Record<string, string>>[]
  text(file: string): string
  accounting(table: string): Readonly<Record<string, number>>
  finding(code: string): Readonly<Record<string, unknown>> | undefined
}

const turn = takingTurns(2)

/** Runs the built command with these settings in a file of the working folder, and looks at what came out. */
async function ran(
  settings: object,
  check: (run: Ran) => void,
  changes: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<void> {
  const shop = new Workspace()
  try {
    for (const [name, text] of Object.entries({ ...SHOP, ...changes })) {
      if (text !== '') shop.write(`${name}.csv`, text)
    }
    writeFileSync(join(shop.folder, 'ecomagg.config.json'), JSON.stringify(settings))
    const { exit, stderr, stdout } = await turn(() => shop.ecomagg(['process', '--json', ...args]))
    const record = stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>)
    const text = (file: string) => readFileSync(join(shop.output, file), 'utf8')
    const rows = (table: string) =>
      parse(text(`${table}.csv`), { columns: true, bom: true }) as Record<string, string>[]
    check({
      exit,
      stderr,
      folder: shop.folder,
      record,
      rows,
      text,
      row: (table, cells = {}) =>
        rows(table).find((row) => Object.entries(cells).every(([name, cell]) => row[name] === cell))!,
      accounting: (table) =>
        (record.inputs as { table: string; accounting: Record<string, number> }[]).find(
          (input) => input.table === table,
        )!.accounting,
      finding: (code) => (record.findings as { code: string }[]).find((finding) => finding.code === code),
    })
  } finally {
    shop.dispose()
  }
}

const s = (session_id: string) => ({ session_id })

describe.concurrent('settings, each through the command', () => {
  test('none: what the others are compared with', () =>
    ran({}, (run) => {
      expect([run.exit, run.stderr]).toEqual([0, ''])
      expect(run.rows('daily_business_metrics').map((row) => row.total_revenue)).toEqual([
        '100.00',
        '40.50',
        '60.00',
      ])
      expect(run.row('session_funnel', s('s1'))).toMatchObject({
        had_product_view: '0',
        had_checkout_view: '0',
      })
    }))

  test('paths', () =>
    ran({ paths: { input: 'raw_data', output: 'tables', logs: 'books' } }, (run) => {
      expect(run.exit).toBe(0)
      expect(readdirSync(join(run.folder, 'tables'))).toContain('session_funnel.csv')
      expect(readdirSync(join(run.folder, 'books'))).toContain('aggregation_log.txt')
      expect(readdirSync(join(run.folder, 'aggregated_data'))).toEqual([])
    }))

  test('since and until', () =>
    ran({ since: '2025-01-02', until: '2025-01-02' }, (run) => {
      expect(run.rows('daily_business_metrics').map(({ date }) => date)).toEqual(['2025-01-02'])
      expect(run.accounting('order_table')).toMatchObject({ outside_range: 2, accepted: 2 })
    }))

  test('asOf', () =>
    ran({ asOf: '2025-01-31' }, (run) => {
      expect(run.row('user_lifetime_metrics', { user_id: 'u1' }).days_since_last_order).toBe('28')
    }))

  test('allowMissing', () =>
    ran({ allowMissing: true }, (run) => expect(run.exit).toBe(0), { click_table: '' }))

  test('strict', () =>
    ran({ strict: true }, (run) => {
      expect(run.exit).toBe(65)
      expect(run.stderr).toContain('strict_findings')
    }))

  test('escapeFormulas and bom', () =>
    ran(
      { escapeFormulas: false, bom: true },
      (run) => {
        expect(run.text('session_attribution.csv')).toMatch(/^\uFEFFsession_id/)
        expect(run.row('session_attribution', s('s1')).utm_source).toBe('=1+1')
      },
      { session_table: SHOP.session_table!.replace('qwant', '=1+1') },
    ))

  test('showValues', () =>
    ran(
      { showValues: true, maxRejectRate: 1 },
      (run) => expect(JSON.stringify(run.record.inputs)).toContain('1,234'),
      { order_table: SHOP.order_table!.replace(',100,', ',"1,234",') },
    ))

  test('keepRuns', async () => {
    const shop = new Workspace()
    try {
      for (const [name, text] of Object.entries(SHOP)) shop.write(`${name}.csv`, text)
      writeFileSync(join(shop.folder, 'ecomagg.config.json'), '{"keepRuns": 1}')
      for (let i = 0; i < 2; i++) await turn(() => shop.ecomagg(['process', '--quiet']))
      expect(readdirSync(shop.logs).filter((name) => name.endsWith('.json'))).toHaveLength(1)
    } finally {
      shop.dispose()
    }
  })

  test('timezone', () =>
    ran(
      { timezone: 'Europe/Berlin' },
      (run) => expect(run.row('session_funnel', s('s1')).date).toBe('2025-01-02'),
      { session_table: SHOP.session_table!.replace('2025-01-01 10:00', '2025-01-01T23:30Z') },
    ))

  test('timeFormats, for all tables or for one', async () => {
    const changes = {
      session_table: SHOP.session_table!.replace('2025-01-01 10:00', '01.01.2025 10:00'),
      click_table: SHOP.click_table!.replace('2025-01-02 10:03', '01/02/2025 10:03'),
    }
    const day = 'dd.MM.yyyy HH:mm'
    const american = 'MM/dd/yyyy HH:mm'
    await ran({ timeFormats: [day, american] }, (run) => expect(run.exit).toBe(0), changes)
    await ran(
      { timeFormats: [day], rawTables: { click_table: { timeFormats: [american] } } },
      (run) => {
        expect(run.exit).toBe(0)
        expect(run.row('page_engagement_metrics', { path: '/admin/users' }).date).toBe('2025-01-02')
      },
      changes,
    )
    // A table's own list takes the place of the general one.
    await ran(
      { timeFormats: [day, american], rawTables: { click_table: { timeFormats: [day] } } },
      (run) => expect(run.exit).toBe(65),
      changes,
    )
  })

  test('nullValues', () =>
    ran({ nullValues: ['NA', 'qwant'] }, (run) => {
      expect(run.row('session_attribution', s('s1'))).toMatchObject({ country: '', utm_source: 'direct' })
    }))

  test('maxRejectRate, for all tables or for one', async () => {
    const changes = { user_table: SHOP.user_table!.replace('u2,0', 'u2,perhaps') }
    await ran({}, (run) => expect(run.exit).toBe(65), changes)
    await ran({ maxRejectRate: 0.4 }, (run) => expect(run.exit).toBe(0), changes)
    const rawTables = { user_table: { maxRejectRate: 0.4 } }
    await ran({ rawTables }, (run) => expect(run.exit).toBe(0), changes)
    const order_table = SHOP.order_table!.replace(',40,', ',forty,')
    await ran({ rawTables }, (run) => expect(run.exit).toBe(65), { ...changes, order_table })
  })

  test('rawTables.<table>.dedupe', async () => {
    await ran({}, (run) => {
      expect(run.row('product_performance_daily').times_added_to_cart).toBe('1')
    })
    await ran({ rawTables: { add_to_cart_table: { dedupe: false } } }, (run) => {
      expect(run.row('product_performance_daily').times_added_to_cart).toBe('2')
      expect(run.accounting('add_to_cart_table')).toMatchObject({ read: 2, duplicate: 0, accepted: 2 })
    })
  })

  test('funnel.productView and checkoutView: text, glob and regular expression', () =>
    ran(
      {
        funnel: {
          productView: ['/artikel/', { glob: '/p/*/reviews' }],
          checkoutView: [{ regex: '^/kasse/\\d$' }],
        },
      },
      (run) => {
        const cells = (id: string) => {
          const { had_product_view, had_checkout_view } = run.row('session_funnel', s(id))
          return [had_product_view, had_checkout_view]
        }
        expect([cells('s1'), cells('s2'), cells('s3')]).toEqual([
          ['1', '1'],
          ['1', '0'],
          ['0', '0'],
        ])
      },
    ))

  test('funnel.steps', () =>
    ran({ funnel: { steps: { wish: ['/wish'], gift: [{ equals: '/gift' }] } } }, (run) => {
      expect(run.text('session_funnel.csv').split('\n')[0]).toMatch(/,out_of_order,had_wish,had_gift$/)
      expect(run.row('session_funnel', s('s3'))).toMatchObject({ had_wish: '1', had_gift: '0' })
      expect(run.row('session_funnel', s('s1')).had_wish).toBe('0')
      expect(run.finding('funnel_step_fits_nothing')).toMatchObject({ details: { step: 'gift' } })
    }))

  test('timeOnPageCap', async () => {
    // An hour from /artikel/7 to /kasse/1.
    const time = (run: Ran) =>
      run.row('page_engagement_metrics', { path: '/artikel/7' }).avg_time_on_page_seconds
    await ran({}, (run) => expect(time(run)).toBe('1800.00'))
    await ran({ timeOnPageCap: 7200 }, (run) => expect(time(run)).toBe('3600.00'))
    await ran({ timeOnPageCap: 60 }, (run) => expect(time(run)).toBe('60.00'))
  })

  test('rfm limits and segments', () =>
    ran(
      {
        asOf: '2025-01-13',
        rfm: {
          recency: [5, 9, 10, 11],
          frequency: [4, 3, 2, 1],
          monetary: [200, 160, 40, 0.5],
          segments: [
            { name: 'Big', monetary: [4, 5] },
            { name: 'Small', monetary: [1, 2, 3], recency: [1, 2] },
            { name: 'Small but new', monetary: [1, 2, 3], recency: [3, 4, 5] },
          ],
        },
      },
      (run) => {
        const scores = (user_id: string) => {
          const { rfm_score, rfm_segment } = run.row('user_lifetime_metrics', { user_id })
          return `${rfm_score} ${rfm_segment}`
        }
        // u1: 10 days, 2 orders, 160.00; u2 and test-9: 11 days, 1 order, 0.50 and 40.00.
        expect(scores('u1')).toBe('334 Big')
        expect(scores('u2')).toBe('222 Small')
        expect(scores('test-9')).toBe('223 Small')
      },
    ))

  test('purchaseFrequencyBuckets', () =>
    ran(
      {
        purchaseFrequencyBuckets: [
          { name: 'none', from: 0 },
          { name: 'one', from: 1 },
          { name: 'many', from: 2 },
        ],
      },
      (run) => {
        const bucket = (user_id: string) =>
          run.row('user_lifetime_metrics', { user_id }).purchase_frequency_bucket
        expect([bucket('u1'), bucket('u2')]).toEqual(['many', 'one'])
      },
    ))

  test('channels', async () => {
    const group = (run: Ran, id: string) => run.row('session_attribution', s(id)).channel_group
    await ran({}, (run) => {
      expect(['s1', 's2', 's3', 's4'].map((id) => group(run, id))).toEqual([
        'Unassigned',
        'Unassigned',
        'Paid Search',
        'Direct',
      ])
    })
    const channels = {
      rules: [
        { group: 'Influencer', source: [{ prefix: 'tiktok' }], medium: ['creator'] },
        { group: 'Never', source: ['google'], medium: ['organic'] },
      ],
      sources: { search: ['qwant'] },
    }
    await ran({ channels }, (run) => {
      expect(['s1', 's2', 's3', 's4'].map((id) => group(run, id))).toEqual([
        'Organic Search',
        'Influencer',
        'Paid Search',
        'Direct',
      ])
      const touch = (user_id: string) => run.row('user_lifetime_metrics', { user_id }).first_touch_channel
      expect([touch('u1'), touch('u2')]).toEqual(['Organic Search', 'Influencer'])
    })
  })

  test('coupons and couponTolerance', async () => {
    // 10 % of 105.00 is 10.50; recorded are 10.00.
    await ran({ coupons: { TEN: { percent: 10, action: 'correct' } } }, (run) => {
      expect(run.row('daily_business_metrics').total_discount).toBe('10.50')
      expect(run.row('coupon_performance').total_discount_given).toBe('10.50')
      expect(run.finding('coupon_discounts_corrected')).toMatchObject({ details: { difference: '-0.50' } })
    })
    await ran({ coupons: { TEN: { percent: 10 } }, couponTolerance: 0.5 }, (run) => {
      expect(run.finding('coupon_discounts_differ')).toBeUndefined()
      expect(run.row('daily_business_metrics').total_discount).toBe('10.00')
    })
  })

  test('listPrices', () =>
    ran({ listPrices: { Mug: 50 } }, (run) => {
      // 2 × 2.50, -10 and 10.
      expect(run.finding('list_prices_differ')).toMatchObject({
        details: { lines_compared: 3, lines_differing: 3, difference: '5.00', absolute_difference: '25.00' },
      })
    }))

  test('totalPrice', async () => {
    // o1: lines 105, paid 100.
    await ran({ totalPrice: 'paid' }, (run) => expect(run.finding('order_totals_differ')).toBeUndefined())
    await ran({ totalPrice: 'gross' }, (run) => {
      expect(run.finding('order_totals_differ')).toMatchObject({
        details: { orders_compared: 4, orders_differing: 1, difference: '-5.00' },
      })
    })
  })
})

describe.concurrent('filters, counted and never silent', () => {
  const orders = (run: Ran) =>
    run.rows('coupon_performance').reduce((sum, row) => sum + Number(row.usage_count), 0)
  const filtered = (run: Ran) =>
    Object.fromEntries(
      Object.keys(SHOP).flatMap((table) => {
        const { filtered: rows, read, accepted, duplicate } = run.accounting(table)
        expect(read).toBe(rows! + accepted! + duplicate!)
        return rows === 0 ? [] : [[table, rows]]
      }),
    )
  const ofTestUser = {
    user_table: 1,
    session_table: 1,
    order_table: 1,
    order_line_item_table: 1,
    pageview_table: 1,
  }
  const ofSessionTwo = {
    session_table: 1,
    order_table: 1,
    order_line_item_table: 1,
    pageview_table: 2,
    click_table: 1,
  }

  test.each([
    [{ testUsers: ['test-9'] }, ofTestUser, 3],
    [{ users: [{ prefix: 'test-' }] }, ofTestUser, 3],
    [{ sessions: [{ regex: '2$' }] }, ofSessionTwo, 3],
    [{ sessions: ['s2'] }, ofSessionTwo, 3],
    [{ ips: ['203.0.113.0-203.0.113.7'] }, ofSessionTwo, 3],
    [{ ips: ['203.0.113.7'] }, ofSessionTwo, 3],
    [{ paths: ['/admin'] }, { pageview_table: 1, click_table: 1 }, 4],
    [{ ordersBelow: 0.5 }, {}, 4],
    [{ ordersBelow: 0.51 }, { order_table: 1, order_line_item_table: 1 }, 3],
    [
      { ips: ['10.0.0.0/8'] },
      {
        session_table: 1,
        order_table: 1,
        order_line_item_table: 1,
        add_to_cart_table: 1,
        pageview_table: 2,
        scroll_table: 1,
      },
      3,
    ],
  ])('%j', (filters, expected, left) =>
    ran({ filters }, (run) => {
      expect(run.exit, run.stderr).toBe(0)
      expect(filtered(run)).toEqual(expected)
      expect(orders(run)).toBe(left)
      if (Object.keys(expected).length > 0)
        expect(JSON.stringify(run.record.notices)).toContain("the shop's filters left out")
    }),
  )

  test('users whose orders are all left out stay without orders, unless the user is', () =>
    ran({ filters: { ordersBelow: 1 } }, (run) => {
      expect(run.row('user_lifetime_metrics', { user_id: 'u2' })).toMatchObject({
        total_orders: '0',
        rfm_segment: 'Prospect',
      })
    }))
})
