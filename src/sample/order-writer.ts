import type { Visit } from './page-writer.ts'
import type { Calendar } from './shop/calendar.ts'
import type { Product } from './shop/catalogue.ts'
import { type IdMaker, orderId } from './shop/ids.ts'
import { type Random, Weighted } from './shop/random.ts'
import type { Sheets } from './shop/sheets.ts'
import type { TruthLedger } from './shop/truth-ledger.ts'

interface Coupon {
  readonly code: string
  readonly percent: number
  readonly freesShipping: boolean
  readonly weight: number
}

const coupons = new Weighted<Coupon>(
  [
    { code: '', percent: 0, freesShipping: false, weight: 78 },
    { code: 'WELCOME10', percent: 10, freesShipping: false, weight: 12 },
    { code: 'SPRING15', percent: 15, freesShipping: false, weight: 6 },
    { code: 'FREESHIP', percent: 0, freesShipping: true, weight: 4 },
  ],
  ({ weight }) => weight,
)

const FREE_SHIPPING_FROM = 7500
const SHIPPING = [495, 495, 495, 990]

/** Writes orders with their line items; total_price is lines − discount + shipping, in whole cents. */
export class OrderWriter {
  /** How many orders were written. */
  written = 0
  readonly #sheets: Sheets
  readonly #calendar: Calendar
  readonly #ids: IdMaker
  readonly #ledger: TruthLedger

  constructor(sheets: Sheets, calendar: Calendar, ids: IdMaker, ledger: TruthLedger) {
    this.#sheets = sheets
    this.#calendar = calendar
    this.#ids = ids
    this.#ledger = ledger
  }

  /** The order of a visit, placed at its present time. */
  write(
    { userId, sessionId, time }: Visit,
    random: Random,
    user: number,
    lines: readonly (readonly [Product, number])[],
  ): void {
    const id = orderId(++this.written)
    const stamp = this.#calendar.stamp(time)
    let gross = 0
    let pieces = 0
    for (const [product, quantity] of lines) {
      gross += product.cents * quantity
      pieces += quantity
      const known = random.chance(0.97) ? `${userId},${sessionId}` : ','
      this.#sheets.order_line_item_table.add(
        `${this.#ids.next()},${known},${id},${stamp},${product.name},${money(product.cents)},${quantity}\n`,
      )
    }
    const coupon = coupons.pick(random)
    const discount = Math.floor((gross * coupon.percent + 50) / 100)
    const isFree = coupon.freesShipping || gross >= FREE_SHIPPING_FROM
    const shipping = isFree ? 0 : SHIPPING[random.below(SHIPPING.length)]!
    const total = gross - discount + shipping
    const discountCell = discount === 0 && random.chance(0.2) ? '' : money(discount)
    this.#sheets.order_table.add(
      `${this.#ids.next()},${userId},${sessionId},${id},${stamp},${money(total)},${money(shipping)},${discountCell},${coupon.code},${lines.length},${pieces}\n`,
    )
    this.#ledger.notePlainOrder(user, time, { total, discount, shipping, gross, pieces })
  }
}

/** @example money(1490) → '14.90' */
export function money(cents: number): string {
  const rest = cents % 100
  return `${(cents - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`
}
