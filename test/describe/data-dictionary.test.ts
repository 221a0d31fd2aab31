import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aggregateTables } from '../../src/aggregators/index.ts'
import { dataDictionary, describeOverview, describeTable } from '../../src/describe/index.ts'
import { KnownError } from '../../src/lib/errors.ts'
import type { RawTable } from '../../src/raw/define.ts'
import { allRawTables } from '../../src/raw/index.ts'

const page = resolve(import.meta.dirname, '../../docs/data-dictionary.md')
const raws: readonly RawTable[] = Object.values(allRawTables)
const names = [...raws, ...aggregateTables].map((table) => table.name)

test('docs/data-dictionary.md is what ecomagg describe --markdown prints', () => {
  expect(existsSync(page), 'make it with: ecomagg describe --markdown > docs/data-dictionary.md').toBe(true)
  expect(readFileSync(page, 'utf8')).toBe(dataDictionary())
})

test('every column of every table stands in it, in its order', () => {
  const sections = new Map(
    dataDictionary()
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.split('\n')[0]!, section]),
  )
  expect([...sections.keys()]).toEqual([...aggregateTables, ...raws].map((table) => table.name))
  for (const table of [...raws, ...aggregateTables]) {
    const rows = sections
      .get(table.name)!
      .split('\n')
      .filter((line) => line.startsWith('| '))
    const columns = rows.map((line) => line.split(' | ')[0]!.slice(2)).filter((name) => name !== 'column')
    expect(columns.slice(0, Object.keys(table.columns).length), table.name).toEqual(
      Object.keys(table.columns),
    )
    expect(sections.get(table.name)).toContain(table.grain.slice(1))
  }
})

test('a table in Markdown breaks no row', () => {
  const rows = dataDictionary()
    .split('\n')
    .filter((line) => line.startsWith('|'))
  for (const row of rows) {
    expect([3, 4], row).toContain(row.split('|').length - 1)
    expect(row.endsWith('|'), row).toBe(true)
  }
})

test('the overview names each table once, with its grain', () => {
  const lines = describeOverview()
  for (const table of [...raws, ...aggregateTables]) {
    expect(lines.filter((line) => line.trim().split(/\s+/)[0] === table.name)).toHaveLength(1)
    expect(lines.join('\n')).toContain(table.grain)
  }
})

test('an optional table says when it is read, and what of its time is in the key', () => {
  const lines = (name: string) => describeTable(name).map((line) => line.trim().replace(/\s+/g, ' '))
  expect(lines('marketing_spend_table')).toContainEqual(
    expect.stringMatching(/^key the day of time, utm_source, .*, ad$/),
  )
  for (const name of ['marketing_spend_table', 'refund_table'])
    expect(lines(name)).toContainEqual(expect.stringMatching(/^read only if a table or metric needs it/))
  expect(lines('order_table').filter((line) => line.startsWith('read'))).toEqual([])
})

describe('one table', () => {
  test.each(names)('%s', (name) => {
    const text = describeTable(name).join('\n')
    const table = [...raws, ...aggregateTables].find((one) => one.name === name)!
    for (const [column, { kind, meaning }] of Object.entries(table.columns)) {
      const line = text.split('\n').find((one) => one.startsWith(`  ${column} `))
      expect(line, column).toContain(kind)
      expect(line, column).toContain(meaning)
    }
    expect(dataDictionary(name).startsWith(`### ${name}\n`)).toBe(true)
    expect(dataDictionary()).toContain(dataDictionary(name))
  })

  test('that does not exist: the error names all', () => {
    for (const show of [describeTable, dataDictionary]) {
      try {
        show('orders')
        expect.unreachable()
      } catch (error) {
        expect(error).toBeInstanceOf(KnownError)
        const { code, failure, details } = error as KnownError
        expect([code, failure, details.found]).toEqual(['no_such_table', 'usage', 'orders'])
        for (const name of names) expect(details.allowed).toContain(name)
      }
    }
  })
})

test('the columns are those of the SPEC, in its order', () => {
  // SPEC section 3; ‖ left out.
  const spec: Readonly<Record<string, string>> = {
    daily_business_metrics:
      'date total_revenue total_orders total_sessions total_users conversion_rate avg_order_value new_customers repeat_customers gross_sales total_discount total_shipping units_sold converting_sessions session_conversion_rate first_time_customers returning_customers revenue_per_session',
    session_attribution:
      'session_id user_id date utm_source utm_medium utm_campaign country device_type platform converted revenue order_id order_count channel_group landing_page session_number time_to_conversion_minutes',
    session_funnel:
      'session_id user_id date had_pageview had_product_view had_add_to_cart had_order time_to_cart_minutes time_to_order_minutes had_checkout_view pageviews is_bounce cart_abandoned furthest_step furthest_ordered_step out_of_order',
    product_performance_daily:
      'date product_name times_purchased total_quantity_sold total_revenue times_added_to_cart cart_to_purchase_rate orders quantity_added_to_cart avg_unit_price cart_sessions purchased_cart_sessions cart_abandonment_rate',
    user_lifetime_metrics:
      'user_id first_order_date last_order_date total_orders total_revenue avg_order_value days_since_last_order rfm_recency_score rfm_frequency_score rfm_monetary_score rfm_score rfm_segment has_purchase_last_year has_purchase_last_qtr total_discount total_sessions purchase_frequency_bucket days_between_order_1_and_order_2 avg_days_between_orders cohort_month first_touch_channel',
    page_engagement_metrics:
      'date path pageviews unique_users sessions_with_page avg_scroll_depth total_clicks entrances exits bounces bounce_rate exit_rate avg_max_scroll_depth avg_time_on_page_seconds',
    coupon_performance:
      'date discount_coupon_code usage_count total_discount_given total_revenue avg_order_value discount_percentage customers first_time_orders first_time_order_rate avg_discount_per_order',
  }
  const ours = Object.fromEntries(
    aggregateTables.map(({ name, columns }) => [name, Object.keys(columns).join(' ')]),
  )
  expect(ours).toEqual(spec)
})

test('the raw columns are those of the SPEC: * is required', () => {
  // SPEC sections 1 and 6: name, kind and whether it is required, in its order.
  const spec: Readonly<Record<string, string>> = {
    user_table: 'key user_id: user_id*id has_purchase_last_year=flag has_purchase_last_qtr=flag',
    session_table:
      'key session_id: user_id*id session_id*id time*timestamp platform=text device_type=text country=text region=text city=text IP=text referrer=text landing_page=text landing_page_query=text landing_page_hash=text browser=text utm_source=text utm_medium=text utm_campaign=text',
    order_table:
      'key order_id: event_id=id user_id*id session_id*id order_id*id time*timestamp total_price*money shipping_price=money discount=money discount_coupon_code=text total_items=integer total_qty=quantity',
    order_line_item_table:
      'key event_id: event_id*id user_id=id session_id=id order_id*id time*timestamp product_name*text product_price*money product_qty*quantity',
    add_to_cart_table:
      'key event_id: event_id*id user_id=id session_id*id time*timestamp domain=text path=text hash=text query=text previous_page=text product_name*text product_price=money product_qty=quantity',
    pageview_table:
      'key event_id: event_id*id user_id*id session_id*id time*timestamp domain=text path*text hash=text query=text previous_page=text',
    scroll_table:
      'key event_id: event_id*id user_id=id session_id=id time*timestamp scroll_percent*percent domain=text path*text hash=text query=text previous_page=text',
    click_table:
      'key event_id: event_id*id user_id=id session_id=id time*timestamp domain=text path*text hash=text query=text href=text target_id=text target_tag=text target_text=text previous_page=text',
    marketing_spend_table:
      'key time utm_source utm_medium utm_campaign platform account campaign_id ad_group ad: time*timestamp utm_source*text utm_medium=text utm_campaign=text platform=text account=text campaign_id=text ad_group=text ad=text spend*money impressions=large_integer clicks=large_integer',
    refund_table:
      'key refund_id: refund_id*id order_id*id time*timestamp amount*money product_name=text quantity=integer reason=text',
  }
  const ours = raws.map(({ name, key, keyColumns = [key], columns }) => {
    const list = Object.entries(columns).map(
      ([column, { kind, required }]) => `${column}${required ? '*' : '='}${kind}`,
    )
    return [name, `key ${keyColumns.join(' ')}: ${list.join(' ')}`]
  })
  expect(Object.fromEntries(ours)).toEqual(spec)
})
