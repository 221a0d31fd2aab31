import { createCipheriv, createHmac } from 'node:crypto'

const BLOCK = 16
const PRINT = 8

/**
 * Fingerprints of 64 bits in a form that tells nothing without the key: equal ones stay equal, and whoever
 * guesses what a row held cannot try it. AES of each by itself, cut to 64 bits.
 *
 * @param prints two numbers each
 * @param key from which the cipher's key is derived
 */
export function sealedPrints(prints: Int32Array, key: Uint8Array): Int32Array {
  const count = prints.length / 2
  const blocks = new Int32Array(count * (BLOCK / 4))
  for (let i = 0; i < count; i++) {
    blocks[i * 4] = prints[i * 2]!
    blocks[i * 4 + 1] = prints[i * 2 + 1]!
  }
  const cipherKey = createHmac('sha256', key).update('ecomagg fingerprints').digest().subarray(0, BLOCK)
  const cipher = createCipheriv('aes-128-ecb', cipherKey, null).setAutoPadding(false)
  const sealed = cipher.update(new Uint8Array(blocks.buffer))
  const result = new Uint8Array(count * PRINT)
  for (let i = 0; i < count; i++) result.set(sealed.subarray(i * BLOCK, i * BLOCK + PRINT), i * PRINT)
  return new Int32Array(result.buffer)
}
