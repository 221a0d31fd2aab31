import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FolderFiles } from '../../../src/parsers/headers/folder-files.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-folder-'))
const { order_table, click_table, session_table, user_table } = rawTables

beforeAll(() => {
  writeFileSync(join(folder, 'my orders.csv'), 'Order ID,Customer ID,Session ID,Created At,Total\n')
  writeFileSync(join(folder, 'visits_1.csv'), 'user_id;session_id;time\n')
  writeFileSync(join(folder, 'visits_2.csv'), 'user_id;session_id;time\n')
  writeFileSync(
    join(folder, 'pageview_table.csv'),
    `${Object.keys(rawTables.pageview_table.columns).join(',')}\n`,
  )
  writeFileSync(join(folder, 'binary.csv'), Buffer.of(0, 1, 2))
  mkdirSync(join(folder, 'archive.csv'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hints = new FolderFiles(folder, Object.values(rawTables), rulesSchema.parse({}))

test('a file that holds the table, with the setting to paste', async () => {
  const hint = await hints.hintFor(order_table)
  expect(hint).toContain(
    'my orders.csv seems to hold it: rawTables: { order_table: { files: "my orders.csv" } }',
  )
  expect(hint).toContain(`ecomagg map '${folder}/my orders.csv'`)
  expect(hint).toContain('this table can never be missing')
})

test('several files', async () => {
  expect(await hints.hintFor(session_table)).toContain('files: ["visits_1.csv", "visits_2.csv"]')
})

test('a file that another table is read from is none; then the command looks', async () => {
  for (const table of [click_table, user_table])
    expect(await hints.hintFor(table)).toBe(
      `export it, choose the folder with --input, or treat missing tables as empty with --allow-missing; to see what the files there hold: ecomagg map ${folder}/*`,
    )
})
