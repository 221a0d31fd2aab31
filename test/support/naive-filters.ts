import { cellOf, KEYS, type MessyShop, UNDECLARED } from './messy-shop.ts'
import { type RawRow, SHOP_TABLES } from './random-shop.ts'

/** Filters as plain questions about cells. */
export interface NaiveFilters {
  readonly user: (id: string) => boolean
  readonly session: (id: string) => boolean
  readonly ip: (cell: string) => boolean
  readonly path: (path: string) => boolean
  readonly ordersBelow: number | undefined
  /** Whether any filter fits a cell of a column that it names. */
  readonly column?: (table: string, cell: (column: string) => string | null) => boolean
}

export interface NaiveCounts {
  read: number
  rejected: number
  duplicate: number
  conflicting: number
  outside_range: number
  filtered: number
  accepted: number
}

export interface NaiveOutcome {
  readonly counts: Readonly<Record<string, NaiveCounts>>
  readonly filteredBy: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The rows that count. */
  readonly accepted: ReadonlySet<RawRow>
  /** The tables without the filtered rows and their copies. */
  readonly rest: Readonly<Record<string, readonly RawRow[]>>
}

export interface NaiveOptions {
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Tables in which rows count that repeat a key. */
  readonly keepsAll?: readonly string[]
  /** Tables in which the last row of a key counts. */
  readonly keepsLast?: readonly string[]
  /** By table, the columns of its key where the shop says so. */
  readonly keys?: Readonly<Record<string, readonly string[]>>
}

/** The key of a row as a text that no other key has. */
export function naiveKey(table: string, row: RawRow, keys: NaiveOptions['keys'] = {}): string {
  const columns = keys[table]
  if (columns === undefined) {
    const id = cellOf(row, KEYS[table]!.key)!
    // Among refunds the key is (order_id, time, total_price), and none is the duplicate of an order.
    return table === 'order_table' && isRefund(row)
      ? JSON.stringify([id, row.time, Number(row.total_price)])
      : id
  }
  return JSON.stringify(columns.map((column) => cellOf(row, column)))
}

/** What becomes of each row of a shop, row by row, with Sets and plain objects. */
export function naiveFilters(
  { rows, bad }: Pick<MessyShop, 'rows' | 'bad'>,
  filters: NaiveFilters,
  { since = '0000-01-01', until = '9999-12-31', keepsAll = [], keepsLast = [], keys = {} }: NaiveOptions = {},
): NaiveOutcome {
  const counts: Record<string, NaiveCounts> = {}
  const filteredBy: Record<string, Record<string, number>> = {}
  const rest: Record<string, RawRow[]> = {}
  const accepted = new Set<RawRow>()
  const filteredUsers = new Set<string>()
  const filteredSessions = new Set<string>()
  const filteredOrders = new Set<string>()

  /** Users before sessions before what lies in sessions: this is the order in which reasons are named. */
  const reasonOf = (table: string, row: RawRow): string | undefined => {
    const user = cellOf(row, 'user_id')
    const session = cellOf(row, 'session_id')
    const order = cellOf(row, 'order_id')
    const ip = cellOf(row, 'IP')
    const path = cellOf(row, 'path')
    if (user !== null && filters.user(user)) return 'user'
    if (table !== 'user_table' && user !== null && filteredUsers.has(user)) return 'of_filtered_user'
    if (session !== null && filters.session(session)) return 'session'
    if (table !== 'session_table' && session !== null && filteredSessions.has(session))
      return 'of_filtered_session'
    if (table !== 'order_table' && order !== null && filteredOrders.has(order)) return 'of_filtered_order'
    if (ip !== null && filters.ip(ip)) return 'ip'
    if (path !== null && filters.path(path)) return 'path'
    const isSmall =
      filters.ordersBelow !== undefined && !isRefund(row) && Number(row.total_price) < filters.ordersBelow
    if (table === 'order_table' && isSmall) return 'order_amount'
    return filters.column?.(table, (column) => cellOf(row, column)) === true ? 'column' : undefined
  }

  for (const table of SHOP_TABLES) {
    const { compares } = KEYS[table]!
    const count = {
      read: 0,
      rejected: 0,
      duplicate: 0,
      conflicting: 0,
      outside_range: 0,
      filtered: 0,
      accepted: 0,
    }
    const by: Record<string, number> = {}
    const kept: RawRow[] = []
    const firsts = new Map<string, RawRow>()
    const gone = new Set<string>()
    const lasts = new Map<string, RawRow>()
    if (keepsLast.includes(table))
      for (const row of rows[table]!) if (!bad.has(row)) lasts.set(naiveKey(table, row, keys), row)
    for (const row of rows[table]!) {
      count.read++
      if (bad.has(row)) {
        count.rejected++
        kept.push(row)
        continue
      }
      const id = naiveKey(table, row, keys)
      const last = lasts.get(id)
      if (last !== undefined && last !== row) {
        count.duplicate++
        kept.push(row)
        continue
      }
      const first = keepsAll.includes(table) ? undefined : firsts.get(id)
      if (first !== undefined) {
        count.duplicate++
        if (compares && !isSame(first, row)) count.conflicting++
        if (!gone.has(id)) kept.push(row)
        continue
      }
      firsts.set(id, row)
      const reason = reasonOf(table, row)
      if (reason !== undefined) {
        gone.add(id)
        const own = cellOf(row, KEYS[table]!.key)!
        if (table === 'user_table') filteredUsers.add(own)
        if (table === 'session_table') filteredSessions.add(own)
        if (table === 'order_table') filteredOrders.add(own)
      } else kept.push(row)
      const day = table === 'user_table' ? undefined : row.time!.slice(0, 10)
      if (day !== undefined && (day < since || day > until)) count.outside_range++
      else if (reason !== undefined) {
        count.filtered++
        by[reason] = (by[reason] ?? 0) + 1
      } else {
        count.accepted++
        accepted.add(row)
      }
    }
    counts[table] = count
    filteredBy[table] = by
    rest[table] = kept
  }
  return { counts, filteredBy, accepted, rest }
}

function isRefund(row: RawRow): boolean {
  return Number(row.total_price) < 0
}

/** Flags have several spellings; the shops write all other values in one. */
const FLAGS: Readonly<Record<string, string>> = { true: '1', '0.0': '0' }

function isSame(a: RawRow, b: RawRow): boolean {
  const parsed = (row: RawRow, column: string) => {
    const cell = cellOf(row, column)
    return column.startsWith('has_') && cell !== null ? (FLAGS[cell] ?? cell) : cell
  }
  const columns = new Set([...Object.keys(a), ...Object.keys(b)])
  columns.delete(UNDECLARED)
  return [...columns].every((column) => parsed(a, column) === parsed(b, column))
}
