import { RECORD_LIMIT, recordOfBytes, rejectCells, rejectRecords } from './bad-records.ts'
import { ODD_TEXTS } from './odd-texts.ts'
import { acceptSession, NO_TIMES, newSession, timeForms } from './sessions.ts'
import { at, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

/** Traps of click_table. */
export function plantClicks(room: TrapRoom): void {
  const { round } = room
  const sheet = room.sheets.click_table
  const { id, user, day } = acceptSession(room, newSession(room))
  const cells = (): Cells => ({
    event_id: room.fresh.event(),
    user_id: user,
    session_id: id,
    time: at(day, '12:00:50'),
    domain: 'shop.example',
    path: '/',
    target_tag: 'a',
    target_text: 'Read more',
  })
  for (const text of ODD_TEXTS)
    sheet.accept({ ...cells(), path: text, target_text: text, target_id: text, href: text })
  sheet.accept({ ...cells(), target_text: { asIs: '"\t Buy, now  "' } })
  for (const time of timeForms(day)) sheet.accept({ ...cells(), time })
  // Without a session; of one that nobody knows.
  sheet.accept({ ...cells(), user_id: '', session_id: '' })
  sheet.accept({ ...cells(), session_id: newSession(room).id })

  const known = cells()
  sheet.accept(known)
  sheet.repeat(known)
  sheet.repeat({ ...known, path: '/elsewhere', target_text: '' })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) sheet.repeat({ ...plain, path: '/elsewhere' })

  if (round === 0) {
    sheet.reject('record_too_long', recordOfBytes(sheet, cells(), 'target_text', RECORD_LIMIT + 1, 'x'))
    sheet.accept(recordOfBytes(sheet, cells(), 'target_text', RECORD_LIMIT, 'long and fine '))
  }
  const spoilt = cells()
  sheet.reject('required_cell_empty', { ...spoilt, path: '' })
  sheet.accept(spoilt)
  sheet.reject('invalid_timestamp', { ...spoilt, time: NO_TIMES[round % NO_TIMES.length]! })
  rejectRecords(sheet, round + 7, 'target_text', cells)
  for (const column of ['event_id', 'time']) sheet.reject('required_cell_empty', { ...cells(), [column]: '' })
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES.slice(3), cells)
}
