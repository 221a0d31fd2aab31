import { describe, expect, test } from 'vitest'
import {
  describeRules,
  type PlainMeaning,
  type TextRule,
  textRuleSchema,
  textTest,
} from '../../src/rules/text-rule.ts'

interface Case {
  readonly rule: TextRule
  readonly fits: readonly string[]
  readonly fitsNot: readonly string[]
}

function expectFits({ rule, fits, fitsNot }: Case, plain: PlainMeaning = 'equals'): void {
  const test = textTest([textRuleSchema.parse(rule)], plain)
  const texts = [...fits, ...fitsNot]
  expect(texts.filter((text) => test(text))).toEqual(fits)
  // Asked again, since a regular expression may remember where it was.
  expect(texts.filter((text) => test(text))).toEqual(fits)
}

describe('a plain text', () => {
  test.each([
    { plain: 'equals', fits: ['/p'], fitsNot: ['/p/', '/P', ' /p', '', '/', '/shop/p'] },
    { plain: 'prefix', fits: ['/p', '/p/', '/product'], fitsNot: ['/P', ' /p', '', '/', '/shop/p'] },
    { plain: 'contains', fits: ['/p', '/p/', ' /p', '/shop/p'], fitsNot: ['/P', '', '/', 'p'] },
  ] as const)('means $plain where the setting says so', ({ plain, fits, fitsNot }) => {
    expectFits({ rule: '/p', fits, fitsNot }, plain)
  })

  test('is no pattern', () => {
    expectFits({ rule: '*.', fits: ['*.'], fitsNot: ['a.', 'ab'] })
    expectFits({ rule: '/.*/', fits: ['/.*/'], fitsNot: ['a'] })
  })
})

const LITERAL: readonly Case[] = [
  { rule: { equals: 'é' }, fits: ['é'], fitsNot: ['e\u0301', 'É', 'éé'] },
  { rule: { equals: '__proto__' }, fits: ['__proto__'], fitsNot: ['constructor'] },
  { rule: { prefix: 'test-' }, fits: ['test-', 'test-1'], fitsNot: ['Test-1', 'a test-1', 'test'] },
  { rule: { contains: 'test' }, fits: ['test', 'a test b'], fitsNot: ['TEST', 'tes t'] },
  { rule: { contains: '\n' }, fits: ['a\nb'], fitsNot: ['a b'] },
]

test.each(LITERAL)('$rule', (example) => {
  expectFits(example)
})

const GLOBS: readonly Case[] = [
  // One star stays within a part of the path; a slash at the end is the same page.
  {
    rule: { glob: '/p/*' },
    fits: ['/p/7', '/p/.hidden', '/p/a b', '/p/a\nb', '/p/é\u{1F600}', '/p/7/'],
    fitsNot: ['/p', '/p/', '/p/7/8', '/P/7', 'x/p/7'],
  },
  { rule: { glob: '/p/*.html' }, fits: ['/p/a.html', '/p/.html'], fitsNot: ['/p/a/b.html', '/p/ahtml'] },
  { rule: { glob: '*' }, fits: ['a', '.a', 'a/'], fitsNot: ['', '/a', 'a/b'] },
  { rule: { glob: '*test*' }, fits: ['test', 'a-test-1', '.test'], fitsNot: ['a/test', 'tes', 'TEST'] },
  // Two stars cross slashes, also none.
  {
    rule: { glob: '/p/**' },
    fits: ['/p', '/p/', '/p/7', '/p/7/8', '/p/.a/.b', '/p/7/a\nb'],
    fitsNot: ['/px', '/', '/shop/p/7'],
  },
  { rule: { glob: '**/x' }, fits: ['x', '/x', 'a/x', '/a/b/x', '.a/x'], fitsNot: ['ax', '/ax', '/x/a'] },
  { rule: { glob: '/**/x' }, fits: ['/x', '/a/x', '/a/b/x', '/.a/x'], fitsNot: ['x', 'a/x', '/ax'] },
  { rule: { glob: '/a/**/x' }, fits: ['/a/x', '/a/b/x', '/a/b/c/x'], fitsNot: ['/ax', '/a/bx', '/x'] },
  { rule: { glob: '**' }, fits: ['a', '/a/b', 'a\nb/c'], fitsNot: [] },
  { rule: { glob: 'u-?' }, fits: ['u-1', 'u-é', 'u-.'], fitsNot: ['u-', 'u-12', 'u-/', 'U-1'] },
  { rule: { glob: 'u-[0-3]' }, fits: ['u-0', 'u-3'], fitsNot: ['u-4', 'u-', 'u-00'] },
  { rule: { glob: '/{cart,checkout}' }, fits: ['/cart', '/checkout'], fitsNot: ['/', '/cart2'] },
  { rule: { glob: 'a\\*' }, fits: ['a*'], fitsNot: ['ab', 'a\\b'] },
  { rule: { glob: '!test' }, fits: ['a', 'test1', 'a\ntest'], fitsNot: ['test'] },
  { rule: { glob: 'a.b+c' }, fits: ['a.b+c'], fitsNot: ['axb+c', 'a.bbc'] },
]

test.each(GLOBS)('$rule', (example) => {
  expectFits(example)
})

const EXPRESSIONS: readonly Case[] = [
  { rule: { regex: 'b' }, fits: ['abc', 'b'], fitsNot: ['ac', 'B', ''] },
  { rule: { regex: '^/p/\\d+$' }, fits: ['/p/7', '/p/77'], fitsNot: ['/p/', '/p/7a', '/p/\u0667', '/p/7\n'] },
  { rule: { regex: '^.$' }, fits: ['a', '\u{1F600}', 'é'], fitsNot: ['ab', '', 'e\u0301', '\n'] },
  { rule: { regex: '^\\p{Lu}' }, fits: ['Ärger', 'A'], fitsNot: ['ä', '1'] },
  { rule: { regex: '\\u{1F600}' }, fits: ['a\u{1F600}'], fitsNot: ['\u{1F601}', 'u'] },
  { rule: { regex: '^(?:test|qa)-' }, fits: ['test-1', 'qa-2'], fitsNot: ['a qa-2'] },
]

test.each(EXPRESSIONS)('$rule', (example) => {
  expectFits(example)
})

test('one of several rules is enough, and without rules nothing fits', () => {
  const several = textTest(['a', { prefix: 'b' }, { regex: 'c$' }], 'equals')
  expect(['a', 'bb', 'xc', 'ab', 'x'].map(several)).toEqual([true, true, true, false, false])
  expect(['', 'a'].map(textTest([], 'contains'))).toEqual([false, false])
})

describe('refused', () => {
  const FORMS = 'must have just one of equals, prefix, contains, glob and regex'
  const messages = (rule: unknown) =>
    textRuleSchema.safeParse(rule).error?.issues.map((issue) => issue.message)

  test.each([
    [{}, FORMS],
    [{ equals: undefined }, FORMS],
    [{ equals: 'a', prefix: 'b' }, FORMS],
    [{ equals: 'a', prefix: 'b', contains: 'c', glob: 'd', regex: 'e' }, FORMS],
    [{ regex: '(' }, "'(' cannot be used as a regular expression: "],
    [{ regex: '\\p{Nope}' }, "'\\p{Nope}' cannot be used as a regular expression: "],
    [
      { regex: '^(?!/p/)' },
      "'^(?!/p/)' cannot be used as a regular expression: it looks ahead with (?!, which",
    ],
    [{ glob: '[z-a]' }, "'[z-a]' cannot be used as a glob: "],
  ])('%j', (rule, message) => {
    expect(messages(rule)).toEqual([expect.stringContaining(message)])
  })

  test('a glob of unreasonable length', () => {
    expect(messages({ glob: 'x'.repeat(70_000) })).toEqual([
      expect.stringContaining('cannot be used as a glob: '),
    ])
  })

  test('two forms of which one is wrong: both are said', () => {
    expect(messages({ equals: 'a', regex: '(' })).toEqual([FORMS, expect.stringContaining("'('")])
  })

  test.each([
    [''],
    [{ equals: '' }],
    [{ glob: '' }],
    [{ regex: '' }],
    [7],
    [null],
    [{ suffix: 'a' }],
    [['a']],
  ])('%j', (rule) => {
    expect(textRuleSchema.safeParse(rule).success).toBe(false)
  })
})

test.each([
  [['/p/'], 'contains', 'contains "/p/"'],
  [['/p/'], 'prefix', 'starts with "/p/"'],
  [['a'], 'equals', 'is "a"'],
  [[{ glob: '/p/*' }], 'equals', 'fits "/p/*"'],
  [[{ regex: '^a$' }], 'equals', 'fits /^a$/'],
  [
    ['a', { prefix: 'b' }, { contains: 'c' }, { equals: 'd' }],
    'prefix',
    'starts with "a" or starts with "b" or contains "c" or is "d"',
  ],
  [[], 'equals', ''],
] as const)('%j as %s in words', (rules, plain, words) => {
  expect(describeRules(rules, plain)).toBe(words)
})
