import { minutes } from '../../collections/ratios.ts'
import { type Dictionary, dictionaryOf, NO_CODE } from '../../collections/texts/dictionary.ts'
import { type Collections, NO_FLAG, type TextVector } from '../../collections/vectors.ts'
import { orderRows } from '../../facts/orders.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import { checkoutViewRules } from '../../rules/funnel.ts'
import type { Rules } from '../../rules/rules.ts'
import { describeRules, type TextRule, textTest } from '../../rules/text-rule.ts'
import { type AggregateContext, type AggregateRows, flag, type OutputColumns } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  session_table: ['user_id', 'session_id', 'time'],
  order_table: ['session_id', 'time', 'total_price'],
  add_to_cart_table: ['session_id', 'time'],
  pageview_table: ['session_id', 'time', 'path'],
} as const

type Tables = Collections<typeof needs>

const STEPS = ['session', 'pageview', 'product_view', 'add_to_cart', 'checkout_view', 'order'] as const
const NEVER = Number.POSITIVE_INFINITY

/** Events that belong to sessions, with the ones that count picked by a test of their row. */
interface Events {
  readonly session_id: TextVector
  readonly time: Float64Array
  readonly counts?: (row: number) => boolean
}

export function aggregate(tables: Tables, { rules }: AggregateContext): AggregateRows<typeof columns> {
  const { session_table: sessions, order_table, add_to_cart_table: carts, pageview_table: views } = tables
  const isOrder = orderRows(order_table.total_price, rules)
  const orders: Events = { ...order_table, counts: (row) => isOrder[row] === 1 }
  const isProduct = pathRule(views.path.dictionary, rules.funnel.productView)
  const isCheckout = pathRule(views.path.dictionary, checkoutViewRules(rules.funnel))
  const viewsOf = (isOne: Uint8Array): Events => ({
    ...views,
    counts: (row) => isOne[views.path.codes[row]!] === 1,
  })
  const productViews = viewsOf(isProduct)
  const checkoutViews = viewsOf(isCheckout)

  const rowCount = sessions.rowCount
  const codes = sessions.session_id.codes
  const size = sessions.session_id.dictionary.size
  const had_product_view = flags(codes, happened(productViews, size))
  const had_checkout_view = flags(codes, happened(checkoutViews, size))
  const viewCounts = countBySession(views.session_id.codes, size)
  const pageviews = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) pageviews[row] = viewCounts[codes[row]!]!
  const firstCart = earliest(carts, size)
  const firstOrder = earliest(orders, size)
  const lastOrder = latest(orders, size)
  const orderedStep = orderedSteps(sessions, [views, productViews, carts, orders], size)

  const had_pageview = new Int8Array(rowCount)
  const had_add_to_cart = new Int8Array(rowCount)
  const had_order = new Int8Array(rowCount)
  const is_bounce = new Int8Array(rowCount)
  const cart_abandoned = new Int8Array(rowCount)
  const out_of_order = new Int8Array(rowCount)
  /** Places in STEPS. */
  const furthest = new Int32Array(rowCount)
  const furthestOrdered = new Int32Array(rowCount)
  const date = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const session = codes[row]!
    const start = sessions.time[row]!
    const cart = firstCart[session]!
    const order = firstOrder[session]!
    date[row] = dayOf(start)
    had_pageview[row] = pageviews[row]! > 0 ? 1 : 0
    had_add_to_cart[row] = cart < NEVER ? 1 : 0
    had_order[row] = order < NEVER ? 1 : 0
    is_bounce[row] = pageviews[row] === 0 ? NO_FLAG : pageviews[row] === 1 ? 1 : 0
    cart_abandoned[row] = cart === NEVER ? NO_FLAG : lastOrder[session]! >= cart ? 0 : 1
    out_of_order[row] =
      cart < start || order < start || (order < NEVER && cart < NEVER && order < cart) ? 1 : 0
    furthest[row] =
      had_order[row] === 1
        ? 5
        : had_checkout_view[row] === 1
          ? 4
          : had_add_to_cart[row] === 1
            ? 3
            : had_product_view[row] === 1
              ? 2
              : had_pageview[row]!
    furthestOrdered[row] = ORDERED_STEPS[orderedStep[row]!]!
  }
  const stepNames = dictionaryOf(STEPS)
  const minutesTo = (first: Float64Array) =>
    minutes(rowCount, (row) => {
      const elapsed = first[codes[row]!]! - sessions.time[row]!
      return elapsed >= 0 && elapsed < NEVER ? elapsed : Number.NaN
    })
  return {
    rowCount,
    columns: {
      session_id: sessions.session_id,
      user_id: sessions.user_id,
      date,
      had_pageview,
      had_product_view,
      had_add_to_cart,
      had_order,
      time_to_cart_minutes: minutesTo(firstCart),
      time_to_order_minutes: minutesTo(firstOrder),
      had_checkout_view,
      pageviews,
      is_bounce,
      cart_abandoned,
      furthest_step: { codes: furthest, dictionary: stepNames },
      furthest_ordered_step: { codes: furthestOrdered, dictionary: stepNames },
      out_of_order,
      ...Object.fromEntries(
        Object.entries(rules.funnel.steps).map(([name, paths]) => {
          const stepViews = viewsOf(pathRule(views.path.dictionary, paths))
          return [`had_${name}`, flags(codes, happened(stepViews, size))]
        }),
      ),
    },
  }
}

/** The columns of the shop's own steps, in the order in which they were declared. */
export function columnsByRules({ funnel }: Rules): OutputColumns {
  return Object.fromEntries(
    Object.entries(funnel.steps).map(([name, paths]) => [
      `had_${name}`,
      flag(
        `1 if it has a pageview whose path ${describeRules(paths, 'contains')} (rule funnel.steps.${name})`,
      ),
    ]),
  )
}

/** The places in STEPS of session, pageview, product_view, add_to_cart and order. */
const ORDERED_STEPS = [0, 1, 2, 3, 5]

/** Whether each path fits one of the rules, looked at once a path. */
function pathRule(paths: Dictionary, rules: readonly TextRule[]): Uint8Array {
  const fits = textTest(rules, 'contains')
  return Uint8Array.from({ length: paths.size }, (_, code) => (fits(paths.text(code)) ? 1 : 0))
}

function countBySession(codes: Int32Array, size: number): Int32Array {
  const counts = new Int32Array(size)
  for (let row = 0; row < codes.length; row++) if (codes[row] !== NO_CODE) counts[codes[row]!]!++
  return counts
}

/** The first time of each session's events, NEVER if there is none. */
function earliest(events: Events, size: number): Float64Array {
  return earliestFrom(events, new Float64Array(size).fill(Number.NEGATIVE_INFINITY))
}

/** The first time of each session's events that is not before the session's time in `from`. */
function earliestFrom({ session_id, time, counts }: Events, from: Float64Array): Float64Array {
  const first = new Float64Array(from.length).fill(NEVER)
  for (let row = 0; row < time.length; row++) {
    const session = session_id.codes[row]!
    if (session === NO_CODE) continue
    const at = time[row]!
    if (at < first[session]! && at >= from[session]! && (counts === undefined || counts(row)))
      first[session] = at
  }
  return first
}

function latest({ session_id, time, counts }: Events, size: number): Float64Array {
  const last = new Float64Array(size).fill(Number.NEGATIVE_INFINITY)
  for (let row = 0; row < time.length; row++) {
    const session = session_id.codes[row]!
    if (session === NO_CODE || counts?.(row) === false) continue
    if (time[row]! > last[session]!) last[session] = time[row]!
  }
  return last
}

function happened({ session_id, counts }: Events, size: number): Uint8Array {
  const result = new Uint8Array(size)
  const { codes } = session_id
  for (let row = 0; row < codes.length; row++)
    if (codes[row] !== NO_CODE && counts?.(row)) result[codes[row]!] = 1
  return result
}

function flags(codes: Int32Array, bySession: Uint8Array): Int8Array {
  const result = new Int8Array(codes.length)
  for (let row = 0; row < codes.length; row++) result[row] = bySession[codes[row]!]!
  return result
}

/**
 * How many of the steps each session reached in order: greedily, each at its earliest time that is not
 * before that of the step before it, from the session start on.
 */
function orderedSteps(sessions: Tables['session_table'], steps: readonly Events[], size: number): Int8Array {
  const { codes } = sessions.session_id
  let at: Float64Array = new Float64Array(size).fill(NEVER)
  for (let row = 0; row < codes.length; row++) at[codes[row]!] = sessions.time[row]!
  const reached = new Int8Array(sessions.rowCount)
  for (const step of steps) {
    // A step not reached is NEVER, so that nothing later is at or after it.
    at = earliestFrom(step, at)
    for (let row = 0; row < codes.length; row++) if (at[codes[row]!]! < NEVER) reached[row]!++
  }
  return reached
}
