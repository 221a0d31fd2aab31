import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeySet } from '../../src/collections/key-set.ts'
import { Random, seedOf } from '../support/random.ts'

const { seed, name } = seedOf(71)

function check(keys: Iterable<string>): void {
  const set = new KeySet()
  const codes = new Map<string, number>()
  for (const key of keys) {
    const expected = codes.get(key) ?? codes.size
    codes.set(key, expected)
    const bytes = Buffer.from(`,${key},`)
    if (set.encode(bytes, 1, bytes.length - 1) !== expected) throw new Error(`${key} is not ${expected}`)
  }
  expect(set.size).toBe(codes.size)
}

test(`codes are given in order of first appearance, whatever the form, ${name}`, () => {
  const random = new Random(seed)
  const digits = [...'0123456789abcdef']
  // Few different digits, so that keys come again; some near misses of a UUID.
  const uuid = (pieces: readonly string[]) =>
    [8, 4, 4, 4, 12].map((length) => random.text(pieces, length, length)).join('-')
  const keys = Array.from({ length: 200_000 }, () => {
    const kind = random.whole(0, 9)
    if (kind < 5) return uuid(random.chance(0.5) ? ['00000000000', '11111111111'] : digits).slice(0, 36)
    if (kind === 5) return uuid(['a', 'A', 'F', 'f'])
    if (kind === 6) return uuid(['g', 'o', '7', 'f', '`', '/', ':', '\u0010'])
    if (kind === 7) return `${random.whole(0, 500)}`
    if (kind === 8) return uuid(digits).replaceAll('-', random.pick(['_', '+', '']))
    return `${uuid(digits)}${random.pick(['', ' ', 'a'])}`
  })
  check(keys)
})

test('a character that is no digit is never taken for one', () => {
  const keys: string[] = []
  for (let place = 0; place < 36; place++) {
    for (let code = 1; code < 256; code++) {
      const key = [...'01234567-89ab-cdef-0123-456789abcdef']
      key[place] = String.fromCharCode(code)
      keys.push(key.join(''))
    }
  }
  check([...keys, ...keys.reverse()])
})

test('many', () => {
  const keys = Array.from({ length: 50_000 }, () => randomUUID() as string)
  check([...keys, ...keys])
})
