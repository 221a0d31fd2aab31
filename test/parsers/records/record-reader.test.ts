import { describe, expect, test } from 'vitest'
import { GrammarFault } from '../../../src/parsers/lanes/fast/kernel/record-scanner.ts'
import { RecordReader } from '../../../src/parsers/records/record-reader.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(81)

/** What a reader made of a file: each record with its line and its fields as they stand, or a fault. */
type Reading = string[]

const FIELDS = 4

/** Reads chunks; doubled quotes stay doubled, since the reader only finds where fields begin and end. */
function read(chunks: readonly Uint8Array[]): Reading {
  const found: Reading = []
  const reader = new RecordReader(FIELDS, {
    record(bytes, start, scanner, line) {
      const fields = Array.from({ length: Math.min(scanner.fieldCount, FIELDS) }, (_, i) =>
        Buffer.from(bytes.subarray(scanner.starts[i]!, scanner.ends[i]!)).toString('latin1'),
      )
      const whole = Buffer.from(bytes.subarray(start, scanner.recordEnd)).toString('latin1')
      const marks = [
        scanner.hasNul ? 'nul' : '',
        scanner.hasHigh ? 'high' : '',
        scanner.hasStrayQuote ? 'stray' : '',
        scanner.hasDoubledQuote ? 'doubled' : '',
      ]
      found.push(JSON.stringify([line, scanner.fieldCount, fields, whole, marks.join('')]))
      return true
    },
    oversized(line) {
      found.push(`${line} oversized`)
      return true
    },
  })
  try {
    for (const chunk of chunks) reader.push(chunk)
    reader.finish()
  } catch (error) {
    if (!(error instanceof GrammarFault)) throw error
    found.push(`${error.line} ${error.code}`)
  }
  return found
}

/**
 * The grammar of SPEC section 1 once more, written to be plain: a character at a time over the whole text,
 * with no idea of chunks.
 */
function readNaively(text: string): Reading {
  const found: Reading = []
  let at = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  let line = 1
  const lineEnd = () => (text.startsWith('\r\n', at) ? 2 : /[\r\n]/.test(text[at] ?? '') ? 1 : 0)
  while (at < text.length) {
    const blank = /^[ \t]*(\r\n|\r|\n|$)/.exec(text.slice(at))
    if (blank !== null) {
      at += blank[0].length
      line++
      continue
    }
    const start = at
    const fields: string[] = []
    let inner = 0
    let marks = { stray: false, doubled: false }
    for (;;) {
      if (text[at] === '"') {
        let cell = ''
        at++
        for (;;) {
          if (at >= text.length) return [...found, `${line} unclosed_quote`]
          if (text.startsWith('""', at)) {
            marks = { ...marks, doubled: true }
            cell += '""'
            at += 2
          } else if (text[at] === '"') break
          else {
            const size = lineEnd()
            if (size > 0) inner++
            cell += text.slice(at, at + Math.max(1, size))
            at += Math.max(1, size)
          }
        }
        at++
        if (at < text.length && text[at] !== ',' && lineEnd() === 0)
          return [...found, `${line} text_after_quote`]
        fields.push(cell)
      } else {
        const cell = /^[^,\r\n]*/.exec(text.slice(at))![0]
        if (cell.includes('"')) marks = { ...marks, stray: true }
        fields.push(cell)
        at += cell.length
      }
      if (text[at] !== ',') break
      at++
    }
    const whole = text.slice(start, at)
    const shown = [
      whole.includes('\0') ? 'nul' : '',
      /[\u0080-\u00ff]/.test(whole) ? 'high' : '',
      marks.stray ? 'stray' : '',
      marks.doubled ? 'doubled' : '',
    ]
    found.push(JSON.stringify([line, fields.length, fields.slice(0, FIELDS), whole, shown.join('')]))
    line += 1 + inner
    at += lineEnd()
  }
  return found
}

const PIECES = [
  'a',
  'b',
  ',',
  ',',
  '"',
  '"',
  '""',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\t',
  '\0',
  '\u00c3\u00a9',
  '\u00ff',
  '",',
  ',"',
  '"\n',
]

/** A file that is mostly good CSV, or any mixture of what matters to the grammar. */
function anyFile(random: Random): string {
  const bom = random.chance(0.2) ? '\u00ef\u00bb\u00bf' : ''
  if (random.chance(0.5)) return bom + random.text(PIECES, 0, 30)
  const cell = () =>
    random.chance(0.4)
      ? `"${random.text(['a', ',', '\n', '\r', '\r\n', '""', ' ', '\u00c3\u00a9'], 0, 5)}"`
      : random.text(['a', 'bc', ' ', '\u00c3\u00a9'], 0, 3)
  const record = () => Array.from({ length: random.whole(1, 5) }, cell).join(',')
  const records = Array.from(
    { length: random.whole(0, 8) },
    () => record() + random.pick(['\n', '\r\n', '\r', '\n\n', '\r \r\n']),
  )
  return bom + records.join('') + (random.chance(0.5) ? record() : '')
}

function chunked(random: Random, bytes: Buffer, longest: number): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = random.whole(longest === 1 ? 1 : 0, longest)
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

describe(`random files, ${name}`, () => {
  const random = new Random(seed)
  const files = Array.from({ length: 1500 }, () => anyFile(random))

  test('are read as a plain splitter reads them', () => {
    for (const text of files)
      expect(read([Buffer.from(text, 'latin1')]), JSON.stringify(text)).toEqual(readNaively(text))
  })

  test('are read the same in chunks of any size', () => {
    for (const text of files) {
      const bytes = Buffer.from(text, 'latin1')
      const longest = random.pick([1, 2, 3, 7])
      expect(read(chunked(random, bytes, longest)), JSON.stringify(text)).toEqual(readNaively(text))
    }
  })

  test('some are good and some are not', () => {
    const faults = files.filter((text) =>
      /unclosed_quote|text_after_quote/.test(readNaively(text).at(-1) ?? ''),
    )
    expect(faults.length).toBeGreaterThan(300)
    expect(faults.length).toBeLessThan(1200)
  })
})

describe('records around the size limit', () => {
  const LIMIT = 1_048_576
  const filler = (size: number) => 'x'.repeat(size)

  test.each([
    ['unquoted', (size: number) => `${filler(size - 2)},y`],
    ['quoted, with line ends inside', (size: number) => `"${'a\r\n'.repeat(10)}${filler(size - 34)}",y`],
  ])('%s: too long ones are told from others wherever the chunks end', (_name, record) => {
    const random = new Random(seed)
    for (const size of [LIMIT, LIMIT + 1, LIMIT + 3, 4 * LIMIT, 4 * LIMIT + 5]) {
      const text = `a,b\n${record(size)}\r\nc,d\n`
      const lines = text.slice(0, text.indexOf('c,d')).split('\n').length
      const readings = [
        read([Buffer.from(text)]),
        read(chunked(random, Buffer.from(text), 65_536)),
        read(chunked(random, Buffer.from(text), 1_000_001)),
      ]
      for (const reading of readings) {
        expect(reading).toHaveLength(3)
        // One that still fits the buffer may be handed over whole: then its bytes tell.
        const [line, , , whole] = reading[1]!.endsWith('oversized') ? [2] : JSON.parse(reading[1]!)
        expect(line).toBe(2)
        expect(whole === undefined ? size > LIMIT : whole.length === size, `${size}`).toBe(true)
        expect(JSON.parse(reading[2]!)).toEqual([lines, 2, ['c', 'd'], 'c,d', ''])
      }
    }
  })

  test('blanks without end are a blank line', () => {
    const text = `a\n${' '.repeat(5 * LIMIT)}\nb\n`
    expect(
      read(chunked(new Random(seed), Buffer.from(text), 100_000)).map((one) => JSON.parse(one)[0]),
    ).toEqual([1, 3])
  })

  test('a quote that never closes in a record too long', () => {
    const text = `a\n"${filler(5 * LIMIT)}\n`
    expect(read([Buffer.from(text)]).at(-1)).toBe('2 unclosed_quote')
    expect(read([Buffer.from(`a\n"${filler(5 * LIMIT)}" x,\n`)]).at(-1)).toBe('2 text_after_quote')
  })
})

test('a handler that has seen enough is asked no more', () => {
  const lines: number[] = []
  const reader = new RecordReader(1, {
    record(_bytes, _start, _scanner, line) {
      lines.push(line)
      return line < 2
    },
    oversized: () => true,
  })
  reader.push(Buffer.from('a\nb\nc\n'))
  reader.push(Buffer.from('"'))
  reader.finish()
  expect(lines).toEqual([1, 2])
  expect(reader.stopped).toBe(true)
})
