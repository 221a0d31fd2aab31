import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeySet } from '../../../src/collections/keys/key-set.ts'
import { keyCellsOf } from '../../support/cells.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(71)

/** All keys in one go, or in several. */
function check(keys: readonly string[], parts = 1): void {
  const set = new KeySet()
  const codes = new Map<string, number>()
  const wanted = keys.map((key) => {
    if (!codes.has(key)) codes.set(key, codes.size)
    return codes.get(key)
  })
  const found: number[] = []
  const size = Math.ceil(keys.length / parts)
  for (let from = 0; from < keys.length; from += size) {
    const cells = keyCellsOf(keys.slice(from, from + size))
    const given = new Int32Array(cells.count + 1).fill(-7)
    set.encodeCells(cells, given, 1)
    expect(given[0]).toBe(-7)
    found.push(...given.subarray(1))
  }
  const wrong = wanted.findIndex((code, i) => found[i] !== code)
  expect(wrong < 0 ? undefined : keys[wrong]).toBeUndefined()
  expect(found.length).toBe(keys.length)
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
  check(keys, 3)
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
