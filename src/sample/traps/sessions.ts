import { formatDay } from '../../lib/times/wall-clock.ts'
import { rejectCells, rejectRecords } from './bad-records.ts'
import { ODD_TEXTS, padded } from './odd-texts.ts'
import { at, someDay, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

/** A session that traps of other tables refer to; it starts at noon. */
export interface TrapSession {
  readonly id: string
  readonly user: string
  readonly day: number
}

function sessionCells({ id, user, day }: TrapSession): Cells {
  return {
    user_id: user,
    session_id: id,
    time: at(day, '12:00:00'),
    platform: 'Android',
    device_type: 'mobile',
    country: 'NA',
    region: 'Khomas',
    city: 'Windhoek',
    IP: '198.51.100.7',
    referrer: 'https://www.google.com/',
    landing_page: '/',
    browser: 'Chrome',
    utm_source: 'google',
    utm_medium: 'cpc',
    utm_campaign: 'brand',
  }
}

export function newSession(room: TrapRoom, user = room.fresh.user()): TrapSession {
  return { id: room.fresh.session(), user, day: someDay(room) }
}

/** A session that counts. @param written cells that are written in another way, without another meaning */
export function acceptSession(room: TrapRoom, session: TrapSession, written: Cells = {}): TrapSession {
  room.sheets.session_table.accept({ ...sessionCells(session), ...written })
  room.ledger.noteSession(session.id, session.day)
  return session
}

/** Ways to write a time on a day; those with an offset are on the day in UTC. */
export function timeForms(day: number): string[] {
  const [date, before, after] = [formatDay(day), formatDay(day - 1), formatDay(day + 1)]
  return [
    `${date}T12:00:00`,
    `${date}T12:00:00Z`,
    `${date} 12:00:00 UTC`,
    `${date} 12:00`,
    date,
    `${date} 23:59:59.999999999`,
    `${date}T00:00:00.5Z`,
    `${before}T20:30:00-05:00`,
    `${after} 01:30:00+0530`,
    `${after}T00:30+02`,
  ]
}

/** Times that nobody may guess at. */
export const NO_TIMES = [
  '01-02-2025',
  '2025-02-30',
  '2025-01-05 24:00:00',
  '2025-13-01',
  '1736899200',
  '2025-01-05 12:00:00 CET',
  '1969-12-31 23:59:59',
  '2200-01-01',
  '2025-1-5',
  '2025-01-05 12:00:00+24:00',
  '0000-00-00 00:00:00',
  'yesterday',
]

/** Traps of session_table. */
export function plantSessions(room: TrapRoom): void {
  const { sheets, round, fresh } = room
  const sheet = sheets.session_table
  const cells = () => sessionCells(newSession(room))
  const day = someDay(room)
  for (const time of timeForms(day)) acceptSession(room, { ...newSession(room), day }, { time })
  for (const text of ODD_TEXTS) {
    acceptSession(room, newSession(room), { utm_source: text, utm_campaign: text, city: text, country: text })
  }
  acceptSession(room, newSession(room), { utm_source: '(direct)', utm_medium: '(none)', utm_campaign: '\t' })

  const known = acceptSession(room, newSession(room), { region: '' })
  sheet.repeat({ ...sessionCells(known), region: '  ', time: `${formatDay(known.day)}T12:00:00.000Z` })
  for (const id of padded(known.id)) sheet.repeat({ ...sessionCells(known), region: '', session_id: id })
  sheet.conflict({ ...sessionCells(known), region: '0' })
  sheet.conflict({ ...sessionCells(known), region: '', user_id: fresh.user() })
  sheet.conflict({ ...sessionCells(known), region: '', time: at(known.day, '12:00:01') })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) {
    sheet.repeat(plain)
    sheet.conflict({ ...plain, city: 'Elsewhere' })
  }

  const spoilt = newSession(room)
  sheet.reject('invalid_timestamp', { ...sessionCells(spoilt), time: NO_TIMES[round % NO_TIMES.length]! })
  acceptSession(room, spoilt)
  sheet.reject('invalid_timestamp', { ...sessionCells(spoilt), time: 'noon' })
  sheet.reject('required_cell_empty', { ...cells(), user_id: '' })
  rejectRecords(sheet, round + 1, 'city', cells)
  sheet.reject('required_cell_empty', { ...cells(), session_id: ' \t' })
  sheet.reject('required_cell_empty', { ...cells(), time: '' })
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES, cells)
}
