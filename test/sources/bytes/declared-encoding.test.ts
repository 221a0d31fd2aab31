import { describe, expect, test } from 'vitest'
import { KnownError } from '../../../src/lib/errors.ts'
import type { Encoding } from '../../../src/rules/sources/files.ts'

import { byteSteps } from '../../../src/sources/bytes/byte-steps.ts'
import { EncodingFault, encodingError } from '../../../src/sources/bytes/encoding-fault.ts'
import { cuts, fed } from './chunks.ts'

const stepOf = (encoding: Encoding) => byteSteps({ encoding, quotes: 'doubled', delimiter: 44 })
const little = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const big = (text: string) => little(text).swap16()

test('UTF-8 with doubled quotes needs no step', () => {
  expect(stepOf('utf-8')).toBeUndefined()
})

describe('UTF-16', () => {
  test.each([
    ['little endian', little],
    ['big endian', big],
  ])('%s, whatever the cuts', (_, written) => {
    const text = 'id,né\r\n1,"5 € 😀"\n\ufffd'
    for (const chunks of cuts(written(text))) expect(fed(stepOf('utf-16'), chunks).toString()).toBe(text)
  })

  test('every character that is no surrogate', () => {
    const points = Array.from({ length: 0x110000 }, (_, i) => i).filter((i) => i < 0xd800 || i > 0xdfff)
    const text = points.map((point) => String.fromCodePoint(point)).join('')
    const bytes = little(text)
    const found = fed(stepOf('utf-16'), [bytes.subarray(0, 999), bytes.subarray(999)])
    expect(found.equals(Buffer.from(text))).toBe(true)
  })

  test.each([
    ['the first half of a pair alone', 'a\ud83db', [97, 0xff, 98]],
    ['the second half alone', 'a\ude00b', [97, 0xff, 98]],
    ['the two in the wrong order', '\ude00\ud83da', [0xff, 0xff, 97]],
    ['two first halves', '\ud83d\ud83d\ude00', [0xff, 0xf0, 0x9f, 0x98, 0x80]],
    ['a first half at the end', 'a\ud83d', [97, 0xff]],
  ])('%s is no UTF-8', (_, text, expected) => {
    for (const chunks of cuts(big(text))) expect([...fed(stepOf('utf-16'), chunks)]).toEqual(expected)
  })

  test('half of a character at the end is no UTF-8', () => {
    for (const chunks of cuts(little('ab').subarray(0, 5)))
      expect([...fed(stepOf('utf-16'), chunks)]).toEqual([97, 0xff])
  })

  test('a file of nothing, or of the mark alone, is empty', () => {
    expect(fed(stepOf('utf-16'), [])).toEqual(Buffer.alloc(0))
    expect(fed(stepOf('utf-16'), [little('')])).toEqual(Buffer.alloc(0))
  })
})

describe('a file that is encoded otherwise', () => {
  const utf8 = Buffer.from('\ufeffid,name\n')
  const told = (encoding: Encoding, chunks: Uint8Array[]): KnownError => {
    try {
      fed(stepOf(encoding), chunks)
    } catch (error) {
      if (error instanceof EncodingFault) return encodingError(error, 'in/order_table.csv', 'order_table')
      throw error
    }
    throw new Error('it was read')
  }

  test.each<[Encoding, string, Buffer, string, string]>([
    ['windows-1252', 'UTF-8 by its mark', utf8, 'encoding_mismatch', 'encoding: utf-8'],
    ['utf-16', 'UTF-8 by its mark', utf8, 'encoding_mismatch', 'encoding: utf-8'],
    ['iso-8859-1', 'UTF-16 by its mark', little('id'), 'encoding_mismatch', 'encoding: utf-16'],
    ['iso-8859-15', 'UTF-16 by its mark', big('id'), 'encoding_mismatch', 'encoding: utf-16'],
    ['utf-16', 'no UTF-16', Buffer.from('id,name\n'), 'encoding_mismatch', 'such as utf-8 or windows-1252'],
    [
      'utf-16',
      'UTF-16 without its mark',
      little('id').subarray(2),
      'utf16_without_mark',
      'iconv -f UTF-16LE',
    ],
    ['utf-16', 'UTF-16 without its mark', big('id').subarray(2), 'utf16_without_mark', 'iconv -f UTF-16BE'],
    ['utf-16', 'a single byte', Buffer.from('i'), 'encoding_mismatch', 'such as utf-8 or windows-1252'],
  ])('declared %s, found %s', (encoding, _, bytes, code, hint) => {
    for (const chunks of cuts(bytes)) {
      const error = told(encoding, chunks)
      expect([error.failure, error.code, error.details.line]).toEqual(['data', code, 1])
      expect(error.message).toContain('in/order_table.csv, line 1')
      expect(error.hint).toContain('rawTables.order_table.encoding')
      expect(error.hint).toContain(hint)
    }
  })

  test('it says what it is', () => {
    const error = told('windows-1252', [utf8])
    expect(error).toBeInstanceOf(KnownError)
    expect(error.message).toBe(
      'in/order_table.csv, line 1: the file is declared as windows-1252, but it is UTF-8 by its byte order mark',
    )
  })
})
