import { expect, test } from 'vitest'
import { keyedHash } from '../../../src/lib/texts/keyed-hash.ts'

const hex = (digits: string) => Buffer.from(digits, 'hex')

/** RFC 4231, section 4; test case 5 is left out, since it cuts the hash off. */
const RFC_4231 = [
  {
    name: 'test case 1',
    key: hex('0b'.repeat(20)),
    text: Buffer.from('Hi There'),
    hash: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    name: 'test case 2, a short key',
    key: Buffer.from('Jefe'),
    text: Buffer.from('what do ya want for nothing?'),
    hash: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    name: 'test case 3',
    key: hex('aa'.repeat(20)),
    text: hex('dd'.repeat(50)),
    hash: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    name: 'test case 4',
    key: hex('0102030405060708090a0b0c0d0e0f10111213141516171819'),
    text: hex('cd'.repeat(50)),
    hash: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    name: 'test case 6, a key longer than a block',
    key: hex('aa'.repeat(131)),
    text: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    hash: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    name: 'test case 7, a key and a text longer than a block',
    key: hex('aa'.repeat(131)),
    text: Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. ' +
        'The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    hash: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
]

test.each(RFC_4231)('RFC 4231, $name', ({ key, text, hash }) => {
  expect(keyedHash(key)(text)).toBe(hash)
})

test('a text is hashed as its UTF-8 bytes', () => {
  const hash = keyedHash(Buffer.from('key'))
  expect(hash('é\u{1F600}')).toBe(hash(Buffer.from('é\u{1F600}', 'utf8')))
  expect(hash('a')).toBe('780c3db4ce3de5b9e55816fba98f590631d96c075271b26976238d5f4444219b')
})

test('one hasher may be asked again and again', () => {
  const hash = keyedHash(Buffer.from('key'))
  expect([hash('a'), hash('b'), hash('a')]).toEqual([hash('a'), hash('b'), hash('a')])
  expect(hash('a')).not.toBe(hash('b'))
})
