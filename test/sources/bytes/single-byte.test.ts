import { expect, test } from 'vitest'
import { byteSteps } from '../../../src/sources/bytes/byte-steps.ts'
import type { SingleByteEncoding } from '../../../src/sources/bytes/single-byte.ts'
import { cuts, fed } from './chunks.ts'

/**
 * What the bytes from 80 to FF mean in Python, U+FFFD where nothing:
 * `python3 -c "print(ascii(bytes(range(128,256)).decode('cp1252','replace')))"`, and of `iso8859-15`.
 */
const PYTHON: Readonly<Record<SingleByteEncoding, string>> = {
  'windows-1252':
    '\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff',
  'iso-8859-1': Array.from({ length: 128 }, (_, i) => String.fromCharCode(128 + i)).join(''),
  'iso-8859-15':
    '\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2\xa3\u20ac\xa5\u0160\xa7\u0161\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\u017d\xb5\xb6\xb7\u017e\xb9\xba\xbb\u0152\u0153\u0178\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff',
}

const ENCODINGS = Object.keys(PYTHON) as SingleByteEncoding[]
const stepOf = (encoding: SingleByteEncoding) => byteSteps({ encoding, quotes: 'doubled', delimiter: 44 })

test.each(ENCODINGS)('%s: all 256 bytes mean what they mean in Python', (encoding) => {
  const meanings = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).join('') + PYTHON[encoding]
  for (const [byte, meaning] of [...meanings].entries()) {
    const expected = meaning === '\ufffd' ? Buffer.of(0xff) : Buffer.from(meaning)
    expect(fed(stepOf(encoding), [Buffer.of(byte)]), `byte ${byte}`).toEqual(expected)
  }
})

test('only the five bytes that windows-1252 does not define are no UTF-8', () => {
  const undefinedBytes = [...Array(256).keys()].filter(
    (byte) => fed(stepOf('windows-1252'), [Buffer.of(byte)])[0] === 0xff,
  )
  expect(undefinedBytes).toEqual([0x81, 0x8d, 0x8f, 0x90, 0x9d])
})

test('cells by hand, whatever the cuts', () => {
  const written = Buffer.from('a,Caf\xe9\r\n1,5 \x80\r\n', 'latin1')
  for (const chunks of cuts(written))
    expect(fed(stepOf('windows-1252'), chunks).toString()).toBe('a,Café\r\n1,5 €\r\n')
})

test('long texts, mostly or entirely of ASCII', () => {
  const ascii = Buffer.alloc(10_000, 'ascii,')
  const mixed = Buffer.concat([ascii, Buffer.of(0xa4), ascii, Buffer.of(0xe4)])
  expect(fed(stepOf('iso-8859-15'), [ascii, mixed, ascii]).toString()).toBe(
    `${ascii}${ascii}€${ascii}ä${ascii}`,
  )
})
