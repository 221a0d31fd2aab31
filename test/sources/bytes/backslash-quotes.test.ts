import { describe, expect, test } from 'vitest'
import { byteSteps } from '../../../src/sources/bytes/byte-steps.ts'
import { Random, seedOf } from '../../support/random.ts'
import { cuts, fed } from './chunks.ts'

const stepOf = (delimiter = ',', encoding: 'utf-8' | 'utf-16' | 'windows-1252' = 'utf-8') =>
  byteSteps({ encoding, quotes: 'backslash', delimiter: delimiter.charCodeAt(0) })

/** What a file becomes, which must not depend on how it is cut. */
function requoted(text: string, delimiter = ','): string {
  const written = Buffer.from(text)
  const whole = fed(stepOf(delimiter), [written]).toString()
  for (const chunks of cuts(written)) expect(fed(stepOf(delimiter), chunks).toString()).toBe(whole)
  return whole
}

describe('as SELECT … INTO OUTFILE of MySQL writes it', () => {
  test.each([
    ['a quote', '1,"19\\" rack"\n', '1,"19"" rack"\n'],
    ['a backslash', '1,"C:\\\\temp"\n', '1,"C:\\temp"\n'],
    ['a backslash at the end of a cell', '"C:\\\\","x"\n', '"C:\\","x"\n'],
    ['a quote after a backslash', '"\\\\\\"","x"\n', '"\\""","x"\n'],
    ['two backslashes', '"\\\\\\\\"\n', '"\\\\"\n'],
    ['null', '1,\\N,"x",\\N\n\\N,2\n', '1,"","x",""\n"",2\n'],
    ['null in all cells', '\\N,\\N\n', '"",""\n'],
    ['the text \\N', '"\\N",1\n', '"\\N",1\n'],
    ['a line end in a cell', '1,"a\r\nb\nc"\n2,\\N\n', '1,"a\r\nb\nc"\n2,""\n'],
    ['a zero byte', '"a\\0b"\n', '"a\\0b"\n'],
    ['numbers and an empty text', '1,-2.50,""\n', '1,-2.50,""\n'],
  ])('%s', (_, written, expected) => {
    expect(requoted(written)).toBe(expected)
  })
})

describe('of other writers', () => {
  test.each([
    ['blanks around null', '1, \\N\t,\\N \n', '1,"",""\n'],
    ['CRLF and CR end records', '\\N,1\r\n\\N,2\r\\N,3', '"",1\r\n"",2\r"",3'],
    ['null at the end of the file', '1,\\N', '1,""'],
    ['a record of nothing but null is no blank line', 'id\n\\N\n', 'id\n""\n'],
    ['a longer text is not null', '\\NN,x\\N,\\n,\\,N\\N, \\N x\n', '\\NN,x\\N,\\n,\\,N\\N, \\N x\n'],
    ['blanks that are no null', '1,  ,\t,  x \n \n', '1,  ,\t,  x \n \n'],
    ['backslashes outside quotes', 'C:\\\\a,a\\"b,\\"c\n', 'C:\\\\a,a\\"b,\\"c\n'],
    ['other backslashes inside quotes', '"a\\nb\\tc\\,d"\n', '"a\\nb\\tc\\,d"\n'],
    ['doubled quotes stay', '"19"" rack",""\n', '"19"" rack",""\n'],
    ['text after a closing quote stays a fault', '"a" ,"b"x\n', '"a" ,"b"x\n'],
    ['null after a closing quote is none', '"a"\\N,\\N\n', '"a"\\N,""\n'],
    ['a byte order mark before a quote', '\ufeff"a\\"b",1\n', '\ufeff"a""b",1\n'],
    ['a byte order mark before null', '\ufeff\\N,1\n', '\ufeff"",1\n'],
    ['a quote that never closes, and a backslash', '"a\\', '"a\\'],
    ['a backslash at the end', 'a,\\', 'a,\\'],
    ['nothing', '', ''],
  ])('%s', (_, written, expected) => {
    expect(requoted(written)).toBe(expected)
  })

  test.each([
    [';', '"a;\\"";\\N;1,\\N\n', '"a;""";"";1,\\N\n'],
    ['\t', '\\N\t\t"a\\"\t"\t \\N \n', '""\t\t"a""\t"\t""\n'],
    ['|', '\\N|\\N\n', '""|""\n'],
  ])('the delimiter %j', (delimiter, written, expected) => {
    expect(requoted(written, delimiter)).toBe(expected)
  })

  test('the encoding comes first', () => {
    const utf16 = Buffer.from('\ufeff\\N,"5 € \\"a\\""\n', 'utf16le')
    for (const chunks of cuts(utf16))
      expect(fed(stepOf(',', 'utf-16'), chunks).toString()).toBe('"","5 € ""a"""\n')
    const latin = Buffer.from('\\N,"\xe4\\"\x80"\n"\\', 'latin1')
    for (const chunks of cuts(latin))
      expect(fed(stepOf(',', 'windows-1252'), chunks).toString()).toBe('"","ä""€"\n"\\')
  })

  test('a cell of more than a megabyte of blanks is not kept in memory', () => {
    const blanks = Buffer.alloc(600_000, ' ')
    const out = fed(stepOf(), [Buffer.from('1,'), blanks, blanks, Buffer.from('\\N\n\\N,2\n')])
    expect(out.toString()).toBe(`1,${blanks}${blanks}\\N\n"",2\n`)
  })
})

const { seed, name } = seedOf(31)

test(`cells that a naive writer wrote are those of the RFC file, ${name}`, () => {
  const random = new Random(seed)
  const PIECES = [
    'a',
    'N',
    '0',
    '\\',
    '"',
    ',',
    '\n',
    '\r\n',
    '\r',
    ' ',
    'é',
    '\\N',
    '""',
    '\\"',
    'long text',
  ]
  const cell = () => (random.chance(0.15) ? null : random.text(PIECES, 0, 6))
  for (let file = 0; file < 400; file++) {
    const records = Array.from({ length: random.whole(1, 6) }, () => [cell(), cell(), cell()])
    const end = random.pick(['\n', '\r\n', '\r'])
    const written = (one: (text: string | null) => string) =>
      records.map((cells) => cells.map(one).join(',') + end).join('')
    const backslashed = written((text) =>
      text === null ? '\\N' : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
    )
    const doubled = written((text) => (text === null ? '""' : `"${text.replaceAll('"', '""')}"`))
    const bytes = Buffer.from(backslashed)
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const to = at + random.whole(1, 20)
      chunks.push(bytes.subarray(at, to))
      at = to
    }
    expect(fed(stepOf(), chunks).toString()).toBe(doubled)
  }
})
