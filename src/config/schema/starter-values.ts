import type { Config } from './settings.ts'

/** What `ecomagg init` shows of each setting, in this order; each is valid by itself. */
export const STARTER_VALUES: readonly { readonly title: string; readonly values: Config }[] = [
  {
    title: 'Folders and files',
    values: {
      paths: { input: 'raw_data', output: 'aggregated_data', logs: 'logs' },
      allowMissing: true,
      keepRuns: 90,
      bom: true,
      escapeFormulas: false,
      showValues: true,
      strict: true,
    },
  },
  {
    title: 'Reading the exports',
    values: {
      timezone: 'Europe/Berlin',
      timeFormats: ['dd-MM-yyyy HH:mm'],
      nullValues: ['NULL', '(not set)'],
      maxRejectRate: 0.01,
      rawTables: {
        order_table: { optional: ['user_id', 'session_id'], keep: 'last' },
        click_table: {
          dedupe: false,
          maxRejectRate: 0.05,
          timeFormats: ['MM/dd/yyyy HH:mm', 'unix_ms'],
          timezone: 'UTC',
        },
        add_to_cart_table: { key: ['event_id', 'product_name'] },
        marketing_spend_table: { preset: 'google_ads' },
      },
      since: '2025-01-01',
      until: '2025-12-31',
      asOf: 'today',
    },
  },
  {
    title: 'What counts',
    values: {
      negativeOrders: 'refund',
      filters: {
        testUsers: ['test-1'],
        users: [{ prefix: 'qa-' }],
        sessions: [{ regex: '^bot_' }],
        ips: ['10.0.0.0/8'],
        paths: ['/admin/'],
        ordersBelow: 0.01,
        columns: [{ table: 'session_table', column: 'browser', matches: 'bot|crawler|spider' }],
      },
      funnel: {
        productView: ['/product/', { regex: '^/p/[0-9]+$' }],
        checkoutView: ['/checkout'],
        steps: { wishlist: ['/wishlist'] },
      },
      timeOnPageCap: 1800,
      channels: {
        rules: [{ group: 'Partners', source: [{ glob: '*.partner.example' }], medium: ['referral'] }],
        sources: { search: ['search.example'], social: ['forum.example'] },
      },
    },
  },
  {
    title: 'Users',
    values: {
      rfm: {
        recency: [30, 90, 180, 365],
        frequency: [10, 5, 3, 2],
        monetary: [1000, 500, 200, 50],
        segments: [
          { name: 'Top', recency: [4, 5], monetary: [4, 5] },
          { name: 'Other', recency: [1, 2, 3] },
          { name: 'Small', recency: [4, 5], monetary: [1, 2, 3] },
        ],
      },
      purchaseFrequencyBuckets: [
        { name: 'none', from: 0 },
        { name: 'one', from: 1 },
        { name: 'more', from: 2 },
      ],
    },
  },
  {
    title: 'Prices and coupons',
    values: {
      totalPrice: 'paid',
      coupons: { WELCOME: { percent: 10 }, FIVE: { amount: 5, action: 'correct' } },
      couponTolerance: 0.01,
      listPrices: { 'Blue mug': 12.5 },
    },
  },
  {
    title: 'Privacy',
    values: { privacy: { hashIds: ['user_id'], keyVariable: 'ECOMAGG_HASH_KEY', keyFile: 'hash.key' } },
  },
  {
    title: "The shop's own columns and tables",
    values: { modules: [], extraColumns: {}, metrics: [], tables: [] },
  },
]
