import { add, compare, multiply, negate, type Whole } from '../../lib/exact.ts'
import { tenThousandths } from '../../rules/money.ts'
import { amount, type Finding, type FindingSources, plural } from '../finding.ts'

const MOST = 5

interface ProductDifference {
  readonly product: string
  lines: number
  /** Sum of (price − list price) × quantity, and of its values without signs. */
  net: Whole
  absolute: Whole
}

/** Line items that were sold at another price than the shop's list says. */
export function listPrices({ tables, rules }: FindingSources): Finding[] {
  const { product_name, product_price, product_qty, rowCount } = tables.order_line_item_table
  const { dictionary, codes } = product_name
  const listed = new Map<number, number>()
  for (const [product, price] of Object.entries(rules.listPrices)) {
    const bytes = Buffer.from(product, 'utf8')
    const code = dictionary.find(bytes, 0, bytes.length)
    if (code >= 0) listed.set(code, tenThousandths(price))
  }
  let compared = 0
  const products = new Map<number, ProductDifference>()
  for (let row = 0; row < rowCount; row++) {
    const list = listed.get(codes[row]!)
    if (list === undefined) continue
    compared++
    const apart = product_price[row]! - list
    if (apart === 0) continue
    const known = products.get(codes[row]!)
    const product = known ?? { product: dictionary.text(codes[row]!), lines: 0, net: 0, absolute: 0 }
    const money = multiply(apart, product_qty[row]!)
    product.lines++
    product.net = add(product.net, money)
    product.absolute = add(product.absolute, money < 0 ? negate(money) : money)
    products.set(codes[row]!, product)
  }
  if (products.size === 0) return []
  const wrong = [...products.values()].sort((a, b) => compare(b.absolute, a.absolute) || b.lines - a.lines)
  const lines = wrong.reduce((sum, product) => sum + product.lines, 0)
  const net = wrong.reduce<Whole>((sum, product) => add(sum, product.net), 0)
  const absolute = wrong.reduce<Whole>((sum, product) => add(sum, product.absolute), 0)
  const names = wrong
    .slice(0, MOST)
    .map((one) => `${one.product} (${plural(one.lines, 'line')}, ${amount(one.net)})`)
  return [
    {
      code: 'list_prices_differ',
      severity: 'warning',
      message: `of ${plural(compared, 'line item')} of products with a list price, ${lines.toLocaleString('en-US')} were sold at another: ${amount(net)} against the list, without signs ${amount(absolute)}; most in ${names.join(', ')}${wrong.length > MOST ? ' and others' : ''}`,
      advice:
        'the tables hold the prices as recorded; look at the shop, or mend listPrices in the settings file',
      details: {
        lines: compared,
        lines_differing: lines,
        products_differing: wrong.length,
        difference: amount(net),
        difference_without_signs: amount(absolute),
      },
    },
  ]
}
