import { createHmac } from 'node:crypto'

/**
 * HMAC-SHA-256 under a key, as 64 hexadecimal digits: the same for the same key and text, and without the
 * key it can neither be undone nor be guessed by trying.
 *
 * @example keyedHash(Buffer.from('key'))(Buffer.from('a')) → '780c3db4ce3de5b9e55816fba98f590631d96c075271b26976238d5f4444219b'
 */
export function keyedHash(key: Uint8Array): (text: Uint8Array | string) => string {
  return (text) => createHmac('sha256', key).update(text).digest('hex')
}
