import { describe, expect, test } from 'vitest'
import { runInMemory } from '../support/memory-run.ts'
import { RANDOM_SHOP_RULES, SHOP_TABLES, shopCsv } from '../support/random-shop.ts'

type Row = Readonly<Record<string, string>>

const session = (session_id: string, user_id: string): Row => ({ session_id, user_id, time: '2025-01-01' })
const order = (order_id: string, session_id: string, user_id: string): Row => ({
  order_id,
  session_id,
  user_id,
  time: '2025-01-01 10:00',
  total_price: '5',
})

async function outcome(session_table: readonly Row[], order_table: readonly Row[], hashKey?: Uint8Array) {
  const shop: Readonly<Record<string, readonly Row[]>> = { session_table, order_table }
  const files = Object.fromEntries(
    SHOP_TABLES.map((table) => [`${table}.csv`, shopCsv(table, shop[table] ?? [])]),
  )
  const privacy = { hashIds: hashKey === undefined ? [] : ['user_id', 'session_id', 'order_id'] }
  const given = { rules: { ...RANDOM_SHOP_RULES, privacy }, ...(hashKey === undefined ? {} : { hashKey }) }
  return runInMemory(files, given).catch((error: unknown) => error)
}

describe('an id of the data that nobody known would get', () => {
  test.each([
    [
      'a user with orders',
      [session('s', 'u')],
      [order('o', 's', ''), order('p', 's', '(unknown)')],
      '(unknown)',
    ],
    ['a session', [session('order:o', 'u')], [order('o', '', 'u')], 'order:o'],
    ['a session known only from an order', [], [order('o', '', 'u'), order('p', 'order:o', 'u')], 'order:o'],
  ])('%s: the run fails and says so', async (_, sessions, orders, found) => {
    expect(await outcome(sessions, orders)).toMatchObject({ code: 'reserved_id', details: { found } })
  })

  test.each([
    ['(unknown) where every order has a user', [session('s', 'u')], [order('p', 's', '(unknown)')]],
    ['(unknown) of a session alone', [session('s', '(unknown)')], [order('o', 's', '')]],
    ['order: of another order', [session('order:p', 'u')], [order('o', '', 'u')]],
    ['order: of an order with a session', [session('order:o', 'u')], [order('o', 'order:o', 'u')]],
  ])('%s: it meets nobody', async (_, sessions, orders) => {
    expect(await outcome(sessions, orders)).toMatchObject({ verdict: {} })
  })

  test('where ids are hashed, no id of the data can be met', async () => {
    const orders = [order('o', '', ''), order('p', 'order:o', '(unknown)')]
    expect(await outcome([], orders, Buffer.alloc(32, 7))).toMatchObject({ verdict: {} })
  })
})
