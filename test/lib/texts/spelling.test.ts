import { describe, expect, test } from 'vitest'
import {
  commonSpelling,
  mayBeSpelledOtherwise,
  type Spelled,
  spellingDifferences,
} from '../../../src/lib/texts/spelling.ts'

const CASES: readonly (readonly [Spelled, string, string])[] = [
  ['name', 'Blue Mug', 'blue mug'],
  ['name', 'blue\u00a0 mug', 'blue mug'],
  ['name', 'salt &amp; pepper', 'salt & pepper'],
  ['name', 'caf&#233; caf&#xE9;', 'café café'],
  ['name', '&unknown; &#1114112;', '&unknown; &#1114112;'],
  ['name', 'caf%C3%A9', 'café'],
  ['name', '100%', '100%'],
  ['name', 'bad %C3%28 bytes', 'bad %c3%28 bytes'],
  ['name', 'what? a+b', 'what? a+b'],
  ['name', 'ÄPFEL', 'äpfel'],
  ['path', '/', '/'],
  ['path', '//', '/'],
  ['path', '/Products/', '/products'],
  ['path', '/p?id=3', '/p'],
  ['path', '/p/?id=3#top', '/p/#top'],
  ['path', '/#/cart', '/#/cart'],
  ['path', '/a%3Fb', '/a?b'],
  ['path', '/a+b', '/a+b'],
  ['parameter', 'Spring+Sale', 'spring sale'],
  ['parameter', 'a%2Bb', 'a+b'],
  ['parameter', 'google%20', 'google'],
  ['address', ' Ann.Lee@Shop.example', 'ann.lee@shop.example'],
  ['address', 'a%40b', 'a%40b'],
]

test.each(CASES)('%s %j → %j', (spelled, text, common) => {
  expect(commonSpelling(text, spelled)).toBe(common)
})

test('the quick look passes over no text that is spelled otherwise', () => {
  for (const spelled of ['name', 'path', 'parameter', 'address'] as const) {
    for (const [, ...texts] of CASES) {
      for (const text of texts) {
        const bytes = Buffer.from(text)
        if (commonSpelling(text, spelled) !== text)
          expect([text, mayBeSpelledOtherwise(bytes, 0, bytes.length, spelled)]).toEqual([text, true])
      }
    }
  }
})

test.each([
  ['path', '/products/mug-1', false],
  ['path', '/', false],
  ['path', '/a/', true],
  ['path', '/a?b', true],
  ['name', 'a?b', false],
  ['name', 'a b', false],
  ['name', 'a  b', true],
  ['parameter', 'a+b', true],
  ['path', 'a+b', false],
] as const)('a %s %j is worth a closer look: %s', (spelled, text, is) => {
  // Other bytes around it play no part.
  const bytes = Buffer.from(`A ${text} A`)
  expect(mayBeSpelledOtherwise(bytes, 2, bytes.length - 2, spelled)).toBe(is)
})

describe('in which ways texts differ', () => {
  test.each([
    ['path', ['/a', '/A/'], ['capitals', 'a final /']],
    ['path', ['/a?x', '/a?y', '/a'], ['a query']],
    ['name', ['Blue Mug', 'Blue\u00a0Mug'], ['white space']],
    ['name', ['A&amp;B', 'A&B'], ['HTML entities']],
    ['name', ['A%20B', 'A B'], ['percent-encoding']],
    ['parameter', ['a+b', 'a b'], ['+ for a blank']],
  ] as const)('%s %j', (spelled, texts, ways) => {
    expect(spellingDifferences(texts, spelled)).toEqual(ways)
  })
})
