import { describe, expect, test } from 'vitest'
import { KeyHash } from '../../../src/lib/texts/key-hash.ts'

function hashOf(text: string, seed = 1): string {
  const hash = new KeyHash(seed)
  const bytes = Buffer.from(text, 'utf8')
  hash.take(bytes, 0, bytes.length)
  return `${hash.a} ${hash.b} ${hash.c}`
}

describe('the hash of a key', () => {
  test('hangs on its bytes alone, wherever they stand', () => {
    const hash = new KeyHash(1)
    const bytes = Buffer.from('xxabcdefgyy', 'utf8')
    hash.take(bytes, 2, 9)
    expect(`${hash.a} ${hash.b} ${hash.c}`).toBe(hashOf('abcdefg'))
  })

  test('differs for keys that are nearly the same', () => {
    const keys = [
      '',
      '\0',
      '\0\0',
      '\0\0\0\0',
      '\0\0\0\0\0',
      'a',
      'aa',
      'aaaa',
      'aaaaa',
      'aaab',
      'baaa',
      'abcd',
      'dcba',
    ]
    for (let i = 0; i < 5000; i++)
      keys.push(`ev-${i}`, `${i}`, `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`)
    expect(new Set(keys.map((key) => hashOf(key))).size).toBe(new Set(keys).size)
  })

  test('differs by seed', () => {
    expect(hashOf('abc', 1)).not.toBe(hashOf('abc', 2))
  })

  test('each lane alone spreads its keys: of 200,000, few share 32 bits', () => {
    const lanes = [new Set<number>(), new Set<number>(), new Set<number>()]
    const hash = new KeyHash(12345)
    for (let i = 0; i < 200_000; i++) {
      const bytes = Buffer.from(`8f14e45f-ceea-467f-a0e6-${String(i).padStart(12, '0')}`, 'utf8')
      hash.take(bytes, 0, bytes.length)
      lanes[0]!.add(hash.a)
      lanes[1]!.add(hash.b)
      lanes[2]!.add(hash.c)
    }
    // By chance 4.7 pairs are expected; more than 30 would be no chance.
    for (const lane of lanes) expect(lane.size).toBeGreaterThan(200_000 - 30)
  })
})
