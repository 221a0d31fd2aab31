import { expect, test } from 'vitest'
import { findingsIn, times } from '../../support/finding-shop.ts'

const found = (count: number, deepest: string) =>
  findingsIn(
    {
      session_table: ['u,s,2025-01-01'],
      scroll_table: times(count, (i) => `r${i},s,2025-01-01,${i === 0 ? deepest : '0.5'},/`),
    },
    'scroll_in_fractions',
  )

test('a hundred scrolls of which none is above 1', async () => {
  const [finding] = await found(100, '1')
  expect(finding).toMatchObject({ severity: 'warning', details: { scrolls: 100, deepest: '1.00' } })
  expect(finding!.advice).toContain('times 100')
})

test('silent: too few, or one above 1', async () => {
  expect(await found(99, '1')).toEqual([])
  expect(await found(100, '1.0001')).toEqual([])
})
