import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runFolder } from '../support/memory-run.ts'
import { seedOf } from '../support/random.ts'
import {
  RANDOM_SHOP_RULES,
  type RandomShop,
  type RawRow,
  randomShop,
  shopCsv,
} from '../support/random-shop.ts'
import { computeReference, referenceTables } from './duckdb.ts'

const { seed, name } = seedOf(5200)

/** Codes of the random shop; 007 only warns, -10% is not listed. */
const coupons = {
  SPRING: { percent: 12.5, action: 'correct' },
  spring: { amount: 40, action: 'correct' },
  '007': { percent: 20, action: 'warn' },
}

/** Ten-thousandths of a decimal as it is written, with at most four places. */
function exact(text: string): bigint {
  const [units, places = ''] = text.replace('-', '').split('.') as [string, string?]
  const size = BigInt(units + places.padEnd(4, '0'))
  return text.startsWith('-') ? -size : size
}

/** Price × quantity in ten-thousandths, rounded half away from zero. */
function lineAmount(price: bigint, quantity: bigint): bigint {
  const product = price * quantity
  const size = ((product < 0n ? -product : product) + 5000n) / 10_000n
  return product < 0n ? -size : size
}

function written(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(5, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

/** The discount by the settings above, in ten-thousandths; by hand for these two coupons. */
function byHand(code: string, gross: bigint): bigint | undefined {
  if (code === 'SPRING') {
    // An eighth of the lines in hundredths: one of 800 ten-thousandths, half away from zero.
    const size = ((gross < 0n ? -gross : gross) + 400n) / 800n
    return (gross < 0n ? -size : size) * 100n
  }
  if (code === 'spring') return gross < 0n ? 0n : gross < 400_000n ? gross : 400_000n
  return undefined
}

/** The shop as it would be had it recorded what its coupons give. */
function corrected(shop: RandomShop): { shop: RandomShop; orders: number } {
  let orders = 0
  const order_table = shop.order_table!.map((order): RawRow => {
    if (order.total_price!.startsWith('-')) return order
    const lines = shop
      .order_line_item_table!.filter(({ order_id }) => order_id === order.order_id)
      .map((one) => lineAmount(exact(one.product_price!), exact(one.product_qty!)))
      .filter((amount) => amount >= 0n)
    const gross = lines.reduce((sum, amount) => sum + amount, 0n)
    const expected = lines.length === 0 ? undefined : byHand(order.discount_coupon_code!, gross)
    if (expected === undefined) return order
    const difference = exact(order.discount === '' ? '0' : order.discount!) - expected
    if (difference <= 100n && difference >= -100n) return order
    orders++
    return { ...order, discount: written(expected) }
  })
  return { shop: { ...shop, order_table }, orders }
}

describe(`tables after a correction are those of a shop that recorded it so, ${name}`, () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('shop %d', async (number) => {
    const folder = mkdtempSync(join(tmpdir(), 'ecomagg-coupons-'))
    const folderOf = (shop: RandomShop, part: string) => {
      const raw = join(folder, part)
      mkdirSync(raw)
      for (const [table, rows] of Object.entries(shop))
        writeFileSync(join(raw, `${table}.csv`), shopCsv(table, rows))
      return raw
    }
    try {
      const shop = randomShop(seed + number)
      const asItShould = corrected(shop)
      const outputFolder = join(folder, 'reference')
      await computeReference({ rawFolder: folderOf(asItShould.shop, 'corrected'), outputFolder })
      const run = await runFolder(folderOf(shop, 'recorded'), { rules: { coupons, ...RANDOM_SHOP_RULES } })
      for (const table of referenceTables)
        expect(run.csvs[table], table).toBe(readFileSync(join(outputFolder, `${table}.csv`), 'utf8'))
      expect(run.verdict.controlTotals.filter(({ holds }) => !holds)).toEqual([])
      const finding = run.verdict.findings.find(({ code }) => code === 'coupon_discounts_corrected')
      expect(finding?.details.orders_corrected ?? 0).toBe(asItShould.orders)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('some orders were corrected', () => {
    const counts = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => corrected(randomShop(seed + number)).orders)
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(15)
  })
})
