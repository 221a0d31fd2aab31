import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runFolder } from '../support/memory-run.ts'
import { seedOf } from '../support/random.ts'
import { RANDOM_SHOP_RULES, randomShop, shopCsv } from '../support/random-shop.ts'
import { computeReference, referenceTables } from './duckdb.ts'

const { seed, name } = seedOf(7300)

describe.each(['refund', 'order'] as const)(
  `shops with refunds, guests and halves give the bytes of plain DuckDB SQL, ${name}; amounts below 0: %s`,
  (negativeOrders) => {
    test.each([0, 1, 2, 3, 4, 5])('shop %d', async (number) => {
      const folder = mkdtempSync(join(tmpdir(), 'ecomagg-random-shop-'))
      try {
        const rawFolder = join(folder, 'raw_data')
        mkdirSync(rawFolder)
        for (const [table, rows] of Object.entries(randomShop(seed + number)))
          writeFileSync(join(rawFolder, `${table}.csv`), shopCsv(table, rows))
        const outputFolder = join(folder, 'reference')
        await computeReference({ rawFolder, outputFolder, negativeOrders })
        const { csvs } = await runFolder(rawFolder, { rules: { ...RANDOM_SHOP_RULES, negativeOrders } })
        for (const table of referenceTables)
          expect(csvs[table], table).toBe(readFileSync(join(outputFolder, `${table}.csv`), 'utf8'))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  },
)
