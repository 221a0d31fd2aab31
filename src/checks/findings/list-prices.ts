import { ExactVector } from '../../collections/exact-vector.ts'
import { orderLineRows } from '../../facts/orders.ts'
import { absolute, add, compare, lineAmount, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { tenThousandths } from '../../rules/money.ts'
import { amount, defineFinding, nameForPeople } from '../finding.ts'

/** How many products a message names. */
const NAMED = 5

/** Line items sold at another price than the product's list price; those of refunds are not looked at. */
export const listPricesDiffer = defineFinding({
  needs: {
    order_table: ['order_id', 'total_price'],
    order_line_item_table: ['order_id', 'product_name', 'product_price', 'product_qty'],
  },
  find({ order_table, order_line_item_table }, { rules }) {
    const listPrices = Object.entries(rules.listPrices)
    if (listPrices.length === 0) return []
    const { product_name, product_price, product_qty } = order_line_item_table
    const { dictionary, codes } = product_name
    const listPrice = new Float64Array(dictionary.size).fill(Number.NaN)
    for (const [name, price] of listPrices) {
      const product = dictionary.findText(name)
      if (product >= 0) listPrice[product] = tenThousandths(price)
    }
    const net = new ExactVector(dictionary.size)
    const size = new ExactVector(dictionary.size)
    const linesOf = new Float64Array(dictionary.size)
    const isOfOrder = orderLineRows(order_line_item_table, order_table, rules)
    let compared = 0
    for (let row = 0; row < codes.length; row++) {
      const product = codes[row]!
      const list = listPrice[product]!
      if (Number.isNaN(list) || isOfOrder[row] === 0) continue
      compared++
      if (product_price[row] === list) continue
      const difference = lineAmount(product_price[row]! - list, product_qty[row]!)
      linesOf[product]!++
      net.add(product, difference)
      size.add(product, absolute(difference))
    }
    const ranks = dictionary.ranks()
    const products = [...linesOf.keys()]
      .filter((product) => linesOf[product]! > 0)
      .sort((a, b) => compare(size.get(b)!, size.get(a)!) || ranks[a]! - ranks[b]!)
    if (products.length === 0) return []
    const differing = products.reduce((sum, product) => sum + linesOf[product]!, 0)
    const sum = (vector: ExactVector) => products.reduce<Whole>((all, one) => add(all, vector.get(one)!), 0)
    const named = products
      .slice(0, NAMED)
      .map(
        (product) =>
          [
            nameForPeople(dictionary.text(product)),
            `${plural(linesOf[product]!, 'line')}, ${amount(net.get(product)!)}`,
          ] as const,
      )
    return [
      {
        code: 'list_prices_differ',
        severity: 'warning',
        message: `${plural(differing, 'line item')} of ${plural(products.length, 'product')} (of ${plural(compared, 'line item')} with a list price) were sold at another price: sold less listed is ${amount(sum(net))} in all; ${named.map((parts) => parts.join(' ')).join('; ')}${products.length > NAMED ? '; …' : ''}`,
        advice: "look at the products' prices in the shop, or mend listPrices in the settings file",
        details: {
          lines_compared: compared,
          lines_differing: differing,
          products_differing: products.length,
          difference: amount(sum(net)),
          absolute_difference: amount(sum(size)),
          ...Object.fromEntries(named.map(([name, what]) => [`product ${name}`, what])),
        },
      },
    ]
  },
})
