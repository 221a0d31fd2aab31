import { RECORD_LIMIT, recordOfBytes, rejectCells, rejectRecords } from './bad-records.ts'
import { ODD_TEXTS, padded } from './odd-texts.ts'
import { acceptSession, NO_TIMES, newSession, timeForms } from './sessions.ts'
import { at, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

const PERCENT_FORMS = ['0', '100', '100.0000', '1e2', '1e1', '.5', '99.', '+33.333333', '-0', '1e-30']
const NO_PERCENTS = ['50%', 'half', 'NaN', '0,5', 'NULL']
const OTHER_PERCENTS = ['100.00001', '-0.00001', '101', '-1', '1e9']

/** Traps of scroll_table. */
export function plantScrolls(room: TrapRoom): void {
  const { round } = room
  const sheet = room.sheets.scroll_table
  const { id, user, day } = acceptSession(room, newSession(room))
  const cells = (): Cells => ({
    event_id: room.fresh.event(),
    user_id: user,
    session_id: id,
    time: at(day, '12:00:40'),
    scroll_percent: '75',
    domain: 'shop.example',
    path: '/',
  })
  for (const percent of PERCENT_FORMS) sheet.accept({ ...cells(), scroll_percent: percent })
  for (const percent of padded('66.6')) sheet.accept({ ...cells(), scroll_percent: percent })
  for (const text of ODD_TEXTS) sheet.accept({ ...cells(), path: text, hash: text })
  for (const time of timeForms(day)) sheet.accept({ ...cells(), time })
  // Without a session; of one that nobody knows.
  sheet.accept({ ...cells(), user_id: '', session_id: '' })
  sheet.accept({ ...cells(), session_id: newSession(room).id })

  const known = cells()
  sheet.accept(known)
  sheet.repeat(known)
  sheet.repeat({ ...known, scroll_percent: '100' })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) sheet.repeat({ ...plain, scroll_percent: '1' })

  const spoilt = cells()
  sheet.reject('invalid_percent', { ...spoilt, scroll_percent: NO_PERCENTS[round % NO_PERCENTS.length]! })
  sheet.accept(spoilt)
  sheet.reject('percent_out_of_range', { ...spoilt, scroll_percent: OTHER_PERCENTS[0]! })
  if (round === 0) {
    const lines = recordOfBytes(sheet, cells(), 'query', RECORD_LIMIT + 70_001, 'a line, inside quotes\r\n')
    sheet.reject('record_too_long', lines)
  }
  sheet.reject('required_cell_empty', { ...cells(), scroll_percent: '' })
  rejectRecords(sheet, round + 6, 'hash', cells)
  rejectCells(sheet, 'invalid_percent', 'scroll_percent', NO_PERCENTS, cells)
  rejectCells(sheet, 'percent_out_of_range', 'scroll_percent', OTHER_PERCENTS, cells)
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES.slice(0, 3), cells)
  for (const column of ['event_id', 'time', 'path']) {
    sheet.reject('required_cell_empty', { ...cells(), [column]: '\t' })
  }
}
