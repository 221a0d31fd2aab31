import { expect, test } from 'vitest'
import { splitPart } from '../../../src/sources/cells/split-parts.ts'

function parts(text: string): string[] {
  return (['first', 'last', 'all'] as const).map((take) => splitPart('|', take)(text))
}

test('one part is trimmed, and may be empty', () => {
  expect(parts('VIP | SPRING|VIP')).toEqual(['VIP', 'VIP', 'SPRING+VIP'])
  expect(parts('one')).toEqual(['one', 'one', 'one'])
  expect(parts('|b|')).toEqual(['', '', 'b'])
  expect(parts('|')).toEqual(['', '', ''])
})

test('all parts stand in order of bytes, each once', () => {
  expect(splitPart(', ', 'all')('b, a, B, \u{1F600}, \uff5e, a, ä')).toBe('B+a+b+ä+\uff5e+\u{1F600}')
})
