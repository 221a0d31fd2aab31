import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { findingsIn, pasted, type ShopRows, times } from '../../support/finding-shop.ts'

/** Orders of 2.50 by one user, and orders of 1 by others, one each. */
function shop(user: string, ofOne: number, ofOthers: number, ...more: string[]): ShopRows {
  return {
    session_table: ['u,s,2025-01-01'],
    order_table: [
      ...times(ofOne, (i) => `${user},s,o${i},2025-01-01,2.5`),
      ...times(ofOthers, (i) => `u${i},s,p${i},2025-01-01,1`),
      ...more,
    ],
  }
}

const found = (rows: ShopRows, options = {}) => findingsIn(rows, 'one_user_many_orders', options)

test('at least 20 orders and more than 5 % of all, with their money', async () => {
  // 20 of 399 are 5.01 %, 20 of 400 are 5 %.
  const [finding] = await found(shop('0', 20, 379))
  expect(finding).toMatchObject({
    severity: 'warning',
    details: { users: 1, orders: 20, orders_of_all: 399, revenue: '50.00' },
  })
  expect(finding!.message).toContain("'0' 20 orders (5.01 %), 50.00")
  expect(await found(shop('0', 20, 380))).toEqual([])
  expect(await found(shop('0', 19, 5))).toEqual([])
})

test('refunds are no orders', async () => {
  const refunds = times(3, (i) => `0,s,r${i},2025-01-01,-2.5`)
  expect(await found(shop('0', 19, 5, ...refunds))).toEqual([])
  const [finding] = await found(shop('0', 20, 0, ...refunds))
  expect(finding!.details).toMatchObject({ orders: 20, orders_of_all: 20, revenue: '50.00' })
})

test('an id of somebody is shown by its shape, unless values are asked for', async () => {
  const [hidden] = await found(shop('ann@shop.example', 20, 0))
  expect(`${hidden!.message}${hidden!.advice}${Object.keys(hidden!.details)}`).not.toContain('ann@')
  expect(hidden!.message).toContain("'aaa@aaaa.aaaaaaa'")
  const [shown] = await found(shop('ann@shop.example', 20, 0), { showValues: true })
  expect(shown!.message).toContain("'ann@shop.example' 20 orders")
})

test('the filter that it names, pasted, makes it silent', async () => {
  const rows = shop('guest', 20, 0)
  const [finding] = await found(rows)
  expect(await found(rows, { rules: parse(pasted(finding!, 'filters')) })).toEqual([])
  expect(parse(pasted(finding!, 'nullValues'))).toEqual({ nullValues: ['guest'] })
})

test('a number is not advised to be empty everywhere: prices may read the same', async () => {
  const [finding] = await found(shop('0', 20, 0))
  expect(finding!.advice).not.toContain('nullValues')
  expect(parse(pasted(finding!, 'rawTables'))).toMatchObject({
    rawTables: { order_table: { optional: ['user_id'] } },
  })
})
