import { describe, expect, test } from 'vitest'
import { linearTest } from '../../../src/lib/texts/linear-expression.ts'
import { Random, seedOf } from '../../support/random.ts'

const UNLUCKY = [
  ['^/p/([a-z]+-?)+$', `/p/${'a'.repeat(100_000)}!`],
  ['(a|a)*b', 'a'.repeat(100_000)],
  ['^(.*?,){20}x', 'a,'.repeat(20_000)],
  ['x*x*x*x*x*y', 'x'.repeat(100_000)],
] as const

test.each(UNLUCKY)('%s: an unlucky text takes no longer than others', (source, text) => {
  const started = performance.now()
  expect(linearTest(source)(text)).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})

const TEXTS = [
  ...['', 'a', 'b', 'A', 'ab', 'abc', 'aab', '7', '/p/7', '/p/77', '/p/7a', '/p/7\n', '/shop/p/1', '/p/1/2'],
  ...[
    '\n',
    '\r',
    '\u2028',
    '\u2029',
    '\t',
    '\v',
    '\f',
    ' ',
    '\u00a0',
    '\u3000',
    '\ufeff',
    '\u180e',
    '\b',
    '\0',
  ],
  ...['a\nb', 'a b', 'a-b', '-', '[', ']', '\\', '^', '$', '.', ':', 'a:', '{', '}', '\x01', '\u001a'],
  ...['ä', 'Ä', 'é', 'e\u0301', 'ß', 'Ω', 'я', '\u0667', '٣', '\u{1F600}', 'a\u{1F600}', '\u{1F601}', 'u'],
  ...[
    'test-1',
    'qa-2',
    'a qa-2',
    'den',
    'warden',
    's1',
    's3',
    '^/item/12',
    '/item/12',
    '/item/x',
    '/kasse/1',
  ],
]

/** Those of tests and pages, and one for each thing that the two syntaxes write or mean in another way. */
const EXPRESSIONS = [
  ...['b', '^/p/\\d+$', '^.$', '^\\p{Lu}', '\\u{1F600}', '^(?:test|qa)-', 'c$', '^a$', '/p/\\d', 'den$'],
  ...['^/thanks', '^qa', '[37]$', '[05]$', '^/[a-z]+$', '\\p{So}', '^$', '.*', '/\\d$', '^r\\Sx$', '^s[12]$'],
  ...['2$', '^/kasse/\\d$', '^/item/[0-9]+$', '^user-regex$', '^/w'],
  ...[
    '.',
    '^\\s$',
    '^\\S$',
    '[\\s]',
    '[^\\s]',
    '[\\S]',
    '[^\\S]',
    '[\\s\\S]',
    '\\w',
    '\\W',
    '\\D',
    '\\bp\\b',
    '\\Bb',
  ],
  ...[
    '[\\b]',
    '\\0',
    '\\x61',
    '\\u0061',
    '\\u00e4',
    '\\ud83d\\ude00',
    '[\\ud83d\\ude00]',
    '\\cA',
    '[\\cZ]',
    '\\t|\\v|\\f',
  ],
  ...[
    '[]',
    '[^]',
    '^[^]$',
    'a[]|b',
    '[\\[]',
    '[\\[:alpha:]',
    '[a-c&&b]',
    '[\\]]',
    '[^\\]]',
    '[\\-a]',
    '[(?=a)]',
    '[.]',
  ],
  ...[
    '\\/p\\/',
    '\\.',
    '\\\\',
    '\\^',
    '\\$',
    '\\[',
    '\\{',
    '\\}',
    '(?<name>a)b',
    'a??b',
    'a{1,2}b',
    'a{2}',
    'a{1,}?',
  ],
  ...[
    '\\p{L}',
    '\\P{L}',
    '[\\p{L}\\d]',
    '\\p{Script=Greek}',
    '\\p{sc=Cyrillic}',
    '\\p{gc=Lu}',
    '\\p{Nd}',
    '[\\u{1F600}-\\u{1F601}]',
  ],
]

test.each(EXPRESSIONS)('%s means what it means in JavaScript', (source) => {
  const javascript = new RegExp(source, 'u')
  expect(TEXTS.filter(linearTest(source))).toEqual(TEXTS.filter((text) => javascript.test(text)))
})

const { seed, name } = seedOf(20260)
test(`expressions put together at random mean what they mean in JavaScript, ${name}`, () => {
  const random = new Random(seed)
  const parts = [
    'a',
    'b',
    '.',
    '\\d',
    '\\s',
    '\\S',
    '[a-c]',
    '[^a\\s]',
    '\\w',
    '\\b',
    '^',
    '$',
    '\\u00e4',
    '\\n',
    '-',
  ]
  const expression = (depth: number): string => {
    const kind = depth === 0 ? 0 : random.whole(0, 3)
    if (kind === 1) return `(?:${expression(depth - 1)}|${expression(depth - 1)})`
    if (kind === 2) return `(${expression(depth - 1)})${random.pick(['*', '+', '?', '{0,2}', '*?'])}`
    return kind === 3 ? expression(depth - 1) + expression(depth - 1) : random.pick(parts)
  }
  for (let round = 0; round < 500; round++) {
    const source = expression(4)
    const javascript = new RegExp(source, 'u')
    const found = TEXTS.filter(linearTest(source))
    expect(found, source).toEqual(TEXTS.filter((text) => javascript.test(text)))
  }
})

describe('refused, with what to write instead', () => {
  test.each([
    ['a(?=b)', 'it looks ahead with (?=, which is not possible; write what'],
    ['^(?!/admin)', 'it looks ahead with (?!, which is not possible; write what'],
    ['(?<=a)b', 'it looks behind with (?<=, which is not possible; write what'],
    ['(?<!a)b', 'it looks behind with (?<!, which is not possible; write what'],
    ['(a)\\1', 'it refers back to a group with \\1, which is not possible; write out'],
    ['(?<n>a)\\k<n>', 'it refers back to a group with \\k, which is not possible; write out'],
    ['a{1001}', 'nothing can be repeated more than 1,000 times; write * or +'],
    ['(?:a{1000}){1000}', 'nothing can be repeated more than 1,000 times; write * or +'],
    [
      '\\p{Script_Extensions=Greek}',
      'this property is not known; write a category or script, such as \\p{L}',
    ],
    ['(', 'Invalid regular expression'],
    ['\\p{Nope}', 'Invalid regular expression'],
    ['(?i)a', 'Invalid regular expression'],
    ['a++', 'Invalid regular expression'],
    ['\\X', 'Invalid regular expression'],
  ])('%s', (source, message) => {
    expect(() => linearTest(source)).toThrow(SyntaxError)
    expect(() => linearTest(source)).toThrow(message)
  })
})
