import { expect, test } from 'vitest'
import { priceShop } from '../../support/price-shop.ts'

const orders = [['o', '1', '0', '0', '']] as const

test('lines sold at another price than the list says, with the money', async () => {
  const shop = await priceShop(
    orders,
    [
      ['o', 'Mug', '12.50', '1'],
      ['o', 'Mug', '10', '3'],
      ['o', 'Mug', '13', '1'],
      ['o', 'Hat', '20', '1'],
      ['o', 'mug', '1', '1'],
      ['o', 'Pan', '30.0001', '2'],
    ],
    { listPrices: { Mug: 12.5, Pan: 30, Never: 5 } },
  )
  // Mug: 3 × -2.50 and 1 × 0.50; Pan: 2 × 0.0001.
  expect(shop.details('list_prices_differ')).toEqual({
    lines: 4,
    lines_differing: 3,
    products_differing: 2,
    difference: '-7.00',
    difference_without_signs: '8.00',
  })
  expect(shop.message('list_prices_differ')).toContain('Mug (2 lines, -7.00), Pan (1 line, 0.00)')
})

test('no list, no prices that differ, or nothing sold of the list: no finding', async () => {
  const lines = [['o', 'Mug', '12.50', '1']] as const
  for (const listPrices of [{}, { Mug: 12.5 }, { Hat: 1 }])
    expect((await priceShop(orders, lines, { listPrices })).codes).not.toContain('list_prices_differ')
})

test('differences beyond 2^53 are exact, refunds count with their sign', async () => {
  const shop = await priceShop(
    orders,
    [
      ['o', 'Jet', '1000000000', '1000000'],
      ['o', 'Jet', '1000000000', '1000000'],
      ['o', 'Jet', '-0.01', '1'],
    ],
    { listPrices: { Jet: 0 } },
  )
  expect(shop.details('list_prices_differ')).toMatchObject({
    difference: '1,999,999,999,999,999.99',
    difference_without_signs: '2,000,000,000,000,000.01',
  })
})

test('at most five products are named, the largest differences first', async () => {
  const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, i) => ['o', name, String(i + 2), '1'] as const)
  const listPrices = Object.fromEntries(lines.map(([, name]) => [name, 1]))
  const message = (await priceShop(orders, lines, { listPrices })).message('list_prices_differ')!
  expect([...message.matchAll(/(\w) \(1 line/g)].map(([, name]) => name).join('')).toBe('gfedc')
  expect(message).toContain('and others')
})
