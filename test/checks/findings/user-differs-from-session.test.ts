import { expect, test } from 'vitest'
import { findingsIn, type ShopRows } from '../../support/finding-shop.ts'

const found = (order_table: readonly string[], options = {}) => {
  const rows: ShopRows = { session_table: ['anon-1,s,2025-01-01', 'b,t,2025-01-01'], order_table }
  return findingsIn(rows, 'user_differs_from_session', options)
}

test('orders of another user than their session, with their money and the largest', async () => {
  const [finding] = await found([
    'cust-9,s,o1,2025-01-01,30',
    'CUST-1,s,o2,2025-01-01,40.25',
    'b,t,o3,2025-01-01,5',
    'anon-1,t,o4,2025-01-01,1',
  ])
  expect(finding).toMatchObject({
    severity: 'warning',
    details: {
      orders: 3,
      orders_compared: 4,
      revenue: '71.25',
      example_in_order_table: "'AAAA-9'",
      example_in_session_table: "'aaaa-9'",
    },
  })
  expect(finding!.message).toContain('75.00 %')
})

test('values where they are asked for', async () => {
  const [finding] = await found(['cust-9,s,o1,2025-01-01,30'], { showValues: true })
  expect(finding!.message).toContain("'cust-9' in order_table and 'anon-1' in session_table")
})

test('silent: the same user, an unknown session, a refund', async () => {
  expect(await found(['b,t,o1,2025-01-01,5', 'c,elsewhere,o2,2025-01-01,5', 'c,t,o3,2025-01-01,-5'])).toEqual(
    [],
  )
})
