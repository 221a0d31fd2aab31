import { expect, test } from 'vitest'
import { isBlank, trimBlanks } from '../../../src/lib/texts/blanks.ts'

test.each([
  [' a\t', 'a'],
  ['\t \t', ''],
  ['', ''],
  ['a b', 'a b'],
  ['\u00a0a\u00a0', '\u00a0a\u00a0'],
  ['\na\r', '\na\r'],
  [' \u2003a', '\u2003a'],
])('%j', (text, trimmed) => {
  expect(trimBlanks(text)).toBe(trimmed)
})

test('only space and tab are blanks', () => {
  const blanks = Array.from({ length: 0x3100 }, (_, code) => code).filter(isBlank)
  expect(blanks).toEqual([9, 32])
})
