import { ExactVector } from '../../collections/exact-vector.ts'
import { means, moneyPer } from '../../collections/ratios.ts'
import { dictionaryOf, NO_CODE } from '../../collections/texts/dictionary.ts'
import { type Collections, NO_FLAG, type TextVector } from '../../collections/vectors.ts'
import { ChannelGroups } from '../../facts/channel-group.ts'
import { codeForNobody, UNKNOWN_USER } from '../../facts/nobody.ts'
import { orderRows } from '../../facts/orders.ts'
import { orderRanks } from '../../facts/ranks.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import { dayOf } from '../../lib/times/wall-clock.ts'
import type { ChannelRules } from '../../rules/channels.ts'
import type { RfmRules } from '../../rules/rfm.ts'
import { type AggregateContext, type AggregateRows, NO_DAY } from '../../tables/define.ts'
import type { columns } from './columns.ts'
import {
  frequencyBucket,
  frequencyScore,
  monetaryScores,
  recencyScore,
  segmentNames,
  segmentOf,
} from './rfm.ts'

export const needs = {
  user_table: ['user_id', 'has_purchase_last_year', 'has_purchase_last_qtr'],
  session_table: ['user_id', 'session_id', 'time', 'utm_source', 'utm_medium', 'utm_campaign'],
  order_table: ['user_id', 'order_id', 'time', 'total_price', 'discount'],
} as const

type Tables = Collections<typeof needs>

/** The segment of the row for nobody known. */
const UNKNOWN_SEGMENT = 'Unknown'

export function aggregate(tables: Tables, { rules, asOf }: AggregateContext): AggregateRows<typeof columns> {
  const users = lifetimeRows(tables)
  const { rowCount } = users
  const { second_order_date: secondDay, ...orders } = orderHistory(tables, users, rules)
  const { first_order_date: firstDay, last_order_date: lastDay, total_orders, total_revenue } = orders
  return {
    rowCount,
    columns: {
      user_id: { codes: users.codes, dictionary: tables.order_table.user_id.dictionary },
      ...orders,
      ...userFlags(tables, users),
      ...sessionHistory(tables, users, rules.channels),
      avg_order_value: moneyPer(
        rowCount,
        (row) => total_revenue.get(row)!,
        (row) => total_orders[row]!,
      ),
      ...rfmColumns(users, orders, rules.rfm, asOf),
      purchase_frequency_bucket: {
        codes: Int32Array.from(total_orders, (count, row) =>
          row === users.nobody ? NO_CODE : frequencyBucket(rules.purchaseFrequencyBuckets, count),
        ),
        dictionary: dictionaryOf(rules.purchaseFrequencyBuckets.map(({ name }) => name)),
      },
      days_between_order_1_and_order_2: Float64Array.from({ length: rowCount }, (_, row) =>
        secondDay[row] === NO_DAY ? Number.NaN : secondDay[row]! - firstDay[row]!,
      ),
      avg_days_between_orders: means(
        rowCount,
        (row) => lastDay[row]! - firstDay[row]!,
        (row) => (total_orders[row]! > 0 && row !== users.nobody ? total_orders[row]! - 1 : 0),
      ),
      cohort_month: firstDay,
    },
  }
}

/** Row and user code of everyone in user_table or order_table, and of nobody known. */
interface LifetimeRows {
  readonly rowCount: number
  readonly codes: Int32Array
  /** By user code; -1 for users without a row. */
  readonly rowOfUser: Int32Array
  /** The row of orders, refunds and sessions without a user; -1 if no order or refund is without one. */
  readonly nobody: number
}

function lifetimeRows({ user_table, order_table }: Tables): LifetimeRows {
  const rowOfUser = new Int32Array(order_table.user_id.dictionary.size).fill(-1)
  const users = new Growing(Int32Array)
  for (const table of [user_table, order_table]) {
    const { codes } = table.user_id
    for (let row = 0; row < codes.length; row++) {
      const user = codes[row]!
      if (user === NO_CODE || rowOfUser[user]! >= 0) continue
      rowOfUser[user] = users.length
      users.push(user)
    }
  }
  const hasNobody = order_table.user_id.codes.includes(NO_CODE)
  const nobody = hasNobody ? users.length : -1
  if (hasNobody) {
    const isTaken = (code: number) => rowOfUser[code]! >= 0
    users.push(codeForNobody(order_table.user_id.dictionary, UNKNOWN_USER, 'user_id', isTaken))
  }
  return { rowCount: users.length, codes: users.values.slice(0, users.length), rowOfUser, nobody }
}

function orderHistory(
  { order_table }: Tables,
  { rowCount, rowOfUser, nobody }: LifetimeRows,
  rules: AggregateContext['rules'],
) {
  const { user_id, time, total_price, discount } = order_table
  const ranks = orderRanks(order_table, rules)
  const isOrder = orderRows(total_price, rules)
  const first_order_date = new Int32Array(rowCount).fill(NO_DAY)
  const last_order_date = new Int32Array(rowCount).fill(NO_DAY)
  const second_order_date = new Int32Array(rowCount).fill(NO_DAY)
  const total_orders = new Float64Array(rowCount)
  const total_revenue = new ExactVector(rowCount)
  const total_discount = new ExactVector(rowCount)
  for (let order = 0; order < order_table.rowCount; order++) {
    const user = user_id.codes[order]!
    const row = user === NO_CODE ? nobody : rowOfUser[user]!
    const day = dayOf(time[order]!)
    total_orders[row]! += isOrder[order]!
    total_revenue.add(row, total_price[order]!)
    total_discount.add(row, discount[order]! || 0)
    if (ranks[order] === 0) continue
    if (ranks[order] === 1) first_order_date[row] = day
    if (ranks[order] === 2) second_order_date[row] = day
    if (day > last_order_date[row]!) last_order_date[row] = day
  }
  return {
    first_order_date,
    second_order_date,
    last_order_date,
    total_orders,
    total_revenue,
    total_discount,
  }
}

function rfmColumns(
  { rowCount, nobody }: LifetimeRows,
  orders: Omit<ReturnType<typeof orderHistory>, 'second_order_date'>,
  rules: RfmRules,
  asOf: number | undefined,
) {
  const scoreSegments = segmentTable(rules)
  const monetaryScore = monetaryScores(rules)
  const empty = () => new Float64Array(rowCount).fill(Number.NaN)
  const days_since_last_order = empty()
  const rfm_recency_score = empty()
  const rfm_frequency_score = empty()
  const rfm_monetary_score = empty()
  const rfm_score = empty()
  const dictionary = dictionaryOf(segmentNames(rules))
  const segments = new Int32Array(rowCount)
  if (nobody >= 0) segments[nobody] = dictionary.encodeText(UNKNOWN_SEGMENT)
  for (let row = 0; row < rowCount; row++) {
    const orderCount = orders.total_orders[row]!
    if (orderCount === 0 || asOf === undefined || row === nobody) continue
    const days = Math.max(0, asOf - orders.last_order_date[row]!)
    const recency = recencyScore(rules, days)
    const frequency = frequencyScore(rules, orderCount)
    const monetary = monetaryScore(orders.total_revenue.get(row)!)
    days_since_last_order[row] = days
    rfm_recency_score[row] = recency
    rfm_frequency_score[row] = frequency
    rfm_monetary_score[row] = monetary
    rfm_score[row] = recency * 100 + frequency * 10 + monetary
    segments[row] = scoreSegments[rfm_score[row]!]!
  }
  return {
    days_since_last_order,
    rfm_recency_score,
    rfm_frequency_score,
    rfm_monetary_score,
    rfm_score,
    rfm_segment: { codes: segments, dictionary },
  }
}

function userFlags({ user_table }: Tables, { rowCount, rowOfUser }: LifetimeRows) {
  const has_purchase_last_year = new Int8Array(rowCount).fill(NO_FLAG)
  const has_purchase_last_qtr = new Int8Array(rowCount).fill(NO_FLAG)
  user_table.user_id.codes.forEach((user, row) => {
    has_purchase_last_year[rowOfUser[user]!] = user_table.has_purchase_last_year[row]!
    has_purchase_last_qtr[rowOfUser[user]!] = user_table.has_purchase_last_qtr[row]!
  })
  return { has_purchase_last_year, has_purchase_last_qtr }
}

/** The segment of each of the 125 scores, by the number that the three digits make. */
function segmentTable(rules: RfmRules): Uint8Array {
  const table = new Uint8Array(556)
  for (let recency = 1; recency <= 5; recency++) {
    for (let frequency = 1; frequency <= 5; frequency++) {
      for (let monetary = 1; monetary <= 5; monetary++)
        table[recency * 100 + frequency * 10 + monetary] = segmentOf(rules, recency, frequency, monetary)
    }
  }
  return table
}

/** Sessions of each user, and the channel group of the first by (time, session_id). */
function sessionHistory(
  { session_table: sessions }: Tables,
  { rowCount, rowOfUser, nobody }: LifetimeRows,
  channelRules: ChannelRules,
) {
  const ties = sessions.session_id.dictionary.ranks()
  const total_sessions = new Float64Array(rowCount)
  const firstSession = new Int32Array(rowCount).fill(-1)
  for (let session = 0; session < sessions.rowCount; session++) {
    const user = sessions.user_id.codes[session]!
    const row = user === NO_CODE ? nobody : rowOfUser[user]!
    if (row < 0) continue
    total_sessions[row]!++
    if (row === nobody) continue
    const first = firstSession[row]!
    const earlier = first < 0 ? -1 : sessions.time[session]! - sessions.time[first]!
    const { codes } = sessions.session_id
    if (earlier < 0 || (earlier === 0 && ties[codes[session]!]! < ties[codes[first]!]!))
      firstSession[row] = session
  }
  const channels = new ChannelGroups(sessions, channelRules)
  const first_touch_channel: TextVector = {
    codes: firstSession.map((session) => (session < 0 ? NO_CODE : channels.codeOf(session))),
    dictionary: channels.dictionary,
  }
  return { total_sessions, first_touch_channel }
}
