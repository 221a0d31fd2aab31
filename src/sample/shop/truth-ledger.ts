import { formatDay } from '../../lib/times/wall-clock.ts'
import type { UsualRawTableName } from '../../raw/index.ts'
import type { CellReason } from '../../raw/kinds.ts'

const SECONDS_PER_DAY = 86_400
const TEN_THOUSANDTHS_PER_CENT = 100n
const UNIT = 10_000n

/** Why a row is to be rejected (SPEC section 1). */
export type RejectedFor =
  | 'too_few_fields'
  | 'too_many_fields'
  | 'quote_in_unquoted_cell'
  | 'invalid_utf8'
  | 'nul_byte'
  | 'record_too_long'
  | 'required_cell_empty'
  | CellReason

/** What is to become of the rows of one raw table. */
export interface Tally {
  read: number
  rejected: number
  /** All duplicates, and the conflicting ones among them. */
  duplicate: number
  conflicting: number
  accepted: number
  readonly reasons: Map<RejectedFor, number>
}

/** The amounts of one order of the plain part, in cents. */
export interface PlainAmounts {
  readonly total: number
  readonly discount: number
  readonly shipping: number
  readonly gross: number
  readonly pieces: number
}

/** What an accepted order or refund (below 0) counts as, in ten-thousandths. */
export interface OrderTruth {
  readonly user: string
  readonly session: string
  readonly day: number
  readonly total: bigint
  readonly discount: bigint
  readonly shipping: bigint
}

/** What an accepted line item counts as; price and quantity in ten-thousandths. */
export interface LineTruth {
  readonly day: number
  readonly price: bigint
  readonly quantity: bigint
}

/**
 * Adds up the truth about the data while it is written. It is told what each row is meant to be, and reads
 * nothing back. Users, sessions and orders that are noted by id must not be those of the plain part.
 */
export class TruthLedger {
  readonly #tallies = new Map<UsualRawTableName, Tally>()
  readonly #hasOrdered: Uint8Array
  /** Of the plain part, in cents. */
  readonly #plain = { revenue: 0, discount: 0, shipping: 0, gross: 0, units: 0 }
  #plainUsersWithOrder = 0
  #plainSessionsWithOrder = 0
  #plainSessionsWithPageview = 0
  #firstDay = Number.POSITIVE_INFINITY
  #lastDay = Number.NEGATIVE_INFINITY
  /** Of the traps, in ten-thousandths. */
  readonly #trapped = { revenue: 0n, discount: 0n, shipping: 0n, gross: 0n, units: 0n }
  #refunds = 0
  readonly #sessions = new Set<string>()
  readonly #sessionsWithPageview = new Set<string>()
  readonly #usersWithOrder = new Set<string>()
  /** The session of every order. */
  readonly #orderSessions: string[] = []

  /** @param users how many users the plain part has */
  constructor(users: number) {
    this.#hasOrdered = new Uint8Array(users)
  }

  tally(table: UsualRawTableName): Tally {
    let tally = this.#tallies.get(table)
    if (tally === undefined) {
      tally = { read: 0, rejected: 0, duplicate: 0, conflicting: 0, accepted: 0, reasons: new Map() }
      this.#tallies.set(table, tally)
    }
    return tally
  }

  /** All rows of the plain part of a table: every one is accepted. */
  notePlainRows(table: UsualRawTableName, rows: number): void {
    const tally = this.tally(table)
    tally.read += rows
    tally.accepted += rows
  }

  /** A session of the plain part; its start in seconds since 1970. */
  notePlainSession(time: number, hasPageview: boolean): void {
    this.#noteDay(Math.floor(time / SECONDS_PER_DAY))
    if (hasPageview) this.#plainSessionsWithPageview++
  }

  /** The one order of a session of the plain part, with its line items. */
  notePlainOrder(user: number, time: number, amounts: PlainAmounts): void {
    this.#noteDay(Math.floor(time / SECONDS_PER_DAY))
    this.#plainSessionsWithOrder++
    this.#plain.revenue += amounts.total
    this.#plain.discount += amounts.discount
    this.#plain.shipping += amounts.shipping
    this.#plain.gross += amounts.gross
    this.#plain.units += amounts.pieces
    if (this.#hasOrdered[user] === 1) return
    this.#hasOrdered[user] = 1
    this.#plainUsersWithOrder++
  }

  noteSession(id: string, day: number): void {
    this.#noteDay(day)
    this.#sessions.add(id)
  }

  noteOrder({ user, session, day, total, discount, shipping }: OrderTruth): void {
    this.#noteDay(day)
    if (total < 0n) this.#refunds++
    else {
      this.#usersWithOrder.add(user)
      this.#orderSessions.push(session)
    }
    this.#trapped.revenue += total
    this.#trapped.discount += discount
    this.#trapped.shipping += shipping
  }

  noteLine({ day, price, quantity }: LineTruth): void {
    this.#noteDay(day)
    this.#trapped.gross += roundedToUnits(price * quantity)
    this.#trapped.units += quantity
  }

  notePageview(session: string): void {
    this.#sessionsWithPageview.add(session)
  }

  /**
   * What `expected.json` says. Sessions with a pageview or an order are the distinct session ids of the
   * accepted pageviews and orders, those that session_table lacks included.
   */
  report(seed: number, sessions: number): object {
    const tables = [...this.#tallies].map(([table, { reasons, accepted, ...rows }]) => [
      table,
      { ...rows, outside_range: 0, filtered: 0, accepted, reasons: Object.fromEntries(reasons) },
    ])
    return { schema_version: 1, seed, sessions, tables: Object.fromEntries(tables), totals: this.#totals() }
  }

  #totals(): object {
    const accepted = (table: UsualRawTableName) => this.tally(table).accepted
    const sum = (cents: number, rest: bigint) => inHundredths(BigInt(cents) * TEN_THOUSANDTHS_PER_CENT + rest)
    const orphans = this.#orderSessions.filter((session) => !this.#sessions.has(session))
    return {
      revenue: sum(this.#plain.revenue, this.#trapped.revenue),
      orders: accepted('order_table') - this.#refunds,
      refunds: this.#refunds,
      sessions: accepted('session_table'),
      gross_sales: sum(this.#plain.gross, this.#trapped.gross),
      units_sold: Number(BigInt(this.#plain.units) * UNIT + this.#trapped.units) / Number(UNIT),
      cart_adds: accepted('add_to_cart_table'),
      pageviews: accepted('pageview_table'),
      clicks: accepted('click_table'),
      scrolls: accepted('scroll_table'),
      discount: sum(this.#plain.discount, this.#trapped.discount),
      shipping: sum(this.#plain.shipping, this.#trapped.shipping),
      users_with_order: this.#plainUsersWithOrder + this.#usersWithOrder.size,
      sessions_with_pageview: this.#plainSessionsWithPageview + this.#sessionsWithPageview.size,
      sessions_with_order: this.#plainSessionsWithOrder + new Set(this.#orderSessions).size,
      orphan_orders: orphans.length,
      first_date: formatDay(this.#firstDay),
      last_date: formatDay(this.#lastDay),
    }
  }

  #noteDay(day: number): void {
    if (day < this.#firstDay) this.#firstDay = day
    if (day > this.#lastDay) this.#lastDay = day
  }
}

/** A product of two numbers of ten-thousandths in ten-thousandths, half away from zero. */
function roundedToUnits(product: bigint): bigint {
  const distance = ((product < 0n ? -product : product) + UNIT / 2n) / UNIT
  return product < 0n ? -distance : distance
}

/** Ten-thousandths with two decimals, half away from zero. @example inHundredths(-1250n) → '-0.13' */
function inHundredths(amount: bigint): string {
  const distance = amount < 0n ? -amount : amount
  const hundredths = (distance + 50n) / 100n
  const sign = amount < 0n && hundredths > 0n ? '-' : ''
  return `${sign}${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`
}
