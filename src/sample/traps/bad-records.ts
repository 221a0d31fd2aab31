import type { RejectedFor } from '../shop/truth-ledger.ts'
import type { Cells, TrapSheet } from './trap-sheet.ts'

/** What stands where a byte sequence is to go. */
const MARK = '<>'

/** Bytes that are not UTF-8: a stray one, an overlong slash, a lone surrogate, a cut-off character. */
const NOT_UTF8 = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]]

/**
 * Rows that are rejected whatever their cells mean, in an order that differs from table to table.
 *
 * @param cells a good row with a key of its own, each time it is asked
 * @param column one of its text columns
 */
export function rejectRecords(sheet: TrapSheet, first: number, column: string, cells: () => Cells): void {
  const withBytes = (bytes: readonly number[]) => {
    const [before, after] = sheet
      .encode({ ...cells(), [column]: `x${MARK}y` })
      .toString('utf8')
      .split(MARK)
    return Buffer.concat([Buffer.from(before!), Buffer.from(bytes), Buffer.from(after!)])
  }
  const kinds: (() => [RejectedFor, Cells | Buffer])[] = [
    () => ['too_few_fields', withoutLast(sheet.encode(cells()))],
    () => ['too_many_fields', Buffer.concat([sheet.encode(cells()), Buffer.from(',')])],
    () => ['quote_in_unquoted_cell', { ...cells(), [column]: { asIs: '12" pan' } }],
    () => ['invalid_utf8', withBytes(NOT_UTF8[first % NOT_UTF8.length]!)],
    () => ['nul_byte', withBytes([0])],
    () => ['quote_in_unquoted_cell', { ...cells(), [column]: { asIs: ' "quoted after a space"' } }],
    () => ['too_few_fields', Buffer.from('one cell')],
    () => ['too_many_fields', Buffer.concat([sheet.encode(cells()), Buffer.from(',more,"and, more"')])],
  ]
  for (let i = 0; i < kinds.length; i++) {
    const [reason, row] = kinds[(first + i) % kinds.length]!()
    sheet.reject(reason, row)
  }
}

function withoutLast(row: Buffer): Buffer {
  return row.subarray(0, row.lastIndexOf(','))
}

/** One row for each text, in a column that refuses it. */
export function rejectCells(
  sheet: TrapSheet,
  reason: RejectedFor,
  column: string,
  texts: readonly string[],
  cells: () => Cells,
): void {
  for (const text of texts) sheet.reject(reason, { ...cells(), [column]: text })
}

/** The most bytes that a record may have. */
export const RECORD_LIMIT = 1_048_576

/**
 * A record of exactly so many bytes.
 *
 * @param filler what fills the column, over and over; with line ends the cell is quoted
 */
export function recordOfBytes(
  sheet: TrapSheet,
  cells: Cells,
  column: string,
  bytes: number,
  filler: string,
): Cells {
  const open = /[\r\n]/.test(filler) ? '"' : ''
  const room = bytes - sheet.encode({ ...cells, [column]: '' }).length - 2 * open.length
  const text = filler.repeat(Math.floor(room / filler.length)).padEnd(room, 'z')
  return { ...cells, [column]: { asIs: `${open}${text}${open}` } }
}
