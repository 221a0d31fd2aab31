import type { OrderTruth } from '../shop/truth-ledger.ts'
import { rejectCells, rejectRecords } from './bad-records.ts'
import { FORMULAS, ODD_TEXTS, padded } from './odd-texts.ts'
import { acceptSession, NO_TIMES, newSession, type TrapSession, timeForms } from './sessions.ts'
import { at, decimal, someDay, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

export interface TrapOrder extends OrderTruth {
  readonly id: string
}

/** A new order of a session: 25.00 and something, without discount and shipping. */
export function newOrder(room: TrapRoom, { id, user, day }: TrapSession): TrapOrder {
  const total = 250_000n + BigInt(room.random.below(1_000_000))
  return { id: room.fresh.order(), user, session: id, day, total, discount: 0n, shipping: 0n }
}

function orderCells({ id, user, session, day, total, discount, shipping }: TrapOrder): Cells {
  return {
    user_id: user,
    session_id: session,
    order_id: id,
    time: at(day, '12:30:00'),
    total_price: decimal(total),
    shipping_price: decimal(shipping),
    discount: decimal(discount),
  }
}

/** An order that counts. @param written cells that are written in another way, without another meaning */
export function acceptOrder(room: TrapRoom, order: TrapOrder, written: Cells = {}): TrapOrder {
  room.sheets.order_table.accept({ ...orderCells(order), event_id: room.fresh.event(), ...written })
  room.ledger.noteOrder(order)
  return order
}

/** Ways to write an amount, with what they mean in ten-thousandths. */
export const MONEY_FORMS: readonly (readonly [string, bigint])[] = [
  ['5.', 50_000n],
  ['.5', 5_000n],
  ['1e2', 1_000_000n],
  ['5', 50_000n],
  ['+12.50', 125_000n],
  ['0012.3', 123_000n],
  ['12.34565', 123_457n],
  ['-12.34565', -123_457n],
  ['12.345649999', 123_456n],
  ['1.25E-2', 125n],
  ['-0', 0n],
  ['1e-30', 0n],
  ['999999999.9999', 9_999_999_999_999n],
  ['-1000000000', -10_000_000_000_000n],
]

export const NO_MONEY = ['$5', '1,234.50', '12,5', 'NaN', 'Infinity', '1e', '.', '--5', '5 EUR', '0x10', '١٢']
export const TOO_MUCH_MONEY = ['1000000000.00001', '1e12', '-1000000001', '1e400']
export const INTEGER_FORMS = ['2.00', '2', '2.', '+2', '002']
export const NO_INTEGERS = ['2.5', 'two', '1e3', '2 pcs', '1,000']
export const TOO_GREAT_INTEGERS = ['1000001', '-99999999999999999999']
/** Ways to write a quantity, with what they mean in ten-thousandths. */
export const QUANTITY_FORMS: readonly (readonly [string, bigint])[] = [
  ['2.00', 20_000n],
  ['2', 20_000n],
  ['2.', 20_000n],
  ['+2', 20_000n],
  ['002', 20_000n],
  ['0.5', 5_000n],
  ['.25', 2_500n],
  ['1e1', 100_000n],
  ['1.00005', 10_001n],
]
export const NO_QUANTITIES = ['0,5', 'two', '1/2', '2 pcs', '1,000']
export const TOO_GREAT_QUANTITIES = ['1000000.0001', '-99999999999999999999']

/** Traps of order_table. */
export function plantOrders(room: TrapRoom): void {
  const { round, fresh } = room
  const sheet = room.sheets.order_table
  const inNewSession = () => newOrder(room, acceptSession(room, newSession(room)))
  const cells = () => orderCells(newOrder(room, newSession(room)))
  plantOddOrders(room, inNewSession)

  const known = acceptOrder(room, inNewSession(), { event_id: '', discount: '' })
  sheet.repeat({
    ...orderCells(known),
    discount: '\t',
    shipping_price: '0',
    total_price: `${decimal(known.total)}00`,
  })
  for (const id of padded(known.id)) sheet.repeat({ ...orderCells(known), order_id: id, discount: '' })
  sheet.conflict({ ...orderCells(known), discount: '0' })
  sheet.conflict({ ...orderCells(known), discount: '', total_price: decimal(known.total + 1n) })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) {
    sheet.repeat(plain)
    sheet.conflict({ ...plain, total_price: '0.01' })
  }
  sheet.conflict({ ...orderCells(known), discount: '', event_id: fresh.event() })

  const spoilt = inNewSession()
  sheet.reject('invalid_money', { ...orderCells(spoilt), total_price: NO_MONEY[round % NO_MONEY.length]! })
  acceptOrder(room, spoilt)
  sheet.reject('money_out_of_range', { ...orderCells(spoilt), total_price: TOO_MUCH_MONEY[0]! })
  sheet.reject('invalid_integer', { ...cells(), total_items: NO_INTEGERS[round % NO_INTEGERS.length]! })
  sheet.reject('integer_out_of_range', { ...cells(), total_items: TOO_GREAT_INTEGERS[0]! })
  sheet.reject('invalid_quantity', { ...cells(), total_qty: NO_QUANTITIES[round % NO_QUANTITIES.length]! })
  sheet.reject('quantity_out_of_range', { ...cells(), total_qty: TOO_GREAT_QUANTITIES[0]! })
  sheet.reject('required_cell_empty', { ...cells(), total_price: '' })
  rejectRecords(sheet, round + 2, 'discount_coupon_code', cells)
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES.slice(0, 4), cells)
  rejectCells(sheet, 'invalid_money', 'total_price', NO_MONEY, cells)
  rejectCells(sheet, 'invalid_money', 'shipping_price', ['free'], cells)
  rejectCells(sheet, 'money_out_of_range', 'discount', TOO_MUCH_MONEY, cells)
  rejectCells(sheet, 'invalid_quantity', 'total_qty', NO_QUANTITIES, cells)
  rejectCells(sheet, 'integer_out_of_range', 'total_items', TOO_GREAT_INTEGERS, cells)
  for (const column of ['user_id', 'session_id', 'order_id', 'time']) {
    sheet.reject('required_cell_empty', { ...cells(), [column]: ' ' })
  }
}

/** Refunds that bear the id of their order: in two parts, once before it; and one of an order that nobody knows. */
function plantRefundsOfOrder(room: TrapRoom, inNewSession: () => TrapOrder): void {
  const sheet = room.sheets.order_table
  const order = inNewSession()
  const part = { ...order, total: -20_000n }
  acceptOrder(room, part, { time: at(order.day, '20:00:00') })
  acceptOrder(room, order)
  acceptOrder(room, part, { time: at(order.day, '20:00:01'), event_id: '' })
  sheet.repeat({ ...orderCells(part), time: at(order.day, '20:00:01'), total_price: '-2.0' })
  sheet.conflict({ ...orderCells(part), time: at(order.day, '20:00:01'), discount: '1' })
  const whole = inNewSession()
  acceptOrder(room, { ...whole, total: -whole.total })
  acceptOrder(room, whole)
  acceptOrder(room, { ...newOrder(room, newSession(room)), total: -10_000n })
}

/** Orders that look wrong and count. */
function plantOddOrders(room: TrapRoom, inNewSession: () => TrapOrder): void {
  const day = someDay(room)
  const onThatDay = () => acceptSession(room, { ...newSession(room), day })
  // All on one day, so that the greatest amounts nearly cancel each other.
  for (const [text, total] of MONEY_FORMS) {
    acceptOrder(room, { ...newOrder(room, onThatDay()), total }, { total_price: text })
  }
  for (const text of INTEGER_FORMS) acceptOrder(room, inNewSession(), { total_items: text })
  for (const [text] of QUANTITY_FORMS) acceptOrder(room, inNewSession(), { total_qty: text })
  for (const code of [...ODD_TEXTS, 'WELCOME10', 'welcome10', 'NO_COUPON']) {
    acceptOrder(
      room,
      { ...inNewSession(), discount: 12_345n },
      { discount_coupon_code: code, discount: ' 1.2345' },
    )
  }
  for (const time of timeForms(day)) acceptOrder(room, newOrder(room, onThatDay()), { time })
  const discounted = { ...inNewSession(), discount: 50_000n, shipping: 5_000n }
  acceptOrder(room, discounted, { discount: '5.', shipping_price: '.5' })
  acceptOrder(room, inNewSession(), { discount: '', shipping_price: '  ' })

  // Two orders in one session, then the first one given back under an id of its own, and one more refund.
  const session = acceptSession(room, newSession(room))
  const first = acceptOrder(room, newOrder(room, session))
  acceptOrder(room, newOrder(room, session), { time: at(session.day, '12:30:00') })
  acceptOrder(
    room,
    { ...first, id: room.fresh.order(), total: -first.total },
    { time: at(session.day, '18:00:00') },
  )
  acceptOrder(room, { ...first, id: room.fresh.order(), total: -100n, discount: -100n })
  plantRefundsOfOrder(room, inNewSession)

  // Sessions that nobody knows, of a new user and of one who is known.
  acceptOrder(room, newOrder(room, newSession(room)))
  acceptOrder(room, newOrder(room, newSession(room, session.user)), { discount_coupon_code: FORMULAS[0]! })
  // Before the session starts.
  const early = inNewSession()
  acceptOrder(room, early, { time: at(early.day, '00:00:01') })
}
