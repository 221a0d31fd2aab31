import { knownCodes } from '../../collections/known-codes.ts'
import { grossByOrder } from '../../facts/order-lines.ts'
import { orderRows } from '../../facts/orders.ts'
import { absolute, add, type Whole } from '../../lib/numbers/exact.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding, type FindingContext, idForPeople, share } from '../finding.ts'
import { knownOtherwise } from '../id-spellings.ts'

/** Line items of orders that order_table lacks. */
export const linesWithoutOrder = defineFinding({
  needs: {
    order_table: ['order_id'],
    order_line_item_table: ['order_id', 'product_price', 'product_qty'],
  },
  find({ order_table, order_line_item_table: lines }, context) {
    const { codes, dictionary } = lines.order_id
    const isKnown = knownCodes(order_table.order_id)
    const unknown = new Set<number>()
    let rows = 0
    for (let row = 0; row < codes.length; row++) {
      if (isKnown[codes[row]!] === 1) continue
      rows++
      unknown.add(codes[row]!)
    }
    if (rows === 0) return []
    const grossOf = grossByOrder(lines, new Uint8Array(codes.length).fill(1))
    let gross: Whole = 0
    let worst: number | undefined
    for (const order of unknown) {
      gross = add(gross, grossOf(order)!)
      if (worst === undefined || absolute(grossOf(order)!) > absolute(grossOf(worst)!)) worst = order
    }
    const example = idForPeople(dictionary.text(worst!), 'order_id', context)
    const otherwise = knownOtherwise(dictionary, unknown, isKnown)
    return [
      {
        code: 'lines_without_order',
        severity: 'warning',
        message: `${plural(rows, 'line item')} (${share(rows, codes.length)}) worth ${amount(gross)} belong to ${plural(unknown.size, 'order')} that order_table lacks, the largest ${example}`,
        advice:
          otherwise === undefined
            ? `they count in product_performance_daily.csv and gross_sales, but their orders in no table; ${rejectedOrders(context) ?? 'check whether order_table was exported for the same period'}`
            : `${otherwise}: export order_id in one form in both tables`,
        details: { lines: rows, orders: unknown.size, gross_sales: amount(gross), example },
      },
    ]
  },
})

/** Orders without line items, in a shop whose orders have some. */
export const ordersWithoutLines = defineFinding({
  needs: { order_table: ['order_id', 'total_price'], order_line_item_table: ['order_id'] },
  find({ order_table: { order_id, total_price }, order_line_item_table: lines }, context) {
    const isOrder = orderRows(total_price, context.rules)
    const hasLines = knownCodes(lines.order_id)
    let orders = 0
    let without = 0
    let revenue: Whole = 0
    let worst = -1
    for (let row = 0; row < total_price.length; row++) {
      if (isOrder[row] === 0) continue
      orders++
      if (hasLines[order_id.codes[row]!] === 1) continue
      without++
      revenue = add(revenue, total_price[row]!)
      if (worst < 0 || total_price[row]! > total_price[worst]!) worst = row
    }
    if (without === 0 || without === orders) return []
    const example = idForPeople(order_id.dictionary.text(order_id.codes[worst]!), 'order_id', context)
    return [
      {
        code: 'orders_without_lines',
        severity: 'warning',
        message: `${plural(without, 'order')} (${share(without, orders)}) worth ${amount(revenue)} have no line items, the largest ${example}; the other ${grouped(orders - without)} have some`,
        advice: `product_performance_daily.csv and gross_sales lack what was bought; ${rejectedLines(context) ?? 'check whether order_line_item_table was exported for the same period'}`,
        details: { orders: without, orders_with_lines: orders - without, revenue: amount(revenue), example },
      },
    ]
  },
})

const rejectedOrders = (context: FindingContext) => rejectedRows(context, 'order_table')
const rejectedLines = (context: FindingContext) => rejectedRows(context, 'order_line_item_table')

/** Where rows of the other table were rejected, these are the likely cause. */
function rejectedRows({ accounting }: FindingContext, table: string): string | undefined {
  const rejected = accounting.get(table)?.rejected ?? 0
  return rejected === 0
    ? undefined
    : `${plural(rejected, 'row')} of ${table} were rejected: mend these first, they are in the run's rejects file`
}
