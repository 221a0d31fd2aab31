import { expect, test } from 'vitest'
import { forbiddenNames } from '../../../src/config/file/forbidden-names.ts'

test('__proto__ is told wherever it is a name, for it would be lost', () => {
  const given = JSON.parse('{"coupons": {"__proto__": {"percent": 5}}, "list": [{"a": {"__proto__": 1}}]}')
  expect(forbiddenNames(given).map(({ path }) => path)).toEqual([
    ['coupons', '__proto__'],
    ['list', 0, 'a', '__proto__'],
  ])
})

test('as a text it is like any other, and rings come to an end', () => {
  const ring: Record<string, unknown> = { testUsers: ['__proto__'], constructor: 1 }
  ring.self = ring
  expect(forbiddenNames(ring)).toEqual([])
})
