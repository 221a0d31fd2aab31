import { describe, expect, test } from 'vitest'
import { session_funnel } from '../../src/aggregators/session_funnel/index.ts'
import { funnelSchema } from '../../src/rules/funnel.ts'
import { aggregated, columnsOf, type OutputRow } from '../support/collections.ts'
import { runInMemory } from '../support/memory-run.ts'
import { orderShop } from '../support/order-shop.ts'

/** One session for each path, with that pageview alone; in the order of the paths. */
function sessionsOf(paths: readonly string[], funnel: unknown): readonly OutputRow[] {
  const id = (i: number) => `s${String(i).padStart(2, '0')}`
  const time = '2025-01-01'
  return aggregated(
    session_funnel,
    {
      session_table: paths.map((_, i) => ({ user_id: 'u', session_id: id(i), time })),
      pageview_table: paths.map((path, i) => ({
        event_id: `v${i}`,
        user_id: 'u',
        session_id: id(i),
        time,
        path,
      })),
    },
    { rules: { funnel } },
  ).rows
}

/** The paths that count by these rules, for product pages, checkout pages and a step alike. */
function counted(rules: readonly unknown[], paths: readonly string[]): string[] {
  const rows = sessionsOf(paths, { productView: rules, checkoutView: rules, steps: { own: rules } })
  for (const { had_product_view, had_checkout_view, had_own } of rows)
    expect([had_checkout_view, had_own]).toEqual([had_product_view, had_product_view])
  return paths.filter((_, i) => rows[i]!.had_product_view === '1')
}

describe('rules for paths', () => {
  const PATHS = [
    '/p/1',
    '/shop/p/1',
    '/P/1',
    '/p/1/2',
    '/p/',
    '/p',
    '/p/.hidden',
    '/pa',
    '/p/1.html',
    '/x y/p/',
  ]

  test.each([
    [
      'a plain text is contained',
      ['/p/'],
      ['/p/1', '/shop/p/1', '/p/1/2', '/p/', '/p/.hidden', '/p/1.html', '/x y/p/'],
    ],
    ['contains', [{ contains: 'p/1/' }], ['/p/1/2']],
    ['prefix', [{ prefix: '/p/' }], ['/p/1', '/p/1/2', '/p/', '/p/.hidden', '/p/1.html']],
    ['equals', [{ equals: '/p' }], ['/p']],
    [
      'a glob is about the whole path, and * ends at a slash',
      [{ glob: '/p/*' }],
      ['/p/1', '/p/.hidden', '/p/1.html'],
    ],
    ['** does not', [{ glob: '/p/**/2' }], ['/p/1/2']],
    ['alternatives in a glob', [{ glob: '/{p,x y}/*.html' }], ['/p/1.html']],
    ['a regex is searched', [{ regex: '/p/\\d' }], ['/p/1', '/shop/p/1', '/p/1/2', '/p/1.html']],
    ['a regex with its own ends', [{ regex: '^/p/\\d+$' }], ['/p/1']],
    ['one of several is enough', [{ equals: '/p' }, '/P/', { regex: 'den$' }], ['/P/1', '/p', '/p/.hidden']],
  ])('%s', (_about, rules, expected) => {
    expect(counted(rules, PATHS)).toEqual(expected)
  })

  test.each([
    [{ productView: [] }],
    [{ productView: [''] }],
    [{ productView: [{}] }],
    [{ productView: [{ equals: '/a', prefix: '/b' }] }],
    [{ productView: [{ regex: '(' }] }],
    [{ steps: { 'Add-On': ['/x'] } }],
    [{ steps: { '1st': ['/x'] } }],
    [{ steps: { order: ['/x'] } }],
    [{ steps: { product_view: ['/x'] } }],
    [{ steps: { cart: [] } }],
  ])('%j is refused', (given) => {
    expect(funnelSchema.safeParse(given).success).toBe(false)
  })
})

describe('further steps', () => {
  const steps = { wishlist: ['/wish'], cart_page: [{ glob: '/cart' }], a_last: [{ regex: '^/thanks' }] }

  test('are columns after the others, in the order in which they were declared', async () => {
    const files = {
      ...orderShop([]),
      'session_table.csv': 'user_id,session_id,time\nu,s1,2025-01-01\nu,s2,2025-01-01\nu,s3,2025-01-01\n',
      'pageview_table.csv': [
        'event_id,user_id,session_id,time,path',
        'v1,u,s1,2025-01-01,/cart',
        'v2,u,s1,2025-01-01,/my/wishes',
        'v3,u,s2,2025-01-01,/cart/2',
        'v4,u,s2,2025-01-01,/thanks',
        '',
      ].join('\n'),
    }
    const { csvs, verdict } = await runInMemory(files, { rules: { funnel: { steps } } })
    const plain = await runInMemory(files)
    const lines = csvs.session_funnel!.trimEnd().split('\n')
    const before = plain.csvs.session_funnel!.trimEnd().split('\n')
    const added = ['had_wishlist,had_cart_page,had_a_last', '1,1,0', '0,0,1', '0,0,0']
    expect(lines).toEqual(before.map((line, i) => `${line},${added[i]}`))
    expect(before[0]).toMatch(/,out_of_order$/)
    expect(verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
  })

  test('change no other column', () => {
    const [row] = sessionsOf(['/thanks'], { steps })
    expect(columnsOf([row!], 'furthest_step', 'furthest_ordered_step', 'had_order', 'had_a_last')).toEqual([
      'pageview pageview 0 1',
    ])
  })
})
