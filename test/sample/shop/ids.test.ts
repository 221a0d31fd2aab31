import { expect, test } from 'vitest'
import { IdMaker, orderId } from '../../../src/sample/shop/ids.ts'

test('ids look like UUIDs, never repeat, and differ from seed to seed', () => {
  const first = new IdMaker(1, 1)
  const other = new IdMaker(2, 1)
  const starts = new Set<string>()
  let shared = 0
  for (let i = 0; i < 100_000; i++) {
    const id = first.next()
    if (i < 100) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    starts.add(id.slice(0, 8))
    if (id === other.next()) shared++
  }
  expect(starts.size).toBe(100_000)
  expect(shared).toBe(0)
})

test('order ids are numbered', () => {
  expect(orderId(123)).toBe('ORD-000000123')
})
