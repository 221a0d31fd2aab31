import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { HashedIds } from '../../../src/collections/texts/hashed-ids.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(53)

function encode(ids: HashedIds, text: string): number {
  const bytes = Buffer.from(`<${text}>`, 'utf8')
  return ids.encode(bytes, 1, bytes.length - 1)
}

test(`codes as those of the ids themselves, but the hashes in their place, ${name}`, () => {
  const random = new Random(seed)
  const sha = (id: Uint8Array | string) => createHmac('sha256', 'k').update(id).digest('hex')
  const ids = new HashedIds(sha)
  const codes = new Map<string, number>()
  for (let i = 0; i < 20_000; i++) {
    const id = random.text(['a', 'b', 'é', '\u{1F600}', '7', '__proto__', ' '], 0, 5)
    const expected = codes.get(id) ?? codes.size
    codes.set(id, expected)
    expect(encode(ids, id)).toBe(expected)
  }
  expect(ids.dictionary.size).toBe(codes.size)
  expect(codes.size).toBeGreaterThan(3000)
  for (const [id, code] of codes) expect(ids.dictionary.text(code)).toBe(sha(id))
})

test('each id is hashed once', () => {
  const asked: string[] = []
  const ids = new HashedIds((id) => {
    asked.push(Buffer.from(id).toString())
    return `hash of ${asked.length}`
  })
  expect(['a', 'b', 'a', '', 'b', ''].map((id) => encode(ids, id))).toEqual([0, 1, 0, 2, 1, 2])
  expect(asked).toEqual(['a', 'b', ''])
})

test('an id that looks like the hash of another is another id', () => {
  const ids = new HashedIds((id) => `h(${Buffer.from(id).toString()})`)
  expect([encode(ids, 'a'), encode(ids, 'h(a)'), encode(ids, 'a')]).toEqual([0, 1, 0])
  expect([0, 1].map((code) => ids.dictionary.text(code))).toEqual(['h(a)', 'h(h(a))'])
})

test('ids with one hash become one', () => {
  const ids = new HashedIds((id) => String(id.length))
  expect([encode(ids, 'aa'), encode(ids, 'b'), encode(ids, 'cc')]).toEqual([0, 1, 0])
  expect(ids.dictionary.size).toBe(2)
})
