import { expect, test } from 'vitest'
import { shellName } from '../../../src/lib/files/shell-name.ts'

test.each([
  ['raw_data/orders-1.csv', 'raw_data/orders-1.csv'],
  ['my orders.csv', "'my orders.csv'"],
  ["it's.csv", "'it'\\''s.csv'"],
  ['$(rm).csv', "'$(rm).csv'"],
])('%s', (name, shell) => {
  expect(shellName(name)).toBe(shell)
})
