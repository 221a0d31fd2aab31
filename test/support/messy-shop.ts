import { gzipSync } from 'node:zlib'
import { Random } from './random.ts'
import { type RawRow, randomShop, SHOP_TABLES, shopCsv } from './random-shop.ts'

/** A random shop as it may really arrive: with test accounts, addresses, nulls, repeated and broken rows. */
export interface MessyShop {
  /** By table, in file order. */
  readonly rows: Readonly<Record<string, readonly RawRow[]>>
  /** The rows that must be rejected. */
  readonly bad: ReadonlySet<RawRow>
  readonly userIds: readonly string[]
  readonly sessionIds: readonly string[]
  readonly orderIds: readonly string[]
}

/** A column that nobody declares: whatever it holds, rows are the same. */
export const UNDECLARED = 'status'

/** The text that stands for null in the user_id of some events; to be declared in nullValues. */
export const NULL_TEXT = 'n/a'

/** The key of each table, and whether a repeated row is compared with the first (SPEC section 1). */
export const KEYS: Readonly<Record<string, { readonly key: string; readonly compares: boolean }>> = {
  user_table: { key: 'user_id', compares: true },
  session_table: { key: 'session_id', compares: true },
  order_table: { key: 'order_id', compares: true },
  order_line_item_table: { key: 'event_id', compares: true },
  add_to_cart_table: { key: 'event_id', compares: false },
  pageview_table: { key: 'event_id', compares: false },
  scroll_table: { key: 'event_id', compares: false },
  click_table: { key: 'event_id', compares: false },
}

export const IP_CELLS = [
  '',
  NULL_TEXT,
  '10.0.0.1',
  '10.255.255.255',
  '11.0.0.0',
  '198.51.100.9',
  '198.51.100.10',
  '198.51.100.20',
  '198.51.100.21',
  '203.0.113.5',
  '::ffff:203.0.113.5',
  '2001:db8::7',
  '2001:db9::7',
  '::1',
  'unknown',
  '10.0.0.1:8080',
  '10.0.0',
]

/** Columns that the filters look at, beside those of a random shop. */
export const EXTRA_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  session_table: ['IP'],
  order_line_item_table: ['user_id'],
  add_to_cart_table: ['user_id', 'path'],
  scroll_table: ['user_id'],
  click_table: ['user_id'],
}
const CART_PATHS = ['', '/', '/checkout', '/product/1']

/** Cells that no row may hold, some of them ids in the wrong column. */
const BAD_CELLS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  user_table: [
    ['has_purchase_last_year', 'user_id'],
    ['user_id', 'blank'],
  ],
  session_table: [
    ['time', 'session_id'],
    ['time', 'user_id'],
    ['user_id', 'blank'],
  ],
  order_table: [
    ['total_price', 'order_id'],
    ['discount', 'user_id'],
    ['time', 'session_id'],
  ],
  order_line_item_table: [
    ['product_qty', 'order_id'],
    ['product_price', 'user_id'],
  ],
  add_to_cart_table: [
    ['product_qty', 'session_id'],
    ['session_id', 'blank'],
  ],
  pageview_table: [
    ['time', 'user_id'],
    ['path', 'blank'],
  ],
  scroll_table: [
    ['scroll_percent', 'session_id'],
    ['time', 'blank'],
  ],
  click_table: [
    ['time', 'session_id'],
    ['path', 'blank'],
  ],
}

export function messyShop(seed: number): MessyShop {
  const random = new Random(seed * 7919 + 13)
  const plain = randomShop(seed, { everyoneKnown: true })
  const names = new Map<string, string>()
  const named = (kind: string, id: string): string => {
    const key = `${kind} ${id}`
    const name = names.get(key) ?? `${random.chance(0.25) ? 'test' : 'real'} ${kind}/${id}`
    names.set(key, name)
    return name
  }
  const all = Object.values(plain).flat()
  const namesOf = (kind: string, column: string) => [
    ...new Set(all.flatMap((row) => (row[column] ? [named(kind, row[column])] : []))),
  ]
  const userIds = namesOf('user', 'user_id')
  const sessionIds = namesOf('session', 'session_id')
  const orderIds = namesOf('order', 'order_id')
  const bad = new Set<RawRow>()
  const rows = Object.fromEntries(
    SHOP_TABLES.map((table) => {
      const made = plain[table]!.map((row): RawRow => {
        const better: Record<string, string> = { ...row }
        for (const [kind, column] of [
          ['user', 'user_id'],
          ['session', 'session_id'],
          ['order', 'order_id'],
        ] as const)
          if (better[column]) better[column] = padded(random, named(kind, better[column]))
        const extras = EXTRA_COLUMNS[table] ?? []
        if (extras.includes('IP')) better.IP = padded(random, random.pick(IP_CELLS))
        if (extras.includes('path')) better.path = random.pick(CART_PATHS)
        if (extras.includes('user_id'))
          better.user_id = random.pick(['', ` ${NULL_TEXT} `, ...userIds, ...userIds])
        return better
      })
      return [table, withRepeatedAndBad(random, table, made, userIds, bad)]
    }),
  )
  return { rows, bad, userIds, sessionIds, orderIds }
}

function withRepeatedAndBad(
  random: Random,
  table: string,
  made: readonly RawRow[],
  userIds: readonly string[],
  bad: Set<RawRow>,
): RawRow[] {
  const rows = [...made]
  const insert = (row: RawRow, from: number) => rows.splice(random.whole(from, rows.length), 0, row)
  for (const row of made) {
    if (random.chance(0.2)) insert(repeated(random, table, row, userIds), rows.indexOf(row) + 1)
    if (random.chance(0.05)) {
      const broken = brokenRow(random, table, row)
      bad.add(broken)
      insert(broken, 0)
    }
  }
  return rows
}

/** A row with the key of another one: a plain copy, or one that other filters fit than the first. */
function repeated(random: Random, table: string, row: RawRow, userIds: readonly string[]): RawRow {
  if (random.chance(0.4)) return { ...row }
  if (table === 'user_table') return { ...row, has_purchase_last_year: random.pick(['', '0', '1']) }
  const changed: Record<string, string> = { ...row, user_id: random.pick(userIds) }
  if (row.IP !== undefined) changed.IP = random.pick(IP_CELLS)
  if (row.path) changed.path = random.pick(['/', '/checkout'])
  return changed
}

function brokenRow(random: Random, table: string, row: RawRow): RawRow {
  const [column, from] = random.pick(BAD_CELLS[table]!)
  return { ...row, [column]: from === 'blank' ? ' \t' : row[from] || 'real order/-' }
}

function padded(random: Random, cell: string): string {
  return random.chance(0.9) ? cell : random.pick([` ${cell}`, `${cell}\t`, `\t ${cell}  `])
}

/** Gives each row a cell in a column that nobody declares. */
export function addUndeclared({ rows }: Pick<MessyShop, 'rows'>, random: Random): void {
  for (const row of Object.values(rows).flat())
    (row as Record<string, string>)[UNDECLARED] = random.pick([
      '',
      'paid',
      ' paid',
      'void',
      NULL_TEXT,
      'test ',
    ])
}

/** The files of such a shop; one of them is gzip'd. */
export function messyFiles(
  rows: Readonly<Record<string, readonly RawRow[]>>,
  zipped?: string,
  more: readonly string[] = [],
): Record<string, string | Uint8Array> {
  return Object.fromEntries(
    SHOP_TABLES.map((table) => {
      const arrange = (columns: readonly string[]) => [...columns, ...(EXTRA_COLUMNS[table] ?? []), ...more]
      const text = shopCsv(table, rows[table]!, { arrange })
      return table === zipped ? [`${table}.csv.gz`, gzipSync(text)] : [`${table}.csv`, text]
    }),
  )
}

/** A cell as the SPEC reads it: without blanks around it, and null if it is empty or a null text. */
export function cellOf(row: RawRow, column: string): string | null {
  const text = (row[column] ?? '').replace(/^[ \t]+|[ \t]+$/g, '')
  return text === '' || text === NULL_TEXT ? null : text
}
