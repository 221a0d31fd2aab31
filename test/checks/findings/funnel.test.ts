import { expect, test } from 'vitest'
import { runInMemory } from '../../support/memory-run.ts'
import { orderShop } from '../../support/order-shop.ts'

async function found(paths: readonly string[], steps: unknown) {
  const views = paths.map((path, i) => `v${i},u,s,2025-01-01,${path}`)
  const files = {
    ...orderShop([]),
    'session_table.csv': 'user_id,session_id,time\nu,s,2025-01-01\n',
    'pageview_table.csv': ['event_id,user_id,session_id,time,path', ...views, ''].join('\n'),
  }
  const { verdict } = await runInMemory(files, { rules: { funnel: { steps } } })
  return verdict.findings
}

test('each step of the shop that fits no page, with its rule', async () => {
  const steps = { cart_page: ['/cart'], wishlist: ['/wish', { regex: '^/w' }], thanks: [{ glob: '/thx/*' }] }
  const findings = await found(['/', '/cart/1'], steps)
  expect(findings).toMatchObject([
    {
      code: 'funnel_step_fits_nothing',
      severity: 'warning',
      details: { step: 'wishlist', sessions: 1 },
      message: 'no pageview fits the funnel step wishlist (path contains "/wish" or fits /^/w/)',
    },
    { code: 'funnel_step_fits_nothing', details: { step: 'thanks', sessions: 1 } },
  ])
  expect(findings[0]!.advice).toContain('funnel.steps.wishlist')
})

test('none if every step fits a page of some session', async () => {
  expect(await found(['/cart'], { cart_page: ['/cart'] })).toEqual([])
  expect(await found(['/cart'], {})).toEqual([])
})

test('a page of an unknown session alone is none of a session', async () => {
  const files = {
    ...orderShop([]),
    'session_table.csv': 'user_id,session_id,time\nu,s,2025-01-01\n',
    'pageview_table.csv': 'event_id,user_id,session_id,time,path\nv,u,ghost,2025-01-01,/cart\n',
  }
  const rules = { funnel: { steps: { cart_page: ['/cart'] } } }
  const { verdict } = await runInMemory(files, { rules })
  expect(verdict.findings.map(({ code }) => code)).toEqual(['orphan_events', 'funnel_step_fits_nothing'])
})

test('none in an empty shop', async () => {
  const { verdict } = await runInMemory(orderShop([]), { rules: { funnel: { steps: { a: ['/a'] } } } })
  expect(verdict.findings).toEqual([])
})
