import { describe, expect, test } from 'vitest'
import { runInMemory } from '../support/memory-run.ts'
import { KEYS, type MessyShop, messyFiles, messyShop, NULL_TEXT } from '../support/messy-shop.ts'
import { Random, seedOf } from '../support/random.ts'
import { SHOP_TABLES } from '../support/random-shop.ts'

const SHOPS = 40
const { seed: firstSeed } = seedOf(1)
const seeds = Array.from({ length: process.env.SEED === undefined ? SHOPS : 1 }, (_, i) => firstSeed + i)

const KEEPABLE = SHOP_TABLES.filter((table) => KEYS[table]!.key === 'event_id')

/** The rows of some tables with keys that are all different. */
function withOwnKeys({ rows }: MessyShop, tables: readonly string[]): MessyShop['rows'] {
  return Object.fromEntries(
    SHOP_TABLES.map((table) => [
      table,
      tables.includes(table)
        ? rows[table]!.map((row, i) => ({ ...row, event_id: `row ${i}` }))
        : rows[table]!,
    ]),
  )
}

describe.each(seeds)('a messy shop of seed %i (the environment variable SEED runs one alone)', (seed) => {
  const random = new Random(seed)
  const shop = messyShop(seed)
  const tables = KEEPABLE.filter(() => random.chance(0.6))
  const general = { nullValues: [NULL_TEXT], filters: { users: [{ prefix: 'test ' }] } }
  const rawTables = Object.fromEntries(tables.map((table) => [table, { dedupe: false }]))

  test(`rows that repeat a key count as if they had their own, in ${tables.join(', ')}`, async () => {
    const kept = await runInMemory(messyFiles(shop.rows), { rules: { ...general, rawTables } })
    const renamed = await runInMemory(messyFiles(withOwnKeys(shop, tables)), { rules: general })
    expect(kept.csvs).toEqual(renamed.csvs)
    expect(kept.inputs).toEqual(renamed.inputs)
    expect(kept.verdict).toEqual(renamed.verdict)
    expect(kept.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
    for (const table of tables)
      expect(kept.inputs[table], table).toMatchObject({ duplicate: 0, conflicting: 0 })
  })

  test('where repeated keys are kept, the order of the rows decides nothing', async () => {
    const everywhere = Object.fromEntries(KEEPABLE.map((table) => [table, { dedupe: false }]))
    const rules = { ...general, rawTables: everywhere }
    const rows = Object.fromEntries(
      SHOP_TABLES.map((table) => {
        const inOrder = shop.rows[table]!
        return [table, KEEPABLE.includes(table) ? random.shuffled(inOrder) : inOrder]
      }),
    )
    const run = await runInMemory(messyFiles(shop.rows), { rules })
    expect((await runInMemory(messyFiles(rows), { rules })).csvs).toEqual(run.csvs)
  })
})

describe('by hand', () => {
  const lines = (...all: string[]) => `${all.join('\n')}\n`
  const files = {
    'user_table.csv': lines('user_id'),
    'session_table.csv': lines('user_id,session_id,time', 'u,s,2024-01-01'),
    'order_table.csv': lines('user_id,session_id,order_id,time,total_price', 'u,s,o,2024-01-01,9'),
    'order_line_item_table.csv': lines(
      'event_id,session_id,order_id,time,product_name,product_price,product_qty',
      'l,s,o,2024-01-01,Mug,2,1',
      'l,s,o,2024-01-01,Mug,2,1',
      'l,s,o,2024-01-01,Mug,3,1',
    ),
    'add_to_cart_table.csv': lines(
      'event_id,session_id,time,product_name',
      'a,s,2024-01-01,Mug',
      'a,s,2024-01-01,Hat',
    ),
    'pageview_table.csv': lines(
      'event_id,user_id,session_id,time,path',
      'v,u,s,2024-01-01,/',
      'v,u,s,2024-01-01,/',
    ),
    'scroll_table.csv': lines('event_id,time,scroll_percent,path', 'r,2024-01-01,10,/', 'r,2024-01-01,90,/'),
    'click_table.csv': lines('event_id,time,path', 'k,2024-01-01,/', 'k,2024-01-01,/', ',2024-01-01,/'),
  }

  test('all rows of a repeated key count, but a key must still be there', async () => {
    const rawTables = Object.fromEntries(KEEPABLE.map((table) => [table, { dedupe: false }]))
    const { inputs, csvs, rejects } = await runInMemory(files, { rules: { rawTables } })
    const counts = { duplicate: 0, conflicting: 0, outside_range: 0, filtered: 0, rejected: 0 }
    expect(inputs.order_line_item_table).toEqual({ ...counts, read: 3, accepted: 3 })
    expect(inputs.click_table).toEqual({ ...counts, read: 3, accepted: 2, rejected: 1 })
    expect(rejects).toMatchObject([{ table: 'click_table', line: 4, reason: 'required_cell_empty' }])
    const [product] = csvs.product_performance_daily!.split('\n').filter((line) => line.includes('Mug'))
    expect(product).toContain('7.00')
  })

  test('by default the first row of a key counts', async () => {
    const { inputs, csvs } = await runInMemory(files)
    expect(inputs.order_line_item_table).toMatchObject({ read: 3, duplicate: 2, conflicting: 1, accepted: 1 })
    expect(inputs.click_table).toMatchObject({ read: 3, duplicate: 1, rejected: 1, accepted: 1 })
    const [product] = csvs.product_performance_daily!.split('\n').filter((line) => line.includes('Mug'))
    expect(product).toContain('2.00')
  })
})
