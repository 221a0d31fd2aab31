import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rawTables } from '../../src/raw/index.ts'
import { writeSample } from '../../src/sample/index.ts'
import { centsOf, groupBy, type Row, readPlain, secondsOf } from './read-sample.ts'

const SESSIONS = 4000
let folder: string
let tables: Record<keyof typeof rawTables, Row[]>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ecomagg-shop-'))
  await writeSample({ folder, seed: 11, sessions: SESSIONS, days: 28, endDate: '2024-02-29', traps: false })
  const names = Object.keys(rawTables) as (keyof typeof rawTables)[]
  tables = Object.fromEntries(names.map((name) => [name, readPlain(folder, name)])) as typeof tables
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const perSession = (rows: readonly Row[]) => rows.length / SESSIONS

test('keys are unique and required cells are there', () => {
  const events = new Set<string>()
  for (const [name, table] of Object.entries(rawTables)) {
    const rows = tables[name as keyof typeof rawTables]
    expect(new Set(rows.map((row) => row[table.key])).size, name).toBe(rows.length)
    for (const [column, { required }] of Object.entries(table.columns)) {
      if (required)
        expect(
          rows.filter((row) => row[column] === ''),
          `${name}.${column}`,
        ).toEqual([])
    }
    if (table.key === 'event_id') for (const row of rows) events.add(row.event_id!)
  }
  for (const order of tables.order_table) events.add(order.event_id!)
  const eventRows = Object.entries(rawTables).filter(([, table]) => table.key === 'event_id')
  const counts = eventRows.map(([name]) => tables[name as keyof typeof rawTables].length)
  expect(events.size).toBe(counts.reduce((sum, count) => sum + count, tables.order_table.length))
})

test('everything refers to what is there, and to the same user', () => {
  const sessions = new Map(tables.session_table.map((row) => [row.session_id!, row.user_id!]))
  const users = new Set(tables.user_table.map((row) => row.user_id))
  const orders = new Map(tables.order_table.map((row) => [row.order_id!, row]))
  expect([...sessions.values()].filter((user) => !users.has(user))).toEqual([])
  for (const [name, rows] of Object.entries(tables)) {
    if (name === 'user_table' || name === 'session_table') continue
    const stray = rows.filter(({ session_id, user_id }) => {
      const owner = sessions.get(session_id!)
      return session_id === '' ? false : owner === undefined || (user_id !== '' && user_id !== owner)
    })
    expect(stray, name).toEqual([])
  }
  const strayLines = tables.order_line_item_table.filter(({ order_id, session_id, time }) => {
    const order = orders.get(order_id!)
    return order?.time !== time || (session_id !== '' && session_id !== order?.session_id)
  })
  expect(strayLines).toEqual([])
})

test('numbers of rows are those of a shop', () => {
  expect(tables.session_table).toHaveLength(SESSIONS)
  expect(perSession(tables.user_table)).toBeCloseTo(0.65, 5)
  expect(perSession(tables.pageview_table)).toBeGreaterThan(4.5)
  expect(perSession(tables.pageview_table)).toBeLessThan(5.8)
  expect(perSession(tables.scroll_table)).toBeGreaterThan(3)
  expect(perSession(tables.scroll_table)).toBeLessThan(4.5)
  expect(perSession(tables.click_table)).toBeGreaterThan(2)
  expect(perSession(tables.click_table)).toBeLessThan(3)
  const withCart = groupBy(tables.add_to_cart_table, 'session_id').size / SESSIONS
  expect(withCart).toBeGreaterThan(0.27)
  expect(withCart).toBeLessThan(0.33)
  expect(perSession(tables.order_table)).toBeGreaterThan(0.065)
  expect(perSession(tables.order_table)).toBeLessThan(0.1)
  const lines = [...groupBy(tables.order_line_item_table, 'order_id').values()].map((rows) => rows.length)
  expect(lines).toHaveLength(tables.order_table.length)
  expect(Math.min(...lines)).toBe(1)
  expect(Math.max(...lines)).toBeLessThanOrEqual(4)
  const sessionsOfUsers = [...groupBy(tables.session_table, 'user_id').values()].map((rows) => rows.length)
  expect(Math.max(...sessionsOfUsers)).toBeGreaterThan(6)
  expect(sessionsOfUsers.filter((count) => count === 1).length / sessionsOfUsers.length).toBeGreaterThan(0.4)
})

test('the total of an order is its lines less the discount plus shipping', () => {
  const lines = groupBy(tables.order_line_item_table, 'order_id')
  for (const order of tables.order_table) {
    const items = lines.get(order.order_id!)!
    let gross = 0
    let pieces = 0
    for (const { product_price, product_qty } of items) {
      gross += centsOf(product_price!) * Number(product_qty)
      pieces += Number(product_qty)
    }
    expect(centsOf(order.total_price!)).toBe(
      gross - centsOf(order.discount!) + centsOf(order.shipping_price!),
    )
    expect([order.total_items, order.total_qty]).toEqual([String(items.length), String(pieces)])
    if (order.discount_coupon_code === '') expect(centsOf(order.discount!)).toBe(0)
  }
  const coupons = [...groupBy(tables.order_table, 'discount_coupon_code').keys()].sort()
  expect(coupons).toEqual(['', 'FREESHIP', 'SPRING15', 'WELCOME10'])
})

test('a session goes forward: start, product view, cart add, checkout, order, thanks', () => {
  const pages = groupBy(tables.pageview_table, 'session_id')
  const adds = groupBy(tables.add_to_cart_table, 'session_id')
  const orders = groupBy(tables.order_table, 'session_id')
  for (const { session_id, time, landing_page } of tables.session_table) {
    const views = pages.get(session_id!) ?? []
    if (views.length > 0) expect(views[0]!.path).toBe(landing_page)
    const start = secondsOf(time!)
    const viewed = (part: string) =>
      views.filter(({ path }) => path!.includes(part)).map((view) => secondsOf(view.time!))
    const added = (adds.get(session_id!) ?? []).map((add) => secondsOf(add.time!))
    const ordered = (orders.get(session_id!) ?? []).map((order) => secondsOf(order.time!))
    const times = [start, ...views.map((view) => secondsOf(view.time!))]
    expect(times).toEqual([...times].sort((a, b) => a - b))
    if (added.length > 0) expect(Math.min(...added)).toBeGreaterThanOrEqual(Math.min(...viewed('/products/')))
    if (ordered.length === 0) continue
    expect(ordered).toHaveLength(1)
    expect(Math.min(...viewed('/checkout'))).toBeGreaterThanOrEqual(Math.max(...added))
    expect(ordered[0]!).toBeGreaterThanOrEqual(Math.min(...viewed('/checkout')))
    expect(Math.min(...viewed('/thank-you'))).toBeGreaterThanOrEqual(ordered[0]!)
  }
})

test('times, addresses and depths stay within bounds', () => {
  const days = new Set(tables.session_table.map((row) => row.time!.slice(0, 10)))
  expect([...days].sort()[0]).toBe('2024-02-02')
  expect(days.size).toBe(28)
  for (const [name, rows] of Object.entries(tables)) {
    const late = rows.filter(({ time }) => time !== undefined && time > '2024-02-29 23:59:59')
    expect(late, name).toEqual([])
  }
  const address = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/
  expect(tables.session_table.filter(({ IP }) => !address.test(IP!))).toEqual([])
  const depths = tables.scroll_table.map(({ scroll_percent }) => Number(scroll_percent))
  expect(depths.filter((depth) => !(depth > 0 && depth <= 100))).toEqual([])
  const bought = tables.user_table.filter((row) => row.has_purchase_last_qtr === '1')
  expect(bought.every((row) => row.has_purchase_last_year === '1')).toBe(true)
})
