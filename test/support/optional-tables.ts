import { column } from '../../src/custom/columns.ts'
import { readExtensions } from '../../src/custom/declare.ts'
import { defineTable, type Extensions } from '../../src/custom/extensions.ts'
import { dateOf } from '../../src/custom/helpers.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import { type MemoryRun, runInMemory } from './memory-run.ts'
import { orderShop } from './order-shop.ts'
import type { Random } from './random.ts'

/** Rows with their numbers within a group, by their cells: so the order in which they come changes nothing. */
function numbered<R extends object>(
  rows: readonly R[],
  groupOf: (row: R) => string,
): (R & { row: number })[] {
  const counts = new Map<string, number>()
  const sorted = rows.map((row) => [JSON.stringify(row), row] as const).sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([, row]) => {
    const group = groupOf(row)
    const count = (counts.get(group) ?? 0) + 1
    counts.set(group, count)
    return { ...row, row: count }
  })
}

/** A table of a shop's own with the accepted rows of marketing_spend_table; `row` counts those of one day and source. */
export const spendRows = defineTable({
  name: 'spend_rows',
  grain: 'one row per accepted spend row',
  key: ['date', 'source', 'row'],
  order: [{ column: 'date' }, { column: 'source' }, { column: 'row' }],
  needs: {
    marketing_spend_table: ['time', 'utm_source', 'utm_campaign', 'ad', 'spend', 'impressions', 'clicks'],
  },
  columns: {
    date: column.date('day'),
    source: column.text('source'),
    row: column.count('place'),
    campaign: column.text('campaign'),
    ad: column.text('ad'),
    spend: column.money('spend'),
    impressions: column.count('impressions'),
    clicks: column.count('clicks'),
  },
  aggregate({ marketing_spend_table }) {
    const rows = [...marketing_spend_table.rows()].map(
      ({ time, utm_source: source, utm_campaign: campaign, ...figures }) => ({
        date: dateOf(time),
        source,
        campaign,
        ...figures,
      }),
    )
    return numbered(rows, ({ date, source }) => `${date} ${source}`)
  },
})

/** A table of a shop's own with the accepted rows of refund_table, and what the order came to. */
export const refundRows = defineTable({
  name: 'refund_rows',
  grain: 'one row per accepted refund',
  key: ['refund_id', 'row'],
  order: [{ column: 'refund_id' }, { column: 'row' }],
  needs: {
    refund_table: ['refund_id', 'order_id', 'time', 'amount', 'product_name', 'quantity', 'reason'],
    order_table: ['order_id', 'total_price'],
  },
  columns: {
    refund_id: column.id('refund'),
    row: column.count('place among those of its id'),
    order_id: column.id('order'),
    date: column.date('day'),
    amount: column.money('amount'),
    product: column.text('product'),
    quantity: column.count('pieces'),
    reason: column.text('why'),
    order_total: column.money('what the order came to'),
  },
  aggregate({ refund_table, order_table }) {
    const rows = [...refund_table.rows()].map(({ time, product_name: product, ...refund }) => ({
      ...refund,
      date: dateOf(time),
      product,
      order_total: order_table.find(refund.order_id)?.total_price ?? null,
    }))
    return numbered(rows, ({ refund_id }) => refund_id)
  },
})

/** The eight raw tables of a shop of two orders: o1 over 20.00, o2 over 0.50. */
export const OPTIONAL_SHOP = orderShop([
  { id: 'o1', total: '20' },
  { id: 'o2', total: '0.50' },
])

/** What a shop declares, which must be without problems. */
export function extensionsOf(given: object, rules: object = {}): Extensions {
  const { extensions, problems } = readExtensions(given, rulesSchema.parse(rules))
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '))
  return extensions
}

/** A run with both own tables, over that shop with more files. @param given what it declares beside them */
export function runOptional(
  more: Readonly<Record<string, string>>,
  rules: Readonly<Record<string, unknown>> = {},
  given: object = {},
): Promise<MemoryRun> {
  const extensions = extensionsOf({ tables: [spendRows, refundRows], ...given }, rules)
  return runInMemory({ ...OPTIONAL_SHOP, ...more }, { extensions, rules, hashKey: Buffer.alloc(32) })
}

/** Few texts and figures, so that keys meet over and over. */
const CAMPAIGNS = ['', 'brand', 'test 1', 'Größe, XL']
const FIGURES = ['', '0', '7', '1000000000000', '-1000000000000', '2147483648', '3.0']

/** Rows of the two optional tables on some days of a random shop, a few of them rejected; by table, as CSV. */
export function randomOptionalTables(random: Random, orders: readonly string[]): Record<string, string> {
  const day = () => new Date(Date.UTC(2024, 1, random.whole(25, 33))).toISOString().slice(0, 10)
  const time = () => `${day()}${random.pick(['', '', ' 08:30', ' 23:59:59'])}`
  const figure = () => (random.chance(0.03) ? '1000000000001' : random.pick(FIGURES))
  const amount = () => (random.chance(0.03) ? '1,5' : random.pick(['0', '1.5', '-2', '1.50', '1000000000']))
  const rows = (most: number, row: () => readonly string[]) =>
    Array.from({ length: random.whole(0, most) }, () =>
      row()
        .map((cell) => `"${cell}"`)
        .join(','),
    )
  const csv = (header: string, lines: readonly string[]) => [header, ...lines, ''].join('\n')
  return {
    marketing_spend_table: csv(
      'time,utm_source,utm_campaign,ad,spend,impressions,clicks',
      rows(40, () => [
        time(),
        random.pick(['google', 'meta']),
        random.pick(CAMPAIGNS),
        random.pick(['', 'a']),
        amount(),
        figure(),
        figure(),
      ]),
    ),
    refund_table: csv(
      'refund_id,order_id,time,amount,product_name,quantity,reason',
      rows(25, () => [
        `r${random.whole(1, 12)}`,
        random.pick(['unknown', ...orders]),
        time(),
        amount(),
        random.pick(['', 'Mug', 'Hat']),
        random.pick(['', '1', '1000000']),
        random.pick(['', 'broken', 'void']),
      ]),
    ),
  }
}
