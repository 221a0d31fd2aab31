import { rejectCells, rejectRecords } from './bad-records.ts'
import { ODD_TEXTS, padded } from './odd-texts.ts'
import {
  acceptOrder,
  MONEY_FORMS,
  NO_MONEY,
  NO_QUANTITIES,
  newOrder,
  QUANTITY_FORMS,
  TOO_GREAT_QUANTITIES,
  TOO_MUCH_MONEY,
} from './orders.ts'
import { acceptSession, NO_TIMES, newSession, type TrapSession, timeForms } from './sessions.ts'
import { at, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

function cartCells(room: TrapRoom, { id, user, day }: TrapSession, product = 'Stoneware Mug'): Cells {
  return {
    event_id: room.fresh.event(),
    user_id: user,
    session_id: id,
    time: at(day, '12:10:00'),
    domain: 'shop.example',
    path: '/products/stoneware-mug',
    product_name: product,
    product_price: '14.90',
    product_qty: '1',
  }
}

/** One plain cart add in a session. */
export function acceptCartAdd(room: TrapRoom, session: TrapSession, product: string): void {
  room.sheets.add_to_cart_table.accept(cartCells(room, session, product))
}

/** Traps of add_to_cart_table. */
export function plantCartAdds(room: TrapRoom): void {
  const { round } = room
  const sheet = room.sheets.add_to_cart_table
  const session = acceptSession(room, newSession(room))
  const cells = () => cartCells(room, session)
  for (const text of ODD_TEXTS) {
    sheet.accept({ ...cartCells(room, session, text), previous_page: text, path: text, query: text })
  }
  for (const [text] of MONEY_FORMS) sheet.accept({ ...cells(), product_price: text })
  for (const text of ['', '-1', '0', ...QUANTITY_FORMS.map(([form]) => form)])
    sheet.accept({ ...cells(), product_qty: text })
  for (const time of timeForms(session.day)) sheet.accept({ ...cells(), time })
  sheet.accept({ ...cells(), user_id: '', product_price: '\t', path: '' })
  // A session that nobody knows; before the session starts; an order placed before its first cart add.
  sheet.accept(cartCells(room, newSession(room)))
  sheet.accept({
    ...cartCells(room, acceptSession(room, newSession(room))),
    time: at(session.day, '00:00:02'),
  })
  const hasty = acceptSession(room, newSession(room))
  acceptOrder(room, newOrder(room, hasty), { time: at(hasty.day, '12:05:00') })
  sheet.accept(cartCells(room, hasty))

  const known = cells()
  sheet.accept(known)
  sheet.repeat(known)
  sheet.repeat({ ...known, product_name: 'Another Mug', product_price: '', product_qty: '5' })
  for (const id of padded(String(known.event_id))) sheet.repeat({ ...cells(), event_id: id })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) sheet.repeat({ ...plain, time: at(session.day, '01:00:00') })

  const spoilt = cells()
  sheet.reject('invalid_quantity', { ...spoilt, product_qty: NO_QUANTITIES[round % NO_QUANTITIES.length]! })
  sheet.accept(spoilt)
  sheet.reject('invalid_money', { ...spoilt, product_price: NO_MONEY[round % NO_MONEY.length]! })
  sheet.reject('money_out_of_range', { ...cells(), product_price: TOO_MUCH_MONEY[2]! })
  sheet.reject('quantity_out_of_range', { ...cells(), product_qty: TOO_GREAT_QUANTITIES[1]! })
  sheet.reject('required_cell_empty', { ...cells(), session_id: '' })
  rejectRecords(sheet, round + 4, 'query', cells)
  rejectCells(sheet, 'invalid_money', 'product_price', NO_MONEY, cells)
  rejectCells(sheet, 'invalid_quantity', 'product_qty', NO_QUANTITIES, cells)
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES.slice(8), cells)
  for (const column of ['event_id', 'time', 'product_name']) {
    sheet.reject('required_cell_empty', { ...cells(), [column]: ' ' })
  }
}
