import { describe, expect, test } from 'vitest'
import { urlPart } from '../../../src/sources/cells/url-part.ts'

function parts(text: string): string[] {
  return (['host', 'path', 'query', 'hash'] as const).map((part) => urlPart(part)(text))
}

describe('a URL is read as browsers read it', () => {
  test.each([
    ['https://shop.de/p/7?a=1&b=2#top', ['shop.de', '/p/7', 'a=1&b=2', 'top']],
    ['https://shop.de', ['shop.de', '/', '', '']],
    ['HTTPS://User:pw@SHOP.de:443/P', ['shop.de', '/P', '', '']],
    ['http://localhost:8080?', ['localhost:8080', '/', '', '']],
    ['https://shop.de/#/cart?x=1', ['shop.de', '/', '', '/cart?x=1']],
    ['https://bücher.de/ä', ['xn--bcher-kva.de', '/%C3%A4', '', '']],
    ['https://shop.de/a?b=https://x.de/y?z', ['shop.de', '/a', 'b=https://x.de/y?z', '']],
    ['android-app://com.google.android.gm/x', ['com.google.android.gm', '/x', '', '']],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected)
  })
})

describe('anything else is cut as it stands', () => {
  test.each([
    ['/p/7?a=1#top', ['', '/p/7', 'a=1', 'top']],
    ['/ä b/../c', ['', '/ä b/../c', '', '']],
    ['/ä b/../c?x', ['', '/ä b/../c', 'x', '']],
    ['?a=1', ['', '', 'a=1', '']],
    ['#a?b', ['', '', '', 'a?b']],
    ['/login?next=https://x.de/y', ['', '/login', 'next=https://x.de/y', '']],
    ['//products?x=1', ['', '//products', 'x=1', '']],
    ['shop.de/p', ['', 'shop.de/p', '', '']],
    ['mailto:a@b.de', ['', 'mailto:a@b.de', '', '']],
    ['(not set)', ['', '(not set)', '', '']],
    ['://x', ['', '://x', '', '']],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected)
  })
})

test('a URL that nobody could open has no host, but the rest', () => {
  expect(parts('https://a b/p?x=1#y')).toEqual(['', '/p', 'x=1', 'y'])
  expect(parts('https://?x=1')).toEqual(['', '/', 'x=1', ''])
  expect(parts('https://')).toEqual(['', '/', '', ''])
})
