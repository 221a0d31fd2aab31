import { column } from '../../src/custom/columns.ts'
import { readExtensions } from '../../src/custom/declare.ts'
import { defineTable, type Extensions } from '../../src/custom/extensions.ts'
import { dateOf } from '../../src/custom/helpers.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import { type MemoryRun, runInMemory } from './memory-run.ts'
import { orderShop } from './order-shop.ts'

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
    const places = new Map<string, number>()
    return [...marketing_spend_table.rows()].map((row) => {
      const [date, source] = [dateOf(row.time), row.utm_source]
      const place = (places.get(`${date} ${source}`) ?? 0) + 1
      places.set(`${date} ${source}`, place)
      const { utm_campaign: campaign, ad, spend, impressions, clicks } = row
      return { date, source, row: place, campaign, ad, spend, impressions, clicks }
    })
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
    const places = new Map<string, number>()
    return [...refund_table.rows()].map(({ refund_id, time, product_name: product, ...refund }) => {
      const row = (places.get(refund_id) ?? 0) + 1
      places.set(refund_id, row)
      const order_total = order_table.find(refund.order_id)?.total_price ?? null
      return { ...refund, refund_id, row, date: dateOf(time), product, order_total }
    })
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
