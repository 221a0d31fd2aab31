import { expect, test } from 'vitest'
import { runOrders } from '../../support/order-shop.ts'

type Line = readonly [string, string, string]

async function found(lines: readonly Line[], listPrices: Readonly<Record<string, number>>) {
  const { verdict } = await runOrders([{ id: 'o', lines }], { listPrices })
  return verdict.findings.find(({ code }) => code === 'list_prices_differ')
}

test('lines at another price, by product, the largest difference first', async () => {
  const finding = await found(
    [
      ['Mug', '9.99', '3'],
      ['Mug', '8.99', '3'], // -1.00 × 3 = -3.00
      ['Mug', '10.49', '2'], // +0.50 × 2 = +1.00
      ['Hat', '12', '1'], // -8.00
      ['mug', '1', '1'], // another product, not listed
    ],
    { Mug: 9.99, Hat: 20, Never: 5 },
  )
  expect(finding).toMatchObject({ severity: 'warning' })
  expect(finding!.details).toEqual({
    lines_compared: 4,
    lines_differing: 3,
    products_differing: 2,
    difference: '-10.00',
    absolute_difference: '12.00',
    'product Hat': '1 line, -8.00',
    'product Mug': '2 lines, -2.00',
  })
  expect(finding!.message).toMatch(/^3 line items of 2 products .*-10\.00.*Hat.*Mug/)
})

test('up and down do not make each other vanish', async () => {
  const finding = await found(
    [
      ['a', '0', '1'],
      ['a', '20', '1'],
      ['b', '10.01', '1'],
    ],
    { a: 10, b: 10 },
  )
  expect(finding!.details).toMatchObject({
    difference: '0.01',
    absolute_difference: '20.01',
    'product a': '2 lines, 0.00',
  })
  expect(finding!.message.indexOf('a 2 lines')).toBeLessThan(finding!.message.indexOf('b 1 line,'))
})

test('exactly: a ten-thousandth differs, other ways of writing do not', async () => {
  expect(await found([['p', '10.0001', '1']], { p: 10 })).toMatchObject({
    details: { lines_differing: 1, difference: '0.00' },
  })
  expect(await found([['p', '1e1', '1']], { p: 10 })).toBeUndefined()
  expect(await found([['p', '10.00004', '1']], { p: 10 })).toBeUndefined()
})

test('lines of refunds are not looked at; a price and a quantity below zero are no refund', async () => {
  expect(await found([['p', '-10', '1']], { p: 10 })).toBeUndefined()
  expect(await found([['p', '9', '-2']], { p: 10 })).toBeUndefined()
  expect((await found([['p', '-9', '-2']], { p: 10 }))!.details).toMatchObject({ difference: '38.00' })
})

test('at most five are named', async () => {
  const lines = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): Line => [name, '2', '1'])
  const finding = await found(lines, { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 })
  expect(Object.keys(finding!.details).filter((name) => name.startsWith('product '))).toEqual([
    'product a',
    'product b',
    'product c',
    'product d',
    'product e',
  ])
  expect(finding!.message).toMatch(/…$/)
})

test('sums beyond 2^53', async () => {
  const lines = Array.from({ length: 3 }, (): Line => ['p', '1000000000', '1000000'])
  const finding = await found([...lines, ['p', '1.0001', '1']], { p: 1 })
  // 3 × 999,999,999 × 1,000,000 + 0.0001
  expect(finding!.details).toMatchObject({ difference: '2,999,999,997,000,000.00', lines_differing: 4 })
})

test('none without list prices, or without such products', async () => {
  expect(await found([['p', '1', '1']], {})).toBeUndefined()
  expect(await found([['p', '1', '1']], { q: 3 })).toBeUndefined()
})
