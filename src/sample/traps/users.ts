import { rejectCells, rejectRecords } from './bad-records.ts'
import { padded } from './odd-texts.ts'
import type { TrapRoom } from './trap-room.ts'
import type { Cell, Cells } from './trap-sheet.ts'

function userCells(id: Cell, year = '', quarter = ''): Cells {
  return { user_id: id, has_purchase_last_year: year, has_purchase_last_qtr: quarter }
}

/** A user with an id of that kind; the flags are written in all the ways there are. */
export function acceptUser(room: TrapRoom, id: Cell): void {
  const [year, quarter] = FLAG_PAIRS[room.random.below(FLAG_PAIRS.length)]!
  room.sheets.user_table.accept(userCells(id, year, quarter))
}

const FLAG_PAIRS = [
  ['TRUE', '1.0'],
  ['1.0', 'true'],
  ['True', '0.0'],
  ['false', 'FALSE'],
  ['0.0', '0'],
  ['', ''],
] as const

const NO_FLAGS = ['yes', '2', 'T', '01', '1.00', '-1', 'NULL', 'NaN']

/** Traps of user_table. */
export function plantUsers({ sheets, fresh, round }: TrapRoom): void {
  const sheet = sheets.user_table
  const cells = () => userCells(fresh.user(), '1', '0')
  for (const [year, quarter] of FLAG_PAIRS) sheet.accept(userCells(fresh.user(), year, quarter))
  for (const id of padded(fresh.user()).slice(0, 1)) sheet.accept(userCells(id, ' 1 ', '\t0'))

  const known = fresh.user()
  sheet.accept(userCells(known, '1', ''))
  for (const id of padded(known)) sheet.repeat(userCells(id, 'TRUE', ' '))
  sheet.conflict(userCells(known, '1', '0'))
  sheet.conflict(userCells(known, '0', ''))
  const plain = sheet.plainRows[round]
  if (plain !== undefined) {
    sheet.repeat(plain)
    sheet.conflict({ ...plain, has_purchase_last_qtr: plain.has_purchase_last_qtr === '' ? '0' : '' })
  }

  rejectCells(sheet, 'invalid_flag', 'has_purchase_last_year', NO_FLAGS.slice(0, 2), cells)
  const spoilt = fresh.user()
  sheet.reject('invalid_flag', userCells(spoilt, '1', 'no'))
  sheet.accept(userCells(spoilt, '1', '1'))
  sheet.reject('invalid_flag', userCells(spoilt, 'maybe', '1'))
  sheet.reject('required_cell_empty', userCells('', '1', '1'))
  sheet.reject('required_cell_empty', userCells({ asIs: '" \t "' }, '0', '0'))
  rejectRecords(sheet, round, 'user_id', cells)
  rejectCells(sheet, 'invalid_flag', 'has_purchase_last_qtr', NO_FLAGS.slice(2), cells)
}
