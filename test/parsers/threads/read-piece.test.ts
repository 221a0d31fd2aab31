import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { wallClockIn } from '../../../src/lib/times/time-zone.ts'
import { batchLayout } from '../../../src/parsers/batch/batch-layout.ts'
import { BATCH_ROWS, RecordBatch } from '../../../src/parsers/batch/record-batch.ts'
import type { Header } from '../../../src/parsers/headers/header.ts'
import { PLAIN_FORM } from '../../../src/parsers/records/record-form.ts'
import { PIECE_ROOM, type PieceGroup, readPiece } from '../../../src/parsers/threads/read-piece.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { defaultRules } from '../../../src/rules/rules.ts'

const table = rawTables.user_table
const NAMES = Object.keys(table.columns)
const header: Header = {
  names: NAMES,
  fieldCount: NAMES.length,
  positions: Int32Array.from(NAMES.keys()),
  missing: [],
  unknown: [],
  end: 0,
}
const layout = batchLayout(table, header, new Set(['user_id']))
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-piece-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Cuts a file into pieces of a size and reads each by itself. */
function readPieces(text: string, size: number) {
  const path = join(folder, 'user_table.csv')
  writeFileSync(path, text)
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.byteLength(text)
    const group: PieceGroup = {
      table,
      header,
      layout,
      rules: defaultRules,
      form: PLAIN_FORM,
      findPersonalData: false,
      seed: 1,
    }
    const batch = new RecordBatch(layout, PIECE_ROOM)
    return Array.from({ length: Math.ceil(bytes / size) }, (_, i) => {
      const piece = { from: i * size, until: Math.min(bytes, (i + 1) * size) }
      const reading = readPiece(group, { fd, bytes }, piece, batch, { toWallClock: wallClockIn('UTC') })
      if (reading === undefined) return undefined
      const { starts, ends } = batch.cells(0)
      const ids = Array.from({ length: reading.count }, (_, row) =>
        Buffer.from(batch.bytes.subarray(starts[row]!, ends[row]!)).toString(),
      )
      const raw = Buffer.from(
        batch.bytes.subarray(reading.at, reading.at + reading.next - reading.start),
      ).toString()
      return { ...reading, ids, raw, rowLines: [...batch.lines.subarray(0, reading.count)] }
    })
  } finally {
    closeSync(fd)
  }
}

const ids = Array.from({ length: 400 }, (_, i) => `user-${i}-${'x'.repeat(i % 50)}`)
const lines = [NAMES.join(','), ...ids.map((id) => `${id},1,0`)]

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
])('lines that end with %s', (_, end) => {
  test.each([100, 101, 255, 4096])('pieces of %i bytes fit together', (size) => {
    const text = lines.map((line) => line + end).join('')
    const pieces = readPieces(text, size)
    let position = 0
    let line = 1
    const found: string[] = []
    for (const piece of pieces) {
      // A piece in which no line starts has nothing to read.
      if (piece === undefined) continue
      expect(piece.start).toBe(position)
      expect(piece.raw).toBe(text.slice(piece.start, piece.next))
      piece.rowLines.forEach((rowLine, row) => {
        expect(lines[line + rowLine - 2]).toBe(`${piece.ids[row]},1,0`)
      })
      found.push(...piece.ids)
      position = piece.next
      line += piece.lines
    }
    expect(found).toEqual(ids)
    expect(position).toBe(text.length)
    expect(line).toBe(lines.length + 1)
  })
})

test('the last record may lack its line end, and a byte order mark is passed over', () => {
  const text = `\uFEFF${NAMES.join(',')}\na,1,0\n\n \t\nb,0,1`
  const [whole] = readPieces(text, 1000)
  const next = Buffer.byteLength(text)
  expect(whole).toMatchObject({ start: 0, next, lines: 5, ids: ['a', 'b'], rowLines: [2, 5] })
})

test('a piece that starts inside quotes says where it began, which is not where the record before ends', () => {
  const text = `${NAMES.join(',')}\n"a\na,1,0\nb",1,0\nc,1,0\n`
  const cut = text.indexOf('a,1,0')
  const [before, after] = readPieces(text, cut - 1)
  expect(before).toMatchObject({ next: text.indexOf('c,'), ids: ['a\na,1,0\nb'] })
  expect(after?.start).toBe(cut)
})

test.each([
  ['a quote that does not close', '"a,1,0\n'],
  ['text after a quote', '"a"b,1,0\n'],
  ['a record that finds no room', `${'x'.repeat(6_000_000)},1,0\n`],
])('nothing is said of a piece with %s', (_, record) => {
  expect(readPieces(`${NAMES.join(',')}\n${record}`, 4 << 20)[0]).toBeUndefined()
})

test('a piece that holds more rows than a batch is read as far as there is room', () => {
  const many = Array.from({ length: BATCH_ROWS + 1000 }, (_, i) => `${i},1,0\n`).join('')
  const [piece] = readPieces(`${NAMES.join(',')}\n${many}`, 1_000_000)
  expect(piece!.count).toBe(BATCH_ROWS)
  expect(piece!.raw.endsWith(`\n${BATCH_ROWS - 1},1,0\n`)).toBe(true)
})
