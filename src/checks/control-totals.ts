import { ExactVector } from '../collections/exact-vector.ts'
import type { Collections, TextVector } from '../collections/vectors.ts'
import { add, multiply, type Whole } from '../lib/exact.ts'
import type { RawTableName } from '../raw/index.ts'
import { UNATTRIBUTED } from '../rules/channels.ts'
import type { AggregateTable } from '../tables/aggregate-table.ts'
import { countKeys, countOrderBreaks } from '../tables/check-rows.ts'

/** What the control totals read of the accepted rows. */
export const controlNeeds = {
  session_table: ['session_id'],
  order_table: ['user_id', 'total_price', 'discount'],
  order_line_item_table: ['product_price', 'product_qty'],
  add_to_cart_table: ['session_id'],
  pageview_table: ['session_id'],
  click_table: ['time'],
} as const

export type ControlTables = Collections<typeof controlNeeds>
type Tables = ControlTables

/** How a total is written for people. */
export type TotalUnit = 'money' | 'count'

/** One side of a control total: where it was taken from, and how much it is. */
export interface ControlSide {
  readonly source: string
  readonly value: Whole
}

/** A quantity that must be the same wherever it can be read (SPEC section 5). */
export interface ControlTotal {
  readonly name: string
  readonly meaning: string
  readonly unit: TotalUnit
  readonly sides: readonly ControlSide[]
  readonly holds: boolean
}

/** How one side is taken from an aggregate table, in memory or as it was published. */
export interface TableSide {
  readonly table: string
  /** The column to add up; undefined to count rows. */
  readonly column: string | undefined
  /** Rows whose text in this column is this one are not counted. */
  readonly except?: { readonly column: string; readonly text: string }
}

export interface ControlRule {
  readonly name: string
  readonly meaning: string
  readonly unit: TotalUnit
  /** The raw table that it is about, and the only one that `accepted` looks at. */
  readonly source: RawTableName
  readonly accepted: (tables: Tables) => Whole
  /** The column whose different ids are counted, if it is no sum. */
  readonly distinct?: 'session_id' | 'user_id'
  readonly sides: readonly TableSide[]
}

const side = (table: string, column?: string): TableSide => ({ table, column })

/** SPEC section 5, numbers 1 to 6: what accepted rows say, and every table that must say the same. */
export const controlRules: readonly ControlRule[] = [
  {
    name: 'revenue',
    meaning: 'sum of total_price',
    unit: 'money',
    source: 'order_table',
    accepted: ({ order_table }) => sum(order_table.total_price),
    sides: [
      side('daily_business_metrics', 'total_revenue'),
      side('coupon_performance', 'total_revenue'),
      side('user_lifetime_metrics', 'total_revenue'),
      side('session_attribution', 'revenue'),
    ],
  },
  {
    name: 'orders',
    meaning: 'orders',
    unit: 'count',
    source: 'order_table',
    accepted: ({ order_table }) => order_table.rowCount,
    sides: [
      side('daily_business_metrics', 'total_orders'),
      side('coupon_performance', 'usage_count'),
      side('user_lifetime_metrics', 'total_orders'),
      side('session_attribution', 'order_count'),
    ],
  },
  {
    name: 'sessions',
    meaning: 'sessions',
    unit: 'count',
    source: 'session_table',
    accepted: ({ session_table }) => session_table.rowCount,
    sides: [
      side('daily_business_metrics', 'total_sessions'),
      side('session_funnel'),
      { ...side('session_attribution'), except: { column: 'channel_group', text: UNATTRIBUTED } },
    ],
  },
  {
    name: 'gross_sales',
    meaning: 'sum of price × quantity of line items',
    unit: 'money',
    source: 'order_line_item_table',
    accepted: ({ order_line_item_table: { product_price, product_qty } }) =>
      sum(product_price, (price, row) => multiply(price, product_qty[row]!)),
    sides: [
      side('product_performance_daily', 'total_revenue'),
      side('daily_business_metrics', 'gross_sales'),
    ],
  },
  {
    name: 'units_sold',
    meaning: 'sum of quantity of line items',
    unit: 'count',
    source: 'order_line_item_table',
    accepted: ({ order_line_item_table }) => sum(order_line_item_table.product_qty),
    sides: [
      side('product_performance_daily', 'total_quantity_sold'),
      side('daily_business_metrics', 'units_sold'),
    ],
  },
  {
    name: 'cart_adds',
    meaning: 'cart adds',
    unit: 'count',
    source: 'add_to_cart_table',
    accepted: ({ add_to_cart_table }) => add_to_cart_table.rowCount,
    sides: [side('product_performance_daily', 'times_added_to_cart')],
  },
  {
    name: 'pageviews',
    meaning: 'pageviews',
    unit: 'count',
    source: 'pageview_table',
    accepted: ({ pageview_table }) => pageview_table.rowCount,
    sides: [side('page_engagement_metrics', 'pageviews')],
  },
  {
    name: 'clicks',
    meaning: 'clicks',
    unit: 'count',
    source: 'click_table',
    accepted: ({ click_table }) => click_table.rowCount,
    sides: [side('page_engagement_metrics', 'total_clicks')],
  },
  {
    name: 'sessions_with_pageview',
    meaning: 'distinct sessions with a pageview',
    unit: 'count',
    source: 'pageview_table',
    accepted: ({ pageview_table }) => countDistinct(pageview_table.session_id),
    distinct: 'session_id',
    sides: [side('page_engagement_metrics', 'entrances'), side('page_engagement_metrics', 'exits')],
  },
  {
    name: 'discount',
    meaning: 'sum of discount',
    unit: 'money',
    source: 'order_table',
    accepted: ({ order_table }) => sum(order_table.discount),
    sides: [
      side('daily_business_metrics', 'total_discount'),
      side('coupon_performance', 'total_discount_given'),
      side('user_lifetime_metrics', 'total_discount'),
    ],
  },
  {
    name: 'customers',
    meaning: 'users with an order',
    unit: 'count',
    source: 'order_table',
    accepted: ({ order_table }) => countDistinct(order_table.user_id),
    distinct: 'user_id',
    sides: [
      side('daily_business_metrics', 'first_time_customers'),
      side('coupon_performance', 'first_time_orders'),
    ],
  },
]

/** What the accepted rows say of each control total, by its name. */
export function acceptedTotals(tables: Tables): Map<string, Whole> {
  return new Map(controlRules.map((rule) => [rule.name, rule.accepted(tables)]))
}

/** What one side of a control total says. */
export interface TakenSide {
  /** The control total, by its name. */
  readonly rule: string
  readonly side: TableSide
  readonly value: Whole
}

/** Rows of one table, and how many of them break its promises. */
export interface TableChecks {
  readonly rows: number
  readonly keys: number
  readonly orderBreaks: number
}

/** What a finished table says of the control totals that name it. */
export function tableSides(table: AggregateTable): TakenSide[] {
  return sidesOf(table.definition.name).map(({ rule, side }) => ({
    rule,
    side,
    value: sideTotal(table, side),
  }))
}

/** The sides that are read from one aggregate table. */
export function sidesOf(table: string): { readonly rule: string; readonly side: TableSide }[] {
  return controlRules.flatMap((rule) =>
    rule.sides.filter((side) => side.table === table).map((side) => ({ rule: rule.name, side })),
  )
}

export function tableChecks(table: AggregateTable): TableChecks {
  return { rows: table.rowCount, keys: countKeys(table), orderBreaks: countOrderBreaks(table) }
}

/** Takes the sides of the control totals as the tables come, and then compares them. */
export class ControlTotals {
  readonly #sides = new Map<string, ControlSide[]>()
  readonly #tableChecks: ControlTotal[] = []

  /** @param accepted what the accepted rows say, as acceptedTotals gives it */
  constructor(accepted: ReadonlyMap<string, Whole>) {
    for (const { name, source } of controlRules)
      this.#sides.set(name, [{ source: `${source} (accepted rows)`, value: accepted.get(name)! }])
  }

  /** Takes what a finished table says; the table need not be kept. */
  take(table: AggregateTable): void {
    const { name, key } = table.definition
    this.takeTable(name, key, tableSides(table), tableChecks(table))
  }

  /** Takes what is known of a table without having it as a whole. */
  takeTable(name: string, key: readonly string[], sides: readonly TakenSide[], checks: TableChecks): void {
    for (const { rule, side, value } of sides)
      this.#sides.get(rule)!.push({ source: sideSource(side), value })
    this.#tableChecks.push(
      controlTotal(`${name}_key`, 'every row has its own key', 'count', [
        { source: 'rows', value: checks.rows },
        { source: `different keys (${key.join(', ')})`, value: checks.keys },
      ]),
      controlTotal(`${name}_order`, 'rows stand in their order', 'count', [
        { source: 'rows out of order', value: checks.orderBreaks },
        { source: 'allowed', value: 0 },
      ]),
    )
  }

  /** Every control total with all its sides; those of tables never taken do not hold. */
  results(): ControlTotal[] {
    const totals = controlRules.map((rule) => {
      const sides = this.#sides.get(rule.name)!
      const total = controlTotal(rule.name, rule.meaning, rule.unit, sides)
      return sides.length === rule.sides.length + 1 ? total : { ...total, holds: false }
    })
    return [...totals, ...this.#tableChecks]
  }
}

function controlTotal(
  name: string,
  meaning: string,
  unit: TotalUnit,
  sides: readonly ControlSide[],
): ControlTotal {
  return { name, meaning, unit, sides, holds: sides.every(({ value }) => value === sides[0]!.value) }
}

function sum(values: ArrayLike<number>, amount?: (value: number, row: number) => Whole): Whole {
  let total: Whole = 0
  for (let row = 0; row < values.length; row++) {
    // `|| 0` makes a null, which is NaN, count as 0.
    total = add(total, amount === undefined ? values[row]! || 0 : amount(values[row]!, row))
  }
  return total
}

function countDistinct({ codes, dictionary }: TextVector): number {
  const seen = new Uint8Array(dictionary.size)
  let distinct = 0
  for (let row = 0; row < codes.length; row++) {
    if (seen[codes[row]!] === 1) continue
    seen[codes[row]!] = 1
    distinct++
  }
  return distinct
}

/** Where a side is read, for people. */
export function sideSource({ table, column }: TableSide): string {
  return column === undefined ? `${table} (rows)` : `${table}.${column}`
}

/** What a table says of one side. @param rows those that count; all of the table if left out */
export function sideTotal(table: AggregateTable, { column, except }: TableSide, rows?: Int32Array): Whole {
  const count = rows?.length ?? table.rowCount
  if (column !== undefined) return columnSum(table, column, rows)
  if (except === undefined) return count
  const { codes, dictionary } = table.columns[except.column] as TextVector
  const excepted = dictionary.findText(except.text)
  let others = 0
  for (let i = 0; i < count; i++) if (codes[rows?.[i] ?? i] !== excepted) others++
  return others
}

function columnSum(table: AggregateTable, column: string, rows: Int32Array | undefined): Whole {
  const vector = table.columns[column]
  if (vector instanceof ExactVector) {
    if (rows === undefined) return vector.sum()
    return rows.reduce<Whole>((total, row) => add(total, vector.get(row) ?? 0), 0)
  }
  if (vector === undefined || 'codes' in vector) throw new Error(`${column} cannot be added up`)
  return sum(rows === undefined ? vector : Float64Array.from(rows, (row) => vector[row]!))
}
