import picomatch from 'picomatch'
import { expect, test } from 'vitest'
import { globTest } from '../../src/rules/glob-test.ts'
import { Random, seedOf } from '../support/random.ts'

test.each([
  ['/p/*-*-*-*.html', `/p/${'-'.repeat(50_000)}`],
  ['/**/a/**/b/**/c', '/a/b'.repeat(20_000)],
  ['/p/+([a-z]|[a-z][a-z])', `/p/${'a'.repeat(50_000)}!`],
  ['!*a*a*a*b', 'a'.repeat(50_000)],
])('%s: an unlucky text takes no longer than others', (glob, text) => {
  const started = performance.now()
  expect(globTest(glob)(text)).toBe(glob.startsWith('!'))
  expect(performance.now() - started).toBeLessThan(2000)
})

/** What picomatch itself says; undefined of globs that it makes no regular expression of. */
function byPicomatch(glob: string): ((text: string) => boolean) | undefined {
  try {
    const expression = picomatch.makeRe(glob, { dot: true, flags: 's', debug: true })
    return (text) => expression.test(text)
  } catch {
    return undefined
  }
}

const { seed, name } = seedOf(77)
test(`globs put together at random fit what they fit in a shell, ${name}`, () => {
  const random = new Random(seed)
  const parts = [
    ...['*', '**', '/', '/', '/', 'a', 'b', '?', '[ab]', '[!a]', '{a,b}', '{a,b/c}', '{,a}'],
    ...['.', '-', 'a*', '\\*', '\\-', '!', '+', '@', '#', ' ', 'é', '+(a|b)', '@(a|b/)'],
  ]
  const signs = ['a', 'b', 'c', '/', '/', '.a', '-', '*', '\n', '!', '+', 'é', ' ']
  let fits = 0
  for (let round = 0; round < 2000; round++) {
    const glob = random.text(parts, 1, 6)
    const shell = byPicomatch(glob)
    if (glob.startsWith('/**/') || /!\(/.test(glob) || shell === undefined) continue
    const own = globTest(glob)
    for (let i = 0; i < 30; i++) {
      const text = random.text(signs, 1, 6)
      // Parts of one or two dots are in no path of a page.
      if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(text)) continue
      if (shell(text)) fits++
      expect(own(text), JSON.stringify([glob, text])).toBe(shell(text))
    }
  }
  expect(fits).toBeGreaterThan(1000)
})

test('what would have to look ahead is refused', () => {
  expect(() => globTest('/p/!(x)')).toThrow('!(…) is not possible; write')
})
