import { expect, test } from 'vitest'
import { collapsed } from '../../../src/sources/cells/white-space.ts'

test.each([
  ['a b', 'a b'],
  ['  a \t b  ', 'a b'],
  ['a\u00a0b', 'a b'],
  ['\u202fa\u2003\u3000b\u0085', 'a b'],
  ['a\r\nb', 'a b'],
  ['\u00a0', ''],
  [' ', ''],
  ['', ''],
  ['a\ufeffb\u200b', 'a\ufeffb\u200b'],
])('%j is %j', (text, result) => {
  expect(collapsed(text)).toBe(result)
})
