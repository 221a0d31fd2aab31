import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { rulesSchema } from '../../src/rules/rules.ts'
import { runOnce } from '../../src/run/run-once.ts'
import { orderShop } from '../support/order-shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-reject-money-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/**
 * Orders: 100.00 accepted, 10.00 of a test user, its key again with 12.00 (conflicting, although its own cells
 * would filter it), 7.00 with a bad discount. Lines: 3 × 2.00 accepted, the key again with 3 × 2.50.
 */
const shop = orderShop([
  { id: 'o1', total: '100', lines: [['Mug', '2.00', '3']] },
  { id: 'o2', total: '10', user: 'tester' },
  { id: 'o2', total: '-12', user: 'tester' },
  { id: 'o3', total: '7', discount: 'x' },
])
const lines = `${shop['order_line_item_table.csv']}o1-0,2025-01-01,o1,2025-01-01,Mug,2.50,3\n`
for (const [name, text] of Object.entries({ ...shop, 'order_line_item_table.csv': lines }))
  writeFileSync(join(folder, name), text)

test.each(['plain', 'full'] as const)('a %s run lists all money and that which is left out', async (mode) => {
  const rules = rulesSchema.parse({ maxRejectRate: 1, filters: { testUsers: ['tester'] } })
  const logFolder = join(folder, `logs-${mode}`)
  const { record, error } = await runOnce({
    mode,
    inputFolder: folder,
    outputFolder: join(folder, `output-${mode}`),
    logFolder,
    rules,
  })
  expect(error).toBeUndefined()
  const written = JSON.parse(readFileSync(join(logFolder, `${record.run_id}.json`), 'utf8')) as typeof record
  const money = Object.fromEntries(written.inputs.map((input) => [input.table, input.money]))
  expect(money.order_table).toEqual({ read: '129.00', rejected: '19.00', reject_rate: 19 / 129 })
  expect(money.order_line_item_table).toEqual({ read: '13.50', rejected: '7.50', reject_rate: 7.5 / 13.5 })
  expect(money.click_table).toBeNull()
})
