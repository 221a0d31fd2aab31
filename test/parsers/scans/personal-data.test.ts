import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { PersonalDataScan } from '../../../src/parsers/scans/personal-data.ts'
import { Random, seedOf } from '../../support/random.ts'

/** What is found in a column of these cells. */
function foundIn(...cells: string[]) {
  const scan = new PersonalDataScan(['cell'])
  for (const cell of cells) {
    const bytes = Buffer.from(cell)
    scan.record(bytes, Int32Array.of(0), Int32Array.of(bytes.length), 1)
  }
  return scan.results().map(({ kind, rows }) => `${kind} ${rows}`)
}

test.each([
  'joe@example.com',
  'Joe.Bloggs+shop@mail.example.co.uk',
  'mailto:joe@example.com?subject=x',
  '/login?user=joe%40example.com&x=1',
  'contact: <joe@example.com>, thanks',
  'a_b-c@x-y.io',
  'größe joe@example.de',
  'josé@example.es',
  'joe@münchen.de',
  'JOE@EXAMPLE.COM',
  '"Joe" <joe@example.com>',
])('e-mail address: %s', (cell) => expect(foundIn(cell)).toEqual(['e-mail address 1']))

test.each([
  '+49 30 1234567',
  '+1 (555) 123-4567',
  '+15551234567',
  '0049-30-1234567',
  'tel:+15551234567',
  'tel:0301234567',
  '(555) 123-4567',
  '555-123-4567',
  '555.123.4567',
  '0171 1234567',
  '030/1234567',
  'call 555-123-4567 now',
  '1-800-555-0199',
  'Call +49 30 1234567.',
  '?phone=%2B491701234567&x=1',
  '+1.555.123.4567',
  '+49(0)30 1234567',
  '(555)123-4567',
  '555 123 4567',
  '07911 123456',
  '020 7946 0958',
  '01 23 45 67 89',
  '01.23.45.67.89',
  '+33 1 23 45 67 89',
  '+919876543210',
])('phone number: %s', (cell) => expect(foundIn(cell)).toEqual(['phone number 1']))

// Numbers that the card networks publish for testing.
test.each([
  '4111111111111111',
  '4111 1111 1111 1111',
  '5555-5555-5555-4444',
  '2223003122003222',
  '378282246310005',
  '3782 822463 10005',
  '6011111111111117',
  '3530111333300000',
  '30569309025904',
  'card 4012888888881881 declined',
])('card number: %s', (cell) => expect(foundIn(cell)).toEqual(['card number 1']))

test.each([
  '2025-01-31',
  '2025-01-31 10:00:00',
  '2025-01-31T10:00:00.123+01:00',
  '31.01.2025 10:00',
  '01/02/2025',
  '20250131100000',
  '1735689600000',
  '192.168.100.200',
  '2001:db8::8a2e:370:7334',
  '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  '123456789.1700000000',
  '100-2345-6789',
  '112-1234567-1234567',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.6099.129 Safari/537.36',
  '/blog/2025/01/31/post-12345678',
  '/img/logo@2x.png',
  '@somebody',
  'a@b',
  'user@localhost',
  '100%40',
  '1234567.89',
  '-12345678.90',
  '4111111111111112',
  '41111111111111110000000',
  'x4111111111111111',
  '0.4111111111111111',
  'SKU 000-123-4567',
  '2025-01-31 10',
  '10:00:00 01-02-2025',
  '01.02.2025 03.04.2025',
  '1.2.3.4.5',
  '12 34 56',
  'A-0123-456-789',
  '192.168.1.1:8080',
  '?id=0123456789&t=1735689600',
  '#section-10-20-30-40-50',
  '1e+12345678',
  '١٢٣٤٥٦٧',
])('nothing: %s', (cell) => expect(foundIn(cell)).toEqual([]))

test('rows are counted by column and kind, a row once; fields beyond the header are left out', () => {
  const scan = new PersonalDataScan(['note', 'mail', 'id'])
  const record = (...cells: string[]) => {
    const bytes = Buffer.from(cells.join(''))
    const ends = cells.map((_, i) => cells.slice(0, i + 1).join('').length)
    const starts = [0, ...ends].slice(0, cells.length)
    scan.record(bytes, Int32Array.from(starts), Int32Array.from(ends), cells.length)
  }
  record('a@b.de c@d.de +49 30 1234567', 'a@b.de', '1')
  record('nothing here', 'b@c.de', '2', 'x@y.de')
  record('x@y.de')
  expect(scan.results()).toEqual([
    { column: 'note', kind: 'e-mail address', rows: 2 },
    { column: 'note', kind: 'phone number', rows: 1 },
    { column: 'mail', kind: 'e-mail address', rows: 2 },
  ])
  expect(inspect(scan, { depth: 9, showHidden: true }) + JSON.stringify(scan)).not.toMatch(/b\.de|1234567/)
})

describe('chance', () => {
  const { seed, name } = seedOf(11)
  const random = new Random(seed)
  const digits = (count: number) => Array.from({ length: count }, () => random.whole(0, 9)).join('')

  test(`numeric ids that look like cards are none, cards are (${name})`, () => {
    const ids = Array.from({ length: 10_000 }, () => `4${digits(15)}`)
    expect(foundIn(...ids)).toEqual([])
    const cards = ids.slice(0, 500).map((id) => {
      const payload = id.slice(0, 15)
      // Tried one by one, so that the check digit does not come from a formula like the one under test.
      return [...'0123456789'].map((digit) => payload + digit).find((number) => foundIn(number).length === 1)!
    })
    expect(new Set(cards.map((card) => luhnSum(card) % 10))).toEqual(new Set([0]))
    expect(foundIn(...cards)).toEqual(['card number 500'])
  })

  test(`ids, times, prices and paths give nothing (${name})`, () => {
    const cells = Array.from({ length: 20_000 }, (_, i) => {
      const hex = () => random.whole(0, 0xffff).toString(16).padStart(4, '0')
      const time = new Date(1.7e12 + random.whole(0, 1e9)).toISOString()
      return [
        `${hex()}${hex()}-${hex()}-${hex()}-${hex()}-${hex()}${hex()}${hex()}`,
        time,
        time.replace('T', ' ').slice(0, 19),
        `${random.whole(0, 1e6)}.${digits(2)}`,
        String(random.whole(0, 2 ** 31)),
        `/product/${random.whole(0, 1e9)}`,
        `u${digits(9)}`,
        `${random.whole(1, 255)}.${random.whole(0, 255)}.${random.whole(0, 255)}.${random.whole(0, 255)}`,
      ][i % 8]!
    })
    expect(foundIn(...cells)).toEqual([])
  })
})

/** Luhn by its table of doubled digits. */
function luhnSum(number: string): number {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
  return [...number]
    .reverse()
    .map(Number)
    .reduce((sum, digit, i) => sum + (i % 2 === 0 ? digit : doubled[digit]!), 0)
}

test.each([
  ['@', []],
  ['a@', []],
  ['a.', []],
  ['+1 ', []],
  ['1-', []],
  ['%40a.', []],
  ['(5)', []],
])('a megabyte of %j comes to an end', (piece, expected) => {
  const cell = piece.repeat(Math.floor(1_000_000 / piece.length))
  expect(foundIn(cell)).toEqual(expected)
})
