import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { fixtures, Workspace } from '../../support/workspace.ts'

const errorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
})

let shop: Workspace
beforeEach(() => {
  shop = new Workspace({ inProcess: true })
})
afterEach(() => shop.dispose())

/** What is said of an export of a system in which another text stands in the place of one. */
async function said(preset: string, text: string, instead: string) {
  const folder = join(fixtures, 'sources', preset)
  const settings = readdirSync(folder).find((name) => name.startsWith('ecomagg.config.'))!
  copyFileSync(join(folder, settings), join(shop.folder, settings))
  for (const name of readdirSync(join(folder, 'raw_data'))) {
    const content = readFileSync(join(folder, 'raw_data', name), 'utf8')
    shop.write(name, content.replaceAll(text, instead))
  }
  const { exit, stdout } = await shop.ecomagg(['check', '--json'])
  expect(exit).toBe(65)
  return errorSchema.parse(JSON.parse(stdout)).error
}

test('a source column that is taken as it is: the setting to paste', async () => {
  const { code, message, hint } = await said('microsoft_ads', '"Account name"', '"Account names"')
  expect(code).toBe('header_missing_source')
  expect(message).toContain(
    'account comes from the column Account name, which is missing; did you mean Account names?',
  )
  expect(hint).toContain('rawTables: { marketing_spend_table: { columns: { account: "Account names" } } }')
})

test('a source column of a mapping with steps: only its name is to be mended', async () => {
  const { hint } = await said('shopify_orders', ',Email,', ',E-mail,')
  expect(hint).toContain('write E-mail in its place in rawTables.user_table.columns.user_id')
})

test('a source column that records are asked by', async () => {
  const { message, hint } = await said('woocommerce_orders', ',Item #,', ',Item #1,')
  expect(message).toContain(
    'rawTables.user_table asks the column Item #, which is missing; did you mean Item #1?',
  )
  expect(hint).toContain('write Item #1 in its place in rawTables.user_table')
})
