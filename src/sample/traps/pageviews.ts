import { rejectCells, rejectRecords } from './bad-records.ts'
import { ODD_TEXTS, padded } from './odd-texts.ts'
import { acceptSession, NO_TIMES, newSession, type TrapSession, timeForms } from './sessions.ts'
import { at, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

function pageCells(room: TrapRoom, { id, user, day }: TrapSession, path = '/'): Cells {
  return {
    event_id: room.fresh.event(),
    user_id: user,
    session_id: id,
    time: at(day, '12:00:30'),
    domain: 'shop.example',
    path,
    previous_page: 'https://www.google.com/',
  }
}

/** A pageview that counts. @param written cells that are written in another way */
export function acceptPageview(
  room: TrapRoom,
  session: TrapSession,
  path: string,
  written: Cells = {},
): void {
  room.sheets.pageview_table.accept({ ...pageCells(room, session, path), ...written })
  room.ledger.notePageview(session.id)
}

/** Paths that a rule about paths may trip over. */
const PATHS = [
  '/Products/mug',
  '/product/',
  '/products',
  '/shop/products/mug',
  '/checkout/pay',
  '/CHECKOUT',
  '/a"b',
  '/ü',
]

/** Traps of pageview_table. */
export function plantPageviews(room: TrapRoom): void {
  const { round } = room
  const sheet = room.sheets.pageview_table
  const session = acceptSession(room, newSession(room))
  const cells = () => pageCells(room, session)
  for (const text of ODD_TEXTS) acceptPageview(room, session, text, { query: text, hash: text })
  for (const time of timeForms(session.day)) acceptPageview(room, session, '/', { time })
  for (const path of padded('/cart')) acceptPageview(room, session, '/cart', { path })
  // Each alone in a session; two at the same moment in one; one before its session starts.
  for (const path of PATHS) acceptPageview(room, acceptSession(room, newSession(room)), path)
  const twin = acceptSession(room, newSession(room))
  for (const path of ['/products/b', '/products/a']) acceptPageview(room, twin, path)
  acceptPageview(room, twin, '/', { time: at(twin.day, '00:00:03') })
  // A session that nobody knows.
  const unknown = newSession(room)
  acceptPageview(room, unknown, '/')
  acceptPageview(room, unknown, '/cart', { time: at(unknown.day, '23:59:59') })

  const known = cells()
  sheet.accept(known)
  sheet.repeat(known)
  sheet.repeat({ ...known, path: '/elsewhere', time: at(session.day, '13:00:00') })
  for (const id of padded(String(known.event_id))) sheet.repeat({ ...cells(), event_id: id })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) sheet.repeat({ ...plain, path: '/elsewhere' })

  const spoilt = cells()
  sheet.reject('invalid_timestamp', { ...spoilt, time: NO_TIMES[round % NO_TIMES.length]! })
  sheet.accept(spoilt)
  sheet.reject('required_cell_empty', { ...spoilt, path: '' })
  rejectRecords(sheet, round + 5, 'previous_page', cells)
  for (const column of ['event_id', 'user_id', 'session_id', 'time']) {
    sheet.reject('required_cell_empty', { ...cells(), [column]: '\t' })
  }
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES, cells)
}
