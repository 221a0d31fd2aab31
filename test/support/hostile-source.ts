import { EXTRA_COLUMNS, NULL_TEXT, UNDECLARED } from './messy-shop.ts'
import type { NaiveFilters } from './naive-filters.ts'
import type { Random } from './random.ts'
import { RANDOM_SHOP_RULES, type RawRow, SHOP_TABLES, shopCsv } from './random-shop.ts'

/** Rows by raw table. */
export type Tables = Readonly<Record<string, readonly RawRow[]>>

/** One delivery of a source that keeps to nothing. */
export interface Delivery {
  /** In file order. */
  readonly rows: Tables
  /** Those that must be rejected; their times can be read unless it says otherwise. */
  readonly bad: ReadonlySet<RawRow>
  /** Bad rows whose times cannot be read. */
  readonly undated: ReadonlySet<RawRow>
  readonly mergeDays: boolean
  readonly allowShrink: boolean
}

export const TIMED_TABLES = SHOP_TABLES.filter((table) => table !== 'user_table')

/** The raw files of some rows, by name. */
export function filesOf(rows: Tables): Record<string, string> {
  const files = SHOP_TABLES.map((table) => {
    const arrange = (columns: readonly string[]) => [...columns, ...(EXTRA_COLUMNS[table] ?? []), UNDECLARED]
    return [`${table}.csv`, shopCsv(table, rows[table] ?? [], { arrange })] as const
  })
  return Object.fromEntries(files)
}

/** The date of a row. */
export function dateOf(row: RawRow): string {
  return row.time!.slice(0, 10)
}

const PATHS = ['/', '/product/1', '/products/2', '/checkout', '/cart']
const PRODUCTS = ['Mug', 'Hat', '=Cup']
const COUPONS = ['', 'A', 'B', NULL_TEXT]
/** Few ids, so that they meet over and over. */
const IDS = { user: 4, session: 7, order: 7, event: 9 } as const

/**
 * A source that delivers days again: edited, shrunk, grown, with rows that moved to other days, in another
 * order, broken, beside others' keys; refunds under the ids of orders, and users and sessions that nobody knows; and
 * users with other flags.
 */
export class HostileSource {
  readonly dates: readonly string[]
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
    this.dates = Array.from({ length: random.whole(5, 9) }, (_, i) =>
      new Date(Date.UTC(2024, 1, 25 + i)).toISOString().slice(0, 10),
    )
  }

  /** @param kept by date, what was delivered last; users stand under '' */
  deliver(kept: ReadonlyMap<string, Tables>): Delivery {
    const random = this.#random
    const dates = this.dates.filter(() => random.chance(0.3))
    if (dates.length === 0) dates.push(random.pick(this.dates))
    const days = dates.map((date) => this.#day(date, kept.get(date)))
    let rows: Record<string, RawRow[]> = Object.fromEntries(
      TIMED_TABLES.map((table) => [table, days.flatMap((day) => day[table]!)]),
    )
    if (random.chance(0.3)) rows = this.#moved(rows, dates)
    if (random.chance(0.3)) for (const table of TIMED_TABLES) rows[table] = random.shuffled(rows[table]!)
    const bad = new Set<RawRow>()
    const undated = new Set<RawRow>()
    if (random.chance(0.3)) for (const table of TIMED_TABLES) this.#break(table, rows, bad, undated)
    const user_table = this.#users(kept.get('')?.user_table ?? [])
    return {
      rows: { user_table, ...rows },
      bad,
      undated,
      mergeDays: random.chance(0.2),
      allowShrink: random.chance(0.4),
    }
  }

  #day(date: string, before: Tables | undefined): Record<string, RawRow[]> {
    const random = this.#random
    const how = before === undefined ? 'new' : random.pick(['same', 'edited', 'grown', 'shrunk', 'new'])
    return Object.fromEntries(
      TIMED_TABLES.map((table) => {
        const was = before?.[table] ?? []
        const fresh = Array.from({ length: random.whole(0, 2) }, () => this.#row(table, date))
        if (how === 'same') return [table, [...was]]
        if (how === 'new') return [table, random.chance(0.8) ? fresh : []]
        if (how === 'grown') return [table, random.shuffled([...was, ...fresh])]
        if (how === 'shrunk') return [table, was.filter(() => random.chance(0.8))]
        return [table, was.map((row) => (random.chance(0.3) ? this.#edited(table, row) : row))]
      }),
    )
  }

  /** Some rows with their times on another date of the delivery. */
  #moved(rows: Readonly<Record<string, RawRow[]>>, dates: readonly string[]): Record<string, RawRow[]> {
    const random = this.#random
    return Object.fromEntries(
      Object.entries(rows).map(([table, all]) => [
        table,
        all.map((row) =>
          random.chance(0.2) ? { ...row, time: `${random.pick(dates)}${row.time!.slice(10)}` } : row,
        ),
      ]),
    )
  }

  #break(table: string, rows: Record<string, RawRow[]>, bad: Set<RawRow>, undated: Set<RawRow>): void {
    const random = this.#random
    rows[table] = rows[table]!.map((row) => {
      if (!random.chance(0.15)) return row
      const isDated = random.chance(0.7)
      const broken = isDated ? this.#brokenCell(table, row) : { ...row, time: '01-02-2024' }
      bad.add(broken)
      if (!isDated) undated.add(broken)
      return broken
    })
  }

  #brokenCell(table: string, row: RawRow): RawRow {
    const column = {
      order_table: 'total_price',
      order_line_item_table: 'product_price',
      scroll_table: 'scroll_percent',
    }[table]
    if (column !== undefined) return { ...row, [column]: '1,5' }
    const required =
      table === 'session_table' ? 'session_id' : table === 'add_to_cart_table' ? 'product_name' : 'path'
    return { ...row, [required]: '' }
  }

  #users(known: readonly RawRow[]): RawRow[] {
    const random = this.#random
    if (random.chance(0.4)) return []
    const users = known
      .filter(() => random.chance(0.7))
      .map((row) => (random.chance(0.3) ? this.#user() : row))
    return random.shuffled([...users, ...Array.from({ length: random.whole(0, 2) }, () => this.#user())])
  }

  #user(): RawRow {
    const flag = () => this.#random.pick(['', '0', '1', 'true'])
    const user = { user_id: this.#id('user'), has_purchase_last_year: flag(), has_purchase_last_qtr: flag() }
    return this.#withUndeclared(user)
  }

  #edited(table: string, row: RawRow): RawRow {
    const other = this.#row(table, dateOf(row))
    const column = this.#random.pick(Object.keys(row))
    return { ...row, [column]: other[column]! }
  }

  #row(table: string, date: string): RawRow {
    return this.#withUndeclared(this.#plainRow(table, date))
  }

  #plainRow(table: string, date: string): RawRow {
    const random = this.#random
    const known = this.#id('session')
    const session_id = table === 'session_table' ? known : this.#perhaps(known)
    const time = `${date}${random.pick(['', ' 08:30', 'T12:00:00.5', ' 23:59:59'])}`
    const money = () => `${random.whole(-3, 40)}.${random.pick(['00', '5', '2555'])}`
    const event = { event_id: this.#id('event'), session_id, time }
    const maybeUser = random.pick(['', NULL_TEXT, this.#id('user')])
    if (table === 'session_table')
      return {
        user_id: this.#perhaps(this.#id('user')),
        session_id,
        time,
        IP: random.pick(['', '10.0.0.1', '192.0.2.9', NULL_TEXT]),
        country: random.pick(['', 'NA', 'DE']),
        landing_page: random.pick(['', ...PATHS]),
        utm_source: random.pick(['', 'google', 'Facebook']),
        utm_medium: random.pick(['', 'cpc', 'email']),
        utm_campaign: random.pick(['', 'sale']),
      }
    if (table === 'order_table')
      return {
        user_id: this.#perhaps(this.#id('user')),
        session_id,
        order_id: this.#id('order'),
        time,
        total_price: money(),
        shipping_price: random.pick(['', '4.90']),
        discount: random.pick(['', '1', '0.5']),
        discount_coupon_code: random.pick(COUPONS),
      }
    if (table === 'order_line_item_table')
      return {
        ...event,
        session_id: random.pick(['', session_id]),
        user_id: maybeUser,
        order_id: this.#id('order'),
        product_name: random.pick(PRODUCTS),
        product_price: money(),
        product_qty: random.pick(['-1', '0', '0.5', '1', '2', '3']),
      }
    if (table === 'add_to_cart_table')
      return {
        ...event,
        user_id: maybeUser,
        path: random.pick(['', ...PATHS]),
        product_name: random.pick(PRODUCTS),
        product_qty: random.pick(['', '2', '0.5']),
      }
    if (table === 'pageview_table') {
      const user_id = this.#perhaps(this.#id('user'))
      return { ...event, user_id, path: random.pick(PATHS) }
    }
    const path = random.pick(PATHS)
    const inSession = random.pick(['', session_id])
    if (table === 'scroll_table')
      return {
        ...event,
        session_id: inSession,
        user_id: maybeUser,
        path,
        scroll_percent: random.pick(['0', '33.3333', '100']),
      }
    return { ...event, session_id: inSession, user_id: maybeUser, path }
  }

  /** An id, or now and then that of nobody. */
  #perhaps(id: string): string {
    return this.#random.chance(0.15) ? this.#random.pick(['', NULL_TEXT]) : id
  }

  #withUndeclared(row: RawRow): RawRow {
    return { ...row, [UNDECLARED]: this.#random.pick(['', 'paid', 'void', NULL_TEXT]) }
  }

  #id(kind: keyof typeof IDS): string {
    return `${kind[0]}${this.#random.whole(1, IDS[kind])}`
  }
}

/** Settings of a shop, beside what they mean for single rows. */
export interface HostileSettings {
  readonly rules: Readonly<Record<string, unknown>>
  readonly filters: NaiveFilters
  readonly keepsAll: readonly string[]
  readonly keepsLast: readonly string[]
  readonly keys: Readonly<Record<string, readonly string[]>>
}

const OPTIONAL: Readonly<Record<string, object>> = RANDOM_SHOP_RULES.rawTables

export function hostileSettings(random: Random): HostileSettings {
  const some = <T>(chance: number, value: T, otherwise: T) => (random.chance(chance) ? value : otherwise)
  const testUsers = some(0.3, [random.pick(['u1', 'u2'])], [])
  const sessions = some(0.2, [{ regex: '^s[12]$' }], [])
  const ips = some(0.3, ['10.0.0.0/8'], [])
  const paths = some(0.2, ['/checkout'], [])
  const ordersBelow = some<number | undefined>(0.2, 5, undefined)
  const columns = some(
    0.3,
    [
      { table: 'user_table', column: 'has_purchase_last_qtr', equals: 'true' },
      { table: random.pick(SHOP_TABLES), column: UNDECLARED, in: ['void'] },
    ],
    [],
  )
  const keepsAll = some(0.3, ['order_line_item_table', 'click_table', 'pageview_table'], [])
  const mayKeepLast = SHOP_TABLES.filter((table) => !keepsAll.includes(table))
  const keepsLast = some(
    0.4,
    mayKeepLast.filter(() => random.chance(0.5)),
    [],
  )
  const mayHaveKeys: readonly (readonly [string, readonly string[]])[] = [
    ['order_line_item_table', ['event_id', 'product_name', 'session_id']],
    ['add_to_cart_table', ['event_id', 'product_name']],
    ['pageview_table', ['session_id', 'time', 'path']],
    ['scroll_table', ['event_id', 'scroll_percent']],
    ['click_table', ['user_id']],
  ]
  const keys: Readonly<Record<string, readonly string[]>> = some(
    0.4,
    Object.fromEntries(mayHaveKeys.filter(([table]) => !keepsAll.includes(table) && random.chance(0.6))),
    {},
  )
  const rules = {
    maxRejectRate: some(0.8, 1, 0.2),
    nullValues: [NULL_TEXT],
    filters: {
      testUsers,
      sessions,
      ips,
      paths,
      columns,
      ...(ordersBelow === undefined ? {} : { ordersBelow }),
    },
    rawTables: {
      ...Object.fromEntries(
        SHOP_TABLES.map((table) => [
          table,
          {
            ...OPTIONAL[table],
            ...(keepsAll.includes(table) ? { dedupe: false } : {}),
            ...(keepsLast.includes(table) ? { keep: 'last' } : {}),
            ...(keys[table] === undefined ? {} : { key: keys[table] }),
          },
        ]),
      ),
    },
    ...some(
      0.3,
      { privacy: { hashIds: random.pick([['user_id'], ['user_id', 'session_id', 'order_id']]) } },
      {},
    ),
    ...some(0.4, { coupons: { A: { percent: 10, action: 'correct' }, B: { amount: 2 } } }, {}),
    ...some(0.2, { listPrices: { Mug: 10 }, totalPrice: 'paid' }, {}),
    ...some(0.3, { funnel: { productView: ['/product'], steps: { cart_page: ['/cart'] } } }, {}),
  }
  const filters: NaiveFilters = {
    user: (id) => testUsers.includes(id),
    session: (id) => sessions.length > 0 && (id === 's1' || id === 's2'),
    ip: (cell) => ips.length > 0 && cell === '10.0.0.1',
    path: (path) => paths.length > 0 && path.startsWith('/checkout'),
    ordersBelow,
    column: (table, cell) =>
      columns.some((one) => {
        const text = one.table === table ? cell(one.column) : null
        return text !== null && (one.equals === text || one.in?.includes(text) === true)
      }),
  }
  return { rules, filters, keepsAll, keepsLast, keys }
}
