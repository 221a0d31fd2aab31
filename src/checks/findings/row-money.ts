import { lineAmount, type Whole } from '../../lib/numbers/exact.ts'

/** What the money of rows is read from. */
interface MoneyTables {
  readonly order_table: { readonly total_price: Float64Array }
  readonly order_line_item_table: {
    readonly product_price: Float64Array
    readonly product_qty: Float64Array
  }
}

/** The money of a row: what an order or refund counts, or a line item is worth. */
export type MoneyOfRow = (row: number) => Whole

/** The money of a table's rows, by its name; undefined for tables whose rows have none. */
export function moneyOfRows({ order_table, order_line_item_table }: MoneyTables) {
  const { total_price } = order_table
  const { product_price, product_qty } = order_line_item_table
  const byTable: Readonly<Record<string, MoneyOfRow>> = {
    order_table: (row) => total_price[row]!,
    order_line_item_table: (row) => lineAmount(product_price[row]!, product_qty[row]!),
  }
  return (table: string): MoneyOfRow | undefined => byTable[table]
}
