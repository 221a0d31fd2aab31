import { expect, test } from 'vitest'
import { percentDecoded } from '../../../src/sources/cells/percent.ts'

test.each([
  ['/caf%C3%A9', '/café'],
  ['%c3%a4%C3%A4', 'ää'],
  ['%F0%9F%98%80!', '😀!'],
  ['%E2%82%AC', '€'],
  ['%25', '%'],
  ['%2541', '%41'],
  ['a+b', 'a+b'],
  ['100%', '100%'],
  ['5%z', '5%z'],
  ['%4', '%4'],
  ['%%41', '%A'],
  ['%0A', '\n'],
  ['%EF%BB%BFx', '\ufeffx'],
  ['%F4%8F%BF%BF', '\u{10ffff}'],
])('%s is %j', (text, decoded) => {
  expect(percentDecoded(text)).toBe(decoded)
})

test.each([
  ['a NUL', '%00'],
  ['a lone byte', '%FF'],
  ['Latin-1', '%E9'],
  ['a character cut off', '%C3'],
  ['a character cut off by a plain one', '%E2%82x'],
  ['written too long', '%C0%80'],
  ['written too long, three bytes', '%E0%80%80'],
  ['half of a pair', '%ED%A0%80'],
  ['beyond Unicode', '%F4%90%80%80'],
  ['no hexadecimal digit', '%G1%1G'],
  ['full-width digits', '%４１'],
])('%s stays', (_, text) => {
  expect(percentDecoded(text)).toBe(text)
  expect(percentDecoded(`%C3%A4${text}%C3%A4`)).toBe(`ä${text}ä`)
})
