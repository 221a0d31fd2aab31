import { describe, expect, test } from 'vitest'
import { ofSession, runWith, type SettingsRun, SHOP } from '../support/settings-shop.ts'

describe.concurrent('settings, each through the command', () => {
  test('none: what the others are compared with', () =>
    runWith({}, (run) => {
      expect([run.exit, run.stderr]).toEqual([0, ''])
      expect(run.rows('daily_business_metrics').map((row) => row.total_revenue)).toEqual([
        '100.00',
        '40.50',
        '60.00',
      ])
      expect(run.row('session_funnel', ofSession('s1'))).toMatchObject({
        had_product_view: '0',
        had_checkout_view: '0',
      })
    }))

  test('funnel.productView and checkoutView: text, glob and regular expression', () =>
    runWith(
      {
        funnel: {
          productView: ['/artikel/', { glob: '/p/*/reviews' }],
          checkoutView: [{ regex: '^/kasse/\\d$' }],
        },
      },
      (run) => {
        const cells = (id: string) => {
          const { had_product_view, had_checkout_view } = run.row('session_funnel', ofSession(id))
          return [had_product_view, had_checkout_view]
        }
        expect([cells('s1'), cells('s2'), cells('s3')]).toEqual([
          ['1', '1'],
          ['1', '0'],
          ['0', '0'],
        ])
      },
    ))

  test('a regular expression that is slow elsewhere, on a path made for it', () => {
    const path = `/p/${'a'.repeat(200)}!`
    const pageviews = SHOP.pageview_table!.replace('/artikel/7', path)
    const productView = [{ regex: '^/p/([a-z]+-?)+$' }, { regex: 'a!$' }]
    return runWith(
      { funnel: { productView }, filters: { paths: [{ regex: '^/p/([a-z]+-?)+$' }] } },
      (run) => {
        expect([run.exit, run.row('session_funnel', ofSession('s1')).had_product_view]).toEqual([0, '1'])
      },
      { pageview_table: pageviews },
    )
  })

  test('a regular expression that cannot be fast is a wrong setting', () =>
    runWith({ funnel: { productView: [{ regex: '^(?!/admin)' }] } }, ({ exit, stderr }) => {
      expect(exit).toBe(78)
      expect(stderr).toContain(
        "funnel.productView[0].regex: '^(?!/admin)' cannot be used as a regular expression: it looks ahead with (?!, which is not possible; write what",
      )
    }))

  test('funnel.steps', () =>
    runWith({ funnel: { steps: { wish: ['/wish'], gift: [{ equals: '/gift' }] } } }, (run) => {
      expect(run.text('session_funnel.csv').split('\n')[0]).toMatch(/,out_of_order,had_wish,had_gift$/)
      expect(run.row('session_funnel', ofSession('s3'))).toMatchObject({ had_wish: '1', had_gift: '0' })
      expect(run.row('session_funnel', ofSession('s1')).had_wish).toBe('0')
      expect(run.finding('funnel_step_fits_nothing')).toMatchObject({ details: { step: 'gift' } })
    }))

  test('timeOnPageCap', async () => {
    // An hour from /artikel/7 to /kasse/1.
    const time = (run: SettingsRun) =>
      run.row('page_engagement_metrics', { path: '/artikel/7' }).avg_time_on_page_seconds
    await runWith({}, (run) => expect(time(run)).toBe('1800.00'))
    await runWith({ timeOnPageCap: 7200 }, (run) => expect(time(run)).toBe('3600.00'))
    await runWith({ timeOnPageCap: 60 }, (run) => expect(time(run)).toBe('60.00'))
  })

  test('rfm limits and segments', () =>
    runWith(
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
    runWith(
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
    const group = (run: SettingsRun, id: string) =>
      run.row('session_attribution', ofSession(id)).channel_group
    await runWith({}, (run) => {
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
    await runWith({ channels }, (run) => {
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
    await runWith({ coupons: { TEN: { percent: 10, action: 'correct' } } }, (run) => {
      expect(run.row('daily_business_metrics').total_discount).toBe('10.50')
      expect(run.row('coupon_performance').total_discount_given).toBe('10.50')
      expect(run.finding('coupon_discounts_corrected')).toMatchObject({ details: { difference: '-0.50' } })
    })
    await runWith({ coupons: { TEN: { percent: 10 } }, couponTolerance: 0.5 }, (run) => {
      expect(run.finding('coupon_discounts_differ')).toBeUndefined()
      expect(run.row('daily_business_metrics').total_discount).toBe('10.00')
    })
  })

  test('listPrices', () =>
    runWith({ listPrices: { Mug: 50 } }, (run) => {
      // 2 × 2.50, -10 and 10.
      expect(run.finding('list_prices_differ')).toMatchObject({
        details: { lines_compared: 3, lines_differing: 3, difference: '5.00', absolute_difference: '25.00' },
      })
    }))

  test('totalPrice', async () => {
    // o1: lines 105, paid 100.
    await runWith({ totalPrice: 'paid' }, (run) => expect(run.finding('order_totals_differ')).toBeUndefined())
    await runWith({ totalPrice: 'gross' }, (run) => {
      expect(run.finding('order_totals_differ')).toMatchObject({
        details: { orders_compared: 4, orders_differing: 1, difference: '-5.00' },
      })
    })
  })
})
