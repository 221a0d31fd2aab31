import { aggregateTables } from '../aggregators/index.ts'
import { NO_CODE } from '../collections/texts/dictionary.ts'
import type { Needs, TextVector } from '../collections/vectors.ts'
import { orderRows } from '../facts/orders.ts'
import { add, lineAmount, type Whole } from '../lib/numbers/exact.ts'
import { type AcceptedTotal, orderAmountColumn, type RawTable } from '../raw/define.ts'
import { rawTables } from '../raw/index.ts'
import type { Rules } from '../rules/rules.ts'
import type { AnyAggregate, TableTotal } from '../tables/define.ts'

/** How a total is written for people. */
export type TotalUnit = 'money' | 'quantity' | 'count'

/** How one side is taken from an aggregate table, in memory or as it was published. */
export interface TableSide {
  readonly table: string
  /** The column to add up; undefined to count rows. */
  readonly column: string | undefined
  /** Rows whose text in this column is this one are not counted. */
  readonly except?: { readonly column: string; readonly text: string }
}

/** A quantity that must be the same wherever it can be read (SPEC section 5). */
export interface ControlRule {
  readonly name: string
  readonly meaning: string
  readonly unit: TotalUnit
  /** The raw table whose accepted rows say how much it is, and how. */
  readonly source: string
  readonly accepted: AcceptedTotal
  /** Every table that must say the same. */
  readonly sides: readonly TableSide[]
}

/** SPEC section 5, numbers 1 to 6. Which tables have a side of each is said by their definitions. */
const TOTALS = {
  revenue: ['sum of total_price', 'money'],
  orders: ['orders, refunds apart', 'count'],
  sessions: ['sessions', 'count'],
  gross_sales: ['sum of price × quantity of line items', 'money'],
  units_sold: ['sum of quantity of line items', 'quantity'],
  cart_adds: ['cart adds', 'count'],
  pageviews: ['pageviews', 'count'],
  clicks: ['clicks', 'count'],
  sessions_with_pageview: ['distinct sessions with a pageview', 'count'],
  discount: ['sum of discount', 'money'],
  customers: ['users with an order', 'count'],
} as const satisfies Readonly<Record<string, readonly [meaning: string, unit: TotalUnit]>>

export const controlRules: readonly ControlRule[] = Object.entries(TOTALS).map(
  ([name, [meaning, unit]]): ControlRule => ({
    name,
    meaning,
    unit,
    ...acceptedIn(name),
    sides: sidesOf(name),
  }),
)

/** What the control totals read of the accepted rows. */
export const controlNeeds: Needs = needsOf(controlRules)

function acceptedIn(name: string): Pick<ControlRule, 'source' | 'accepted'> {
  const tables: readonly RawTable[] = Object.values(rawTables)
  const found = tables.flatMap(({ name: source, totals }) =>
    totals?.[name] === undefined ? [] : [{ source, accepted: totals[name] }],
  )
  if (found.length !== 1) throw new Error(`${found.length} raw tables say the control total ${name}`)
  return found[0]!
}

function sidesOf(name: string): TableSide[] {
  const tables: readonly AnyAggregate[] = aggregateTables
  return tables.flatMap(({ name: table, totals }) =>
    [totals[name] ?? []].flat().map((total) => sideOf(table, total)),
  )
}

function sideOf(table: string, total: TableTotal): TableSide {
  if ('sum' in total) return { table, column: total.sum }
  if (total.rows === 'all') return { table, column: undefined }
  return { table, column: undefined, except: { column: total.rows.except, text: total.rows.text } }
}

function needsOf(rules: readonly ControlRule[]): Needs {
  const needs: Record<string, string[]> = {}
  for (const { source, accepted } of rules) {
    const columns = needs[source] ?? []
    needs[source] = columns
    const read =
      'sum' in accepted
        ? [accepted.sum, accepted.times]
        : [
            'distinct' in accepted ? accepted.distinct : undefined,
            isAmongOrders(accepted) ? amountColumn(source) : undefined,
          ]
    for (const column of read) if (column !== undefined && !columns.includes(column)) columns.push(column)
  }
  return needs as Needs
}

/** Columns of an accepted raw table. */
export interface AcceptedRows {
  readonly rowCount: number
  readonly [column: string]: unknown
}

/** Whether only orders are counted, and no refunds. */
function isAmongOrders(accepted: AcceptedTotal): boolean {
  return 'rows' in accepted
    ? accepted.rows === 'orders'
    : 'distinct' in accepted && accepted.among === 'orders'
}

/** The column whose amount tells refunds from orders. */
function amountColumn(source: string): string {
  return orderAmountColumn((rawTables as Readonly<Record<string, RawTable>>)[source]!)!
}

/** What the accepted rows of its source say of a control total. */
export function acceptedTotal(
  { accepted, source }: ControlRule,
  rows: AcceptedRows,
  rules: Pick<Rules, 'negativeOrders'>,
): Whole {
  const counts = isAmongOrders(accepted)
    ? orderRows(rows[amountColumn(source)] as Float64Array, rules)
    : undefined
  if ('rows' in accepted) return counts === undefined ? rows.rowCount : sum(counts)
  if ('distinct' in accepted) return countDistinct(rows[accepted.distinct] as TextVector, counts)
  const values = rows[accepted.sum] as ArrayLike<number>
  if (accepted.times === undefined) return sum(values)
  const factors = rows[accepted.times] as ArrayLike<number>
  return sum(values, (value, row) => lineAmount(value, factors[row]!))
}

/** An exact sum; a null counts as 0. */
export function sum(values: ArrayLike<number>, amount?: (value: number, row: number) => Whole): Whole {
  let total: Whole = 0
  for (let row = 0; row < values.length; row++) {
    // `|| 0` makes a null, which is NaN, count as 0.
    total = add(total, amount === undefined ? values[row]! || 0 : amount(values[row]!, row))
  }
  return total
}

/** @param counts which rows count; all of them if undefined. Nulls never do */
function countDistinct({ codes, dictionary }: TextVector, counts: Uint8Array | undefined): number {
  const seen = new Uint8Array(dictionary.size)
  let distinct = 0
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] === NO_CODE || counts?.[row] === 0 || seen[codes[row]!] === 1) continue
    seen[codes[row]!] = 1
    distinct++
  }
  return distinct
}
