import { rawTables, type UsualRawTableName } from '../../raw/index.ts'
import type { Calendar } from '../shop/calendar.ts'
import { Random } from '../shop/random.ts'
import type { Sheets } from '../shop/sheets.ts'
import type { TruthLedger } from '../shop/truth-ledger.ts'
import { acceptCartAdd, plantCartAdds } from './cart-adds.ts'
import { plantClicks } from './clicks.ts'
import { acceptLineOf, plantLineItems } from './line-items.ts'
import { ODD_IDS, ODD_TEXTS } from './odd-texts.ts'
import { acceptOrder, newOrder, plantOrders } from './orders.ts'
import { acceptPageview, plantPageviews } from './pageviews.ts'
import { plantScrolls } from './scrolls.ts'
import { acceptSession, newSession, plantSessions } from './sessions.ts'
import type { FreshIds, TrapRoom } from './trap-room.ts'
import { TrapSheet } from './trap-sheet.ts'
import { acceptUser, plantUsers } from './users.ts'

export interface TrapOptions {
  readonly seed: number
  readonly sessions: number
  readonly calendar: Calendar
  readonly sheets: Sheets
  readonly ledger: TruthLedger
  readonly fresh: FreshIds
}

/** Streams of random numbers that no session has. */
const STREAM = 2 ** 40

/** Tables whose last line has no line end. */
const UNENDED: readonly UsualRawTableName[] = ['user_table', 'click_table']

/** Writes the traps of all tables behind their plain part, which must be complete. */
export function plantTraps({ seed, sessions, calendar, sheets, ledger, fresh }: TrapOptions): void {
  const names = Object.keys(rawTables) as UsualRawTableName[]
  const trapSheets = {} as Record<UsualRawTableName, TrapSheet>
  for (const name of names) {
    ledger.notePlainRows(name, sheets[name].rows)
    trapSheets[name] = new TrapSheet(name, sheets[name], ledger)
  }
  for (let round = 0; round < roundsFor(sessions); round++) {
    const random = new Random(seed, STREAM + round)
    const room: TrapRoom = { sheets: trapSheets, ledger, fresh, calendar, random, round }
    if (round === 0) plantOddIds(room)
    for (const plant of PLANTERS) plant(room)
  }
  for (const name of names) trapSheets[name].finish(!UNENDED.includes(name))
}

const PLANTERS = [
  plantUsers,
  plantSessions,
  plantOrders,
  plantLineItems,
  plantCartAdds,
  plantPageviews,
  plantScrolls,
  plantClicks,
]

/** One, and one more for every tenfold of 50 sessions. */
function roundsFor(sessions: number): number {
  let rounds = 1
  for (let enough = 500; enough <= sessions; enough *= 10) rounds++
  return rounds
}

/** Users with odd ids, each with a session, a pageview, a cart add and an order of odd ids and names. */
function plantOddIds(room: TrapRoom): void {
  for (const id of [...ODD_IDS, ...ODD_TEXTS]) {
    acceptUser(room, id)
    const session = acceptSession(room, { ...newSession(room, id), id })
    acceptPageview(room, session, id)
    acceptCartAdd(room, session, id)
    acceptLineOf(room, acceptOrder(room, { ...newOrder(room, session), id }), id)
  }
}
