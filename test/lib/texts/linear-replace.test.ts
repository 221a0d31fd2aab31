import { describe, expect, test } from 'vitest'
import { linearReplace } from '../../../src/lib/texts/linear-replace.ts'
import { Random, seedOf } from '../../support/random.ts'

const replaced = (source: string, replacement: string, text: string) =>
  linearReplace(source, replacement, 1000)(text)

test.each([
  ['-', '', '1-2-3', '123'],
  ['^#', '', '##7', '#7'],
  [String.raw`(\d+)\.(\d+)`, '$2/$1', '12.2024 and 1.2025', '2024/12 and 2025/1'],
  [String.raw`(?<month>\d+)\.`, '$<month>/', '12.24', '12/24'],
  ['[A-Z]+', '<$&>', 'aBCd', 'a<BC>d'],
  ['€', '$$ 5 $', '€', '$ 5 $'],
  ['(a)', '$10', 'a', 'a0'],
  ['(a)|b', '[$1]', 'ab', '[a][]'],
  ['😀', 'x', 'a😀b', 'axb'],
  ['x*', '-', 'a😀', '-a-😀-'],
  ['z', 'y', 'none', 'none'],
])('%s → %s', (source, replacement, text, result) => {
  expect(replaced(source, replacement, text)).toBe(result)
})

const { seed, name } = seedOf(7301)
test(`replaces what JavaScript replaces, ${name}`, () => {
  const random = new Random(seed)
  const parts = ['a', '(b)', '(?:ab)?', '[^a]', 'b*', '(a+)', '$', '^', '😀']
  for (let round = 0; round < 300; round++) {
    const source = random.text(parts, 1, 3)
    const text = random.text(['a', 'b', '😀', '-'], 0, 12)
    const replacement = random.text(['x', '$&', '$$', '<'], 0, 3)
    const javascript = text.replaceAll(new RegExp(source, 'gu'), replacement)
    expect(replaced(source, replacement, text), `${source} in ${text}`).toBe(javascript)
  }
})

describe('results are bounded', () => {
  test('one that is too long is none, however it grows', () => {
    const limited = (replacement: string) => linearReplace('a', replacement, 10)('aaaaa')
    expect(limited('bb')).toBe('bbbbbbbbbb')
    expect(limited('bbb')).toBeUndefined()
    const doubled = linearReplace('^.*$', '$&'.repeat(50_000), 2 ** 20)
    expect(doubled('a'.repeat(2 ** 20))).toBeUndefined()
  })

  test('an expression that may look to the end at each of its places is given up', () => {
    const text = 'a'.repeat(1000)
    // 1000 + 999 + … + 1 characters
    expect(linearReplace('a*b|a', 'b', 1000, 500_500)(text)).toBe('b'.repeat(1000))
    expect(linearReplace('a*b|a', 'b', 1000, 500_499)(text)).toBeUndefined()
    expect(linearReplace('a', 'b', 1000, 1)(text)).toBe('b'.repeat(1000))
  })
})

test.each([
  ['(a)', '$2', 'there is no group $2: the expression has one group, $1'],
  ['a', '$1', 'there is no group $1: the expression has no group'],
  ['(a)(b)', '$0', 'has 2 groups, $1 to $2; the whole place is $&'],
  ['(?<n>a)', '$<m>', 'there is no group $<m>: the expression has $<n>'],
  ['(?<n>a)', '$<n', 'there is no group $<n: the expression has $<n>'],
  ['(a)', String.raw`\1`, String.raw`\1 is not possible; a group is written $1`],
  ['a', "$'", "$' is not possible"],
  ['a', '$`', '$` is not possible'],
  ['(?=a)', '', 'looks ahead'],
])('%s with %s is refused', (source, replacement, message) => {
  expect(() => replaced(source, replacement, '')).toThrow(SyntaxError)
  expect(() => replaced(source, replacement, '')).toThrow(message)
})
