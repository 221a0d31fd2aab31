import { NO_CODE } from '../../collections/texts/dictionary.ts'
import { orderRows } from '../../facts/orders.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import {
  amount,
  defineFinding,
  type FindingContext,
  idForPeople,
  isHashed,
  setting,
  share,
} from '../finding.ts'

/** A user with so many orders, and with more than one of twenty of all, is looked at. */
const MANY_ORDERS = 20
const ONE_OF = 20
/** How many users a message names. */
const NAMED = 5

/** Ids that shops give to people they do not know: they are nobody's, and may be shown. */
const NOBODY = /^(?:0+|-1|guests?|anonymous|anon|nobody|none|null|nan|undefined|unknown|default)$/i

/** Users with a great part of all orders: often guests that share an id. */
export const oneUserManyOrders = defineFinding({
  needs: { order_table: ['user_id', 'total_price'] },
  find({ order_table: { user_id, total_price } }, context) {
    const { codes, dictionary } = user_id
    const isOrder = orderRows(total_price, context.rules)
    const ordersOf = new Int32Array(dictionary.size)
    let orders = 0
    for (let row = 0; row < codes.length; row++) {
      if (isOrder[row] === 0) continue
      orders++
      if (codes[row] !== NO_CODE) ordersOf[codes[row]!]!++
    }
    const many = [...ordersOf.keys()].filter(
      (user) => ordersOf[user]! >= MANY_ORDERS && ordersOf[user]! * ONE_OF > orders,
    )
    if (many.length === 0) return []
    const revenue = new Map<number, Whole>(many.map((user) => [user, 0]))
    for (let row = 0; row < codes.length; row++) {
      const sum = isOrder[row] === 0 ? undefined : revenue.get(codes[row]!)
      if (sum !== undefined) revenue.set(codes[row]!, add(sum, total_price[row]!))
    }
    const ranks = dictionary.ranks()
    many.sort((a, b) => ordersOf[b]! - ordersOf[a]! || ranks[a]! - ranks[b]!)
    const users = many.map((user) => {
      const id = dictionary.text(user)
      const isOpen = context.showValues || (NOBODY.test(id) && !isHashed('user_id', context))
      return {
        id: isOpen ? id : undefined,
        isNobody: NOBODY.test(id),
        shown: isOpen ? `'${id}'` : idForPeople(id, 'user_id', context),
        what: `${plural(ordersOf[user]!, 'order')} (${share(ordersOf[user]!, orders)}), ${amount(revenue.get(user)!)}`,
      }
    })
    const named = users.slice(0, NAMED)
    const ordersOfMany = many.reduce((sum, user) => sum + ordersOf[user]!, 0)
    const revenueOfMany = [...revenue.values()].reduce<Whole>(add, 0)
    return [
      {
        code: 'one_user_many_orders',
        severity: 'warning',
        message: `${plural(many.length, 'user')} with at least ${MANY_ORDERS} orders and more than 5 % of all ${plural(orders, 'order')}: ${named.map(({ shown, what }) => `${shown} ${what}`).join('; ')}${many.length > NAMED ? '; …' : ''}`,
        advice: advice(users, context),
        details: {
          users: many.length,
          orders: ordersOfMany,
          orders_of_all: orders,
          revenue: amount(revenueOfMany),
          ...Object.fromEntries(named.map(({ shown, what }, i) => [`user ${i + 1}: ${shown}`, what])),
        },
      },
    ]
  },
})

function advice(
  users: readonly { id: string | undefined }[],
  { rules }: Pick<FindingContext, 'rules'>,
): string {
  const ids = users.flatMap(({ id }) => id ?? [])
  const isEmpty = setting('rawTables', {
    session_table: { optional: ['user_id'] },
    order_table: { optional: ['user_id'] },
    pageview_table: { optional: ['user_id'] },
  })
  // A number may be a price or a quantity, too, which must not become empty.
  const words = ids.filter((id) => NOBODY.test(id) && !/\d/.test(id))
  const guests =
    words.length > 0
      ? `if guests share it, ${setting('nullValues', [...rules.nullValues, ...words])} and ${isEmpty} count their orders as those of nobody known`
      : `if guests share it, export their user_id empty: ${isEmpty} then counts their orders as those of nobody known`
  const test =
    ids.length === users.length
      ? setting('filters', { users: ids })
      : `${setting('filters', { users: ['the user_id'] })} (--show-values shows it)`
  return `${guests}; if it is a test account, ${test} leaves its orders out`
}
