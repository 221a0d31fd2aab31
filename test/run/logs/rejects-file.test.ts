import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Reject } from '../../../src/parsers/accounting/accounting.ts'
import { RejectsFile } from '../../../src/run/logs/rejects-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecomagg-rejects-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The records of the file after these rejects, the header first. */
function written(rejects: readonly Reject[], escapeFormulas: boolean): string[][] {
  const path = join(folder, 'rejects.csv')
  const file = new RejectsFile(path, escapeFormulas)
  for (const reject of rejects) file.write(reject)
  file.finish()
  const records: string[][] = parse(readFileSync(path), { record_delimiter: '\n' })
  rmSync(path)
  return records
}

const REJECT: Reject = {
  table: 'order_table',
  file: 'orders/2025.csv',
  line: 7,
  column: 'tax',
  reason: 'invalid_money',
  cell: '1,5',
}
const HEADER = ['table', 'file', 'line', 'column', 'reason', 'cell']

test.each(['a,b', 'a "b"', 'a\nb', '"', '\r'])('a column named %j stays in its cell', (column) => {
  const record = ['order_table', 'orders/2025.csv', '7', column, 'invalid_money', '1,5']
  expect(written([{ ...REJECT, column }], false)).toEqual([HEADER, record])
})

test.each(['=1+1', '@x', '-cmd|x', '\nx'])(
  'a column named %j, which a spreadsheet might run, is escaped like a cell',
  (name) => {
    const reject = { ...REJECT, column: name, cell: name }
    expect(written([reject], true)[1]).toEqual([
      'order_table',
      'orders/2025.csv',
      '7',
      `'${name}`,
      'invalid_money',
      `'${name}`,
    ])
    expect(written([reject], false)[1]).toEqual([
      'order_table',
      'orders/2025.csv',
      '7',
      name,
      'invalid_money',
      name,
    ])
  },
)

test('names of tables and reasons are cells, too', () => {
  const odd = { ...REJECT, table: '=a,b', reason: '@c"d' } as unknown as Reject
  expect(written([odd], true)[1]).toEqual(["'=a,b", 'orders/2025.csv', '7', 'tax', `'@c"d`, '1,5'])
})

test('a row that is rejected as a whole has no column and no cell', () => {
  const whole = { ...REJECT, column: undefined, cell: undefined }
  expect(written([whole], true)[1]).toEqual(['order_table', 'orders/2025.csv', '7', '', 'invalid_money', ''])
})
