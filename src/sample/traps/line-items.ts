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
  type TrapOrder,
} from './orders.ts'
import { acceptSession, NO_TIMES, newSession, timeForms } from './sessions.ts'
import { at, decimal, type TrapRoom } from './trap-room.ts'
import type { Cells } from './trap-sheet.ts'

/** One piece, in ten-thousandths. */
const ONE = 10_000n

/** A line of an order. */
interface TrapLine {
  readonly id: string
  readonly order: TrapOrder
  readonly product: string
  /** Ten-thousandths. */
  readonly price: bigint
  /** Ten-thousandths. */
  readonly quantity: bigint
}

function newLine(room: TrapRoom, order: TrapOrder, product = 'Stoneware Mug'): TrapLine {
  const price = 10_000n + BigInt(room.random.below(500_000))
  return { id: room.fresh.event(), order, product, price, quantity: BigInt(1 + room.random.below(3)) * ONE }
}

function lineCells({ id, order, product, price, quantity }: TrapLine): Cells {
  return {
    event_id: id,
    user_id: order.user,
    session_id: order.session,
    order_id: order.id,
    time: at(order.day, '12:30:00'),
    product_name: product,
    product_price: decimal(price),
    product_qty: decimal(quantity),
  }
}

/** A line item that counts. @param written cells that are written in another way, without another meaning */
function acceptLine(room: TrapRoom, line: TrapLine, written: Cells = {}): TrapLine {
  room.sheets.order_line_item_table.accept({ ...lineCells(line), ...written })
  room.ledger.noteLine({ day: line.order.day, price: line.price, quantity: line.quantity })
  return line
}

/** One plain line for an order. */
export function acceptLineOf(room: TrapRoom, order: TrapOrder, product: string): void {
  acceptLine(room, newLine(room, order, product))
}

/** Traps of order_line_item_table. */
export function plantLineItems(room: TrapRoom): void {
  const { round, fresh } = room
  const sheet = room.sheets.order_line_item_table
  const inNewOrder = () => acceptOrder(room, newOrder(room, acceptSession(room, newSession(room))))
  const order = inNewOrder()
  const cells = () => lineCells(newLine(room, order))
  plantOddLines(room, inNewOrder)

  const known = acceptLine(room, newLine(room, order), { user_id: '', session_id: '' })
  const again = { ...lineCells(known), user_id: '', session_id: '\t' }
  sheet.repeat({
    ...again,
    product_qty: `${decimal(known.quantity)}0`,
    product_price: `+${decimal(known.price)}0`,
  })
  for (const id of padded(known.id)) sheet.repeat({ ...again, event_id: id })
  sheet.conflict({ ...again, user_id: '0' })
  sheet.conflict({ ...again, product_qty: decimal(known.quantity + 1n) })
  const plain = sheet.plainRows[round]
  if (plain !== undefined) {
    sheet.repeat(plain)
    sheet.conflict({ ...plain, product_qty: '77' })
  }

  const spoilt = newLine(room, order)
  sheet.reject('invalid_quantity', {
    ...lineCells(spoilt),
    product_qty: NO_QUANTITIES[round % NO_QUANTITIES.length]!,
  })
  acceptLine(room, spoilt)
  sheet.reject('quantity_out_of_range', { ...lineCells(spoilt), product_qty: TOO_GREAT_QUANTITIES[0]! })
  sheet.reject('money_out_of_range', { ...cells(), product_price: TOO_MUCH_MONEY[1]! })
  sheet.reject('required_cell_empty', { ...cells(), product_name: '\t' })
  rejectRecords(sheet, round + 3, 'product_name', cells)
  rejectCells(sheet, 'invalid_money', 'product_price', NO_MONEY, cells)
  rejectCells(sheet, 'money_out_of_range', 'product_price', TOO_MUCH_MONEY, cells)
  rejectCells(sheet, 'invalid_quantity', 'product_qty', NO_QUANTITIES, cells)
  rejectCells(sheet, 'quantity_out_of_range', 'product_qty', TOO_GREAT_QUANTITIES, cells)
  rejectCells(sheet, 'invalid_timestamp', 'time', NO_TIMES.slice(4, 8), cells)
  for (const column of ['event_id', 'order_id', 'time', 'product_price', 'product_qty']) {
    sheet.reject('required_cell_empty', { ...cells(), [column]: '' })
  }
  sheet.conflict({ ...again, product_name: `Other ${fresh.event()}` })
}

/** Line items that look wrong and count. */
function plantOddLines(room: TrapRoom, inNewOrder: () => TrapOrder): void {
  const order = inNewOrder()
  for (const text of ODD_TEXTS)
    acceptLine(room, { ...newLine(room, order, text), price: 99_900n, quantity: ONE })
  for (const name of padded(' Stoneware Mug')) acceptLine(room, newLine(room, order), { product_name: name })
  for (const [text, price] of MONEY_FORMS) {
    acceptLine(room, { ...newLine(room, order), price, quantity: ONE }, { product_price: text })
  }
  for (const [text, quantity] of QUANTITY_FORMS) {
    acceptLine(room, { ...newLine(room, order), quantity }, { product_qty: text })
  }
  for (const time of timeForms(order.day)) acceptLine(room, newLine(room, order), { time })
  // Pieces sent back, nothing bought, the most that can be, half of the least, a session named by the order only.
  acceptLine(room, { ...newLine(room, order), quantity: -ONE })
  acceptLine(room, { ...newLine(room, order), quantity: 0n }, { product_qty: '-0' })
  acceptLine(room, { ...newLine(room, order), price: 1n, quantity: 1_000_000n * ONE })
  acceptLine(room, { ...newLine(room, order), price: 1n, quantity: ONE / 2n })
  acceptLine(room, newLine(room, order), { user_id: '', session_id: '' })
  // An order and a session that nobody knows.
  acceptLine(room, newLine(room, newOrder(room, newSession(room))))
}
