import { ExactVector } from '../../collections/exact-vector.ts'
import { minutes } from '../../collections/ratios.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { Collections, TextVector } from '../../collections/vectors.ts'
import { ChannelGroups } from '../../facts/channel-group.ts'
import { codeForNobody, sessionOfOrder } from '../../facts/nobody.ts'
import { orderRows } from '../../facts/orders.ts'
import { sessionNumbers } from '../../facts/ranks.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import { UNATTRIBUTED } from '../../rules/channels.ts'
import type { AggregateContext, AggregateRows } from '../../tables/define.ts'
import type { columns } from './columns.ts'

export const needs = {
  session_table: [
    'user_id',
    'session_id',
    'time',
    'platform',
    'device_type',
    'country',
    'landing_page',
    'utm_source',
    'utm_medium',
    'utm_campaign',
  ],
  order_table: ['user_id', 'session_id', 'order_id', 'time', 'total_price'],
} as const

type Tables = Collections<typeof needs>

/** What a missing utm value is called. */
const DIRECT = 'direct'

export function aggregate(tables: Tables, { rules }: AggregateContext): AggregateRows<typeof columns> {
  const { session_table: sessions, order_table: orders } = tables
  const known = sessions.rowCount
  const { rowOfOrder, rowCount, sessionCodes } = attributionRows(tables)
  const isOrder = orderRows(orders.total_price, rules)
  const { firstOrder, firstRefund, revenue, order_count } = ordersByRow(tables, isOrder, rowOfOrder, rowCount)
  const converted = new Int8Array(rowCount)
  const order_id = new Int32Array(rowCount).fill(NO_CODE)
  for (let row = 0; row < rowCount; row++) {
    const order = firstOrder[row]!
    if (order < 0) continue
    converted[row] = 1
    order_id[row] = orders.order_id.codes[order]!
  }
  const user_id = new Int32Array(rowCount)
  const date = new Int32Array(rowCount)
  const session_number = new Float64Array(rowCount).fill(Number.NaN)
  const channel_group = new Int32Array(rowCount)
  const numbers = sessionNumbers(sessions)
  const channels = new ChannelGroups(sessions, rules.channels)
  const unattributed = channels.dictionary.encodeText(UNATTRIBUTED)
  for (let row = 0; row < rowCount; row++) {
    const isKnown = row < known
    const source = isKnown ? row : firstOrder[row]! < 0 ? firstRefund[row]! : firstOrder[row]!
    const { user_id: users, time } = isKnown ? sessions : orders
    user_id[row] = users.codes[source]!
    date[row] = dayOf(time[source]!)
    channel_group[row] = isKnown ? channels.codeOf(row) : unattributed
    if (isKnown && numbers[row]! > 0) session_number[row] = numbers[row]!
  }
  const empty = (vector: TextVector) => extended(vector, rowCount, NO_CODE)
  return {
    rowCount,
    columns: {
      session_id: { codes: sessionCodes, dictionary: sessions.session_id.dictionary },
      user_id: { codes: user_id, dictionary: sessions.user_id.dictionary },
      date,
      utm_source: utm(sessions.utm_source, rowCount),
      utm_medium: utm(sessions.utm_medium, rowCount),
      utm_campaign: utm(sessions.utm_campaign, rowCount),
      country: empty(sessions.country),
      device_type: empty(sessions.device_type),
      platform: empty(sessions.platform),
      converted,
      revenue,
      order_id: { codes: order_id, dictionary: orders.order_id.dictionary },
      order_count,
      channel_group: { codes: channel_group, dictionary: channels.dictionary },
      landing_page: empty(sessions.landing_page),
      session_number,
      time_to_conversion_minutes: minutes(rowCount, (row) => {
        const order = firstOrder[row]!
        if (row >= known || order < 0) return Number.NaN
        const elapsed = orders.time[order]! - sessions.time[row]!
        return elapsed < 0 ? Number.NaN : elapsed
      }),
    },
  }
}

/**
 * A row for each session in file order, then one for each session_id known only from orders or refunds, and for
 * each order_id of those without a session.
 */
function attributionRows({ session_table, order_table }: Tables) {
  const { dictionary } = session_table.session_id
  const rowOfSession = new Int32Array(dictionary.size).fill(-1)
  session_table.session_id.codes.forEach((session, row) => {
    rowOfSession[session] = row
  })
  const unknown: number[] = []
  const rowOfOrder = new Int32Array(order_table.rowCount).fill(-1)
  order_table.session_id.codes.forEach((session, order) => {
    if (session === NO_CODE) return
    if (rowOfSession[session]! < 0) {
      rowOfSession[session] = session_table.rowCount + unknown.length
      unknown.push(session)
    }
    rowOfOrder[order] = rowOfSession[session]!
  })
  const { order_id } = order_table
  const rowOfId = new Map<number, number>()
  for (let order = 0; order < rowOfOrder.length; order++) {
    if (rowOfOrder[order]! >= 0) continue
    const id = order_id.codes[order]!
    let row = rowOfId.get(id)
    if (row === undefined) {
      row = session_table.rowCount + unknown.length
      rowOfId.set(id, row)
      const name = sessionOfOrder(order_id.dictionary.text(id))
      unknown.push(codeForNobody(dictionary, name, 'session_id', (code) => rowOfSession[code]! >= 0))
    }
    rowOfOrder[order] = row
  }
  const rowCount = session_table.rowCount + unknown.length
  const sessionCodes = new Int32Array(rowCount)
  sessionCodes.set(session_table.session_id.codes)
  sessionCodes.set(unknown, session_table.rowCount)
  return { rowOfOrder, rowCount, sessionCodes }
}

/** Of each row the number of its orders, its revenue, and its first order and refund by (time, order_id) or -1. */
function ordersByRow({ order_table }: Tables, isOrder: Uint8Array, rowOfOrder: Int32Array, rowCount: number) {
  const { order_id, time, total_price } = order_table
  const ties = order_id.dictionary.ranks()
  const firstOrder = new Int32Array(rowCount).fill(-1)
  const firstRefund = new Int32Array(rowCount).fill(-1)
  const revenue = new ExactVector(rowCount)
  const order_count = new Float64Array(rowCount)
  for (let order = 0; order < order_table.rowCount; order++) {
    const row = rowOfOrder[order]!
    revenue.add(row, total_price[order]!)
    order_count[row]! += isOrder[order]!
    const firsts = isOrder[order] === 1 ? firstOrder : firstRefund
    const first = firsts[row]!
    const earlier = first < 0 ? -1 : time[order]! - time[first]!
    if (earlier < 0 || (earlier === 0 && ties[order_id.codes[order]!]! < ties[order_id.codes[first]!]!)) {
      firsts[row] = order
    }
  }
  return { firstOrder, firstRefund, revenue, order_count }
}

/** The codes of the sessions, followed by one code for all further rows. */
function extended({ codes, dictionary }: TextVector, rowCount: number, rest: number): TextVector {
  const longer = new Int32Array(rowCount).fill(rest)
  longer.set(codes)
  return { codes: longer, dictionary }
}

function utm(vector: TextVector, rowCount: number): TextVector {
  const direct = vector.dictionary.encodeText(DIRECT)
  const unattributed = vector.dictionary.encodeText(UNATTRIBUTED)
  const result = extended(vector, rowCount, unattributed)
  for (let row = 0; row < vector.codes.length; row++)
    if (result.codes[row] === NO_CODE) result.codes[row] = direct
  return result
}
