import { Random } from './random.ts'

/** A row of a raw table: cells as they are written. */
export type RawRow = Readonly<Record<string, string>>

/** The eight raw tables of a shop, in rows; keys are unique, and every row is acceptable with RANDOM_SHOP_RULES. */
export type RandomShop = Readonly<Record<string, readonly RawRow[]>>

/** What a random shop says of its exports: some ids may be empty. */
export const RANDOM_SHOP_RULES = {
  rawTables: {
    session_table: { optional: ['user_id'] },
    order_table: { optional: ['user_id', 'session_id'] },
    add_to_cart_table: { optional: ['session_id'] },
    pageview_table: { optional: ['user_id', 'session_id'] },
  },
}

/** The first day and the number of days on which things happen. */
export const SHOP_START = '2024-02-26'
export const SHOP_DAYS = 8

const ODD_TEXTS = [
  'NA',
  'NULL',
  '=1+1',
  '@home',
  '-5',
  '+a b',
  'a,b',
  'say "hi"',
  'zwei\nZeilen',
  '__proto__',
  'é',
  '\u{1F600}',
  '\uFFFD',
  '\uFF5E',
]
const SOURCES = ['', 'google', 'Facebook', 'newsletter', 'amazon', 'm.facebook.com', 'direct', 'NA']
const MEDIUMS = ['', 'cpc', 'organic', 'email', 'referral', 'display', '(none)', 'push']
const PATHS = ['/', '/product/1', '/products/2', '/checkout', '/cart', '/about', '/é', '=path']
const PRODUCTS = ['Mug', 'mug', 'Shirt, red', '"Best" hat', '=Hat', 'Ünder', '\u{1F600}']
const COUPONS = ['', 'SPRING', 'spring', 'NO_COUPON', '-10%', '007']

/**
 * A small shop in which much that is unusual happens: orphans, several orders a session, equal times,
 * refunds of their own id and of their order's, users and sessions that nobody knows, halves, events out of order, sessions across midnight, odd texts, users in one table only.
 */
export function randomShop(seed: number, { everyoneKnown = false } = {}): RandomShop {
  const random = new Random(seed)
  const shop = new ShopMaker(random, everyoneKnown)
  const users = ids('u', random.whole(3, 12))
  const sessions = ids('s', random.whole(5, 40))
  const orders = ids('o', random.whole(0, 25))
  return {
    user_table: users.filter(() => random.chance(0.7)).map((user_id) => shop.user(user_id)),
    session_table: sessions
      .filter(() => random.chance(0.85))
      .map((id) => shop.session(id, shop.perhaps(random.pick(users)))),
    order_table: orders.flatMap((id) => {
      const order = shop.order(id, shop.perhaps(random.pick(sessions)), shop.perhaps(random.pick(users)))
      return [order, ...shop.refundsOf(order)]
    }),
    order_line_item_table: ids('l', random.whole(0, 40)).map((id) => shop.lineItem(id, orders, sessions)),
    add_to_cart_table: ids('a', random.whole(0, 40)).map((id) =>
      shop.cartAdd(id, shop.perhaps(random.pick(sessions))),
    ),
    pageview_table: ids('v', random.whole(0, 80)).map((id) =>
      shop.pageview(id, shop.perhaps(random.pick(sessions)), shop.perhaps(random.pick(users))),
    ),
    scroll_table: ids('r', random.whole(0, 40)).map((id) => shop.scroll(id, random.pick(['', ...sessions]))),
    click_table: ids('k', random.whole(0, 40)).map((id) => shop.click(id, random.pick(['', ...sessions]))),
  }
}

/** Ids whose order as text is neither that of their numbers nor that of UTF-16. */
function ids(letter: string, count: number): string[] {
  const odd = ['\u{1F600}', '\uFF5E', 'é', '']
  return Array.from({ length: count }, (_, i) => `${letter}${odd[i % odd.length]}${i}`)
}

class ShopMaker {
  readonly #random: Random
  readonly #everyoneKnown: boolean

  constructor(random: Random, everyoneKnown: boolean) {
    this.#random = random
    this.#everyoneKnown = everyoneKnown
  }

  user(user_id: string): RawRow {
    const flag = () => this.#random.pick(['', '0', '1', 'true', '0.0'])
    return { user_id, has_purchase_last_year: flag(), has_purchase_last_qtr: flag() }
  }

  session(session_id: string, user_id: string): RawRow {
    const random = this.#random
    return {
      user_id,
      session_id,
      time: this.#time(),
      platform: random.pick(['', 'web', 'iOS']),
      device_type: random.pick(['', 'mobile', 'desktop']),
      country: random.pick(['', 'NA', 'DE', ...ODD_TEXTS]),
      landing_page: random.pick(['', ...PATHS]),
      utm_source: random.pick(SOURCES),
      utm_medium: random.pick(MEDIUMS),
      utm_campaign: random.pick(['', 'sale', 'winter shop', 'cross-network', ...ODD_TEXTS]),
    }
  }

  order(order_id: string, session_id: string, user_id: string): RawRow {
    const random = this.#random
    return {
      user_id,
      session_id,
      order_id,
      time: this.#time(),
      total_price: this.#money(-500, 60_000),
      shipping_price: random.pick(['', '0', '4.90']),
      discount: random.chance(0.5) ? '' : this.#money(-10, 2_000),
      discount_coupon_code: random.pick(COUPONS),
    }
  }

  /** An id, or now and then none. */
  perhaps(id: string): string {
    return this.#random.chance(0.12) && !this.#everyoneKnown ? '' : id
  }

  /** Refunds that bear the id of their order: none mostly, else up to two at different times. */
  refundsOf(order: RawRow): RawRow[] {
    const random = this.#random
    if (random.chance(0.8)) return []
    const days = random.chance(0.5) ? ['2024-02-25'] : ['2024-02-28', '2024-03-01 10:00']
    return days.map((time) => ({
      ...order,
      time,
      total_price: this.#money(-300, -1),
      shipping_price: random.pick(['', '0', '-4.90']),
      discount: random.pick(['', '-1.50', '2']),
    }))
  }

  lineItem(event_id: string, orders: readonly string[], sessions: readonly string[]): RawRow {
    const random = this.#random
    return {
      event_id,
      session_id: random.chance(0.4) ? '' : random.pick(sessions),
      order_id: orders.length === 0 || random.chance(0.1) ? 'unknown' : random.pick(orders),
      time: this.#time(),
      product_name: random.pick(PRODUCTS),
      product_price: this.#money(-100, 9_000),
      product_qty: random.pick(['-1', '0', '0.5', '0.3333', '1', '2', '3.25', '5']),
    }
  }

  cartAdd(event_id: string, session_id: string): RawRow {
    const random = this.#random
    return {
      event_id,
      session_id,
      time: this.#time(),
      product_name: random.pick(PRODUCTS),
      product_qty: random.pick(['', '1', '2', '3.00', '0.5', '1.25']),
    }
  }

  pageview(event_id: string, session_id: string, user_id: string): RawRow {
    return { event_id, user_id, session_id, time: this.#time(), path: this.#random.pick(PATHS) }
  }

  scroll(event_id: string, session_id: string): RawRow {
    const scroll_percent = this.#random.pick(['0', '25', '33.3333', '50.5', '66.67', '100'])
    return { event_id, session_id, time: this.#time(), scroll_percent, path: this.#random.pick(PATHS) }
  }

  click(event_id: string, session_id: string): RawRow {
    return { event_id, session_id, time: this.#time(), path: this.#random.pick(PATHS) }
  }

  /** One of few moments a day, so that times are often equal. */
  #time(): string {
    const random = this.#random
    const day = new Date(`${SHOP_START}T00:00:00Z`).getTime() + random.whole(0, SHOP_DAYS - 1) * 86_400_000
    const date = new Date(day).toISOString().slice(0, 10)
    const clock = random.pick([
      '',
      ' 00:00:00',
      ' 08:30',
      'T12:00:00.5',
      ' 12:00:00.500',
      ' 23:59:59.999',
      'T23:30:00Z',
    ])
    return date + clock
  }

  #money(lowest: number, highest: number): string {
    const random = this.#random
    const places = random.pick([0, 2, 4])
    const value = random.whole(lowest * 10 ** places, highest * 10 ** places)
    const digits = String(Math.abs(value)).padStart(places + 1, '0')
    const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
    return value < 0 ? `-${text}` : text
  }
}

/** How the tables of a shop are written. */
export interface ShopFormat {
  readonly lineEnd?: string
  readonly bom?: boolean
  /** Puts the columns of a table into another order. */
  readonly arrange?: (columns: readonly string[]) => readonly string[]
}

/** The columns of the eight raw tables. */
export const SHOP_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  user_table: ['user_id', 'has_purchase_last_year', 'has_purchase_last_qtr'],
  session_table: [
    'user_id',
    'session_id',
    'time',
    'platform',
    'device_type',
    'country',
    'landing_page',
    'utm_source',
    'utm_medium',
    'utm_campaign',
  ],
  order_table: [
    'user_id',
    'session_id',
    'order_id',
    'time',
    'total_price',
    'shipping_price',
    'discount',
    'discount_coupon_code',
  ],
  order_line_item_table: [
    'event_id',
    'session_id',
    'order_id',
    'time',
    'product_name',
    'product_price',
    'product_qty',
  ],
  add_to_cart_table: ['event_id', 'session_id', 'time', 'product_name', 'product_qty'],
  pageview_table: ['event_id', 'user_id', 'session_id', 'time', 'path'],
  scroll_table: ['event_id', 'session_id', 'time', 'scroll_percent', 'path'],
  click_table: ['event_id', 'session_id', 'time', 'path'],
}

/** The names of the eight raw tables. */
export const SHOP_TABLES = Object.keys(SHOP_COLUMNS)

/** The rows of one table as CSV. */
export function shopCsv(table: string, rows: readonly RawRow[], format: ShopFormat = {}): string {
  const columns = format.arrange?.(SHOP_COLUMNS[table]!) ?? SHOP_COLUMNS[table]!
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  const end = format.lineEnd ?? '\n'
  const text = lines.map((cells) => cells.map(quoted).join(',') + end).join('')
  return format.bom === true ? `\uFEFF${text}` : text
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
