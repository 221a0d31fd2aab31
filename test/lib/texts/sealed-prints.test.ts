import { createCipheriv, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { sealedPrints } from '../../../src/lib/texts/sealed-prints.ts'

const key = Buffer.alloc(32, 7)

test('is AES of each print under a key derived from the given one, cut to 64 bits', () => {
  const [first] = sealedPrints(Int32Array.of(1, -2), key)
  const block = Buffer.alloc(16)
  block.writeInt32LE(1, 0)
  block.writeInt32LE(-2, 4)
  const derived = createHmac('sha256', key).update('ecomagg fingerprints').digest().subarray(0, 16)
  const cipher = createCipheriv('aes-128-ecb', derived, null).setAutoPadding(false)
  expect(first).toBe(cipher.update(block).readInt32LE(0))
})

test('equal prints stay equal, others differ, and another key gives others', () => {
  const prints = Int32Array.of(1, 2, 3, 4, 1, 2, 1, 3)
  const sealed = sealedPrints(prints, key)
  const pair = (i: number) => sealed.subarray(2 * i, 2 * i + 2).join()
  expect(pair(2)).toBe(pair(0))
  expect(new Set([0, 1, 3].map(pair)).size).toBe(3)
  expect([...sealedPrints(prints, Buffer.alloc(32, 8))]).not.toEqual([...sealed])
  expect(sealedPrints(new Int32Array(0), key)).toEqual(new Int32Array(0))
})
