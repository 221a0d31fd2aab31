import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fixtures, Workspace } from '../support/workspace.ts'

let shop: Workspace
beforeEach(() => {
  shop = new Workspace({ inProcess: true })
  shop.copyFrom(join(fixtures, 'real-world/column-names-of-the-shop/raw_data'))
})
afterEach(() => shop.dispose())

const MAPPED = `rawTables: { order_table: { columns: {
  user_id: Customer ID, session_id: Session ID, order_id: Order ID, time: Created At, total_price: Total } } }
`

test('check shows the first rows of mapped tables: shapes, or cells if somebody asks', async () => {
  writeFileSync(join(shop.folder, 'ecomagg.config.yaml'), MAPPED)
  const shapes = await shop.ecomagg(['check'])
  expect(shapes.exit).toBe(0)
  expect(shapes.stdout).toMatch(/^order_table as mapped, from order_table\.csv$/m)
  expect(shapes.stdout).toMatch(/^total_price +Total +99\.99 +99\.99$/m)
  expect(shapes.stdout).not.toContain('session_table as mapped')
  expect((await shop.ecomagg(['check', '--show-values'])).stdout).toMatch(
    /^total_price +Total +30\.00 +20\.00$/m,
  )
})

test('neither process nor a quiet check nor JSON has them', async () => {
  writeFileSync(join(shop.folder, 'ecomagg.config.yaml'), MAPPED)
  for (const args of [['process'], ['check', '--quiet'], ['check', '--json']])
    expect((await shop.ecomagg(args)).stdout).not.toContain('as mapped')
})

test('columns under other names: the setting to paste mends it', async () => {
  const { exit, stderr } = await shop.ecomagg(['check'])
  expect(exit).toBe(65)
  const setting = /or say where it is: (rawTables: .*)/.exec(stderr)?.[1] ?? ''
  expect(setting).toContain('time: "Created At", total_price: "Total"')
  writeFileSync(join(shop.folder, 'ecomagg.config.yaml'), setting)
  expect((await shop.ecomagg(['check'])).exit).toBe(0)
})

test('columns of which no name says anything: the command that looks closer', async () => {
  shop.write('order_table.csv', 'Order ID,a,b,Created At,Total\n')
  expect((await shop.ecomagg(['check'])).stderr).toMatch(
    /time: "Created At", total_price: "Total" } } }; for the others: ecomagg map .*order_table\.csv$/m,
  )
})

test('a file under another name: the setting to paste mends it', async () => {
  shop.write('visits.csv', 'user_id,session_id,time\nu1,s1,2025-06-01\nu2,s2,2025-06-01\n')
  shop.remove('session_table.csv')
  writeFileSync(join(shop.folder, 'ecomagg.config.yaml'), MAPPED)
  const { exit, stderr } = await shop.ecomagg(['check'])
  expect(exit).toBe(66)
  const files = /session_table: \{ (files: "visits\.csv") \}/.exec(stderr)?.[1] ?? ''
  writeFileSync(
    join(shop.folder, 'ecomagg.config.yaml'),
    MAPPED.replace('rawTables: {', `rawTables: { session_table: { ${files} },`),
  )
  expect((await shop.ecomagg(['check'])).exit).toBe(0)
})
