import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { writeSample } from '../../src/sample/index.ts'
import { type Ended, fixtures, Workspace } from '../support/workspace.ts'

const HIDDEN = {
  session_table: ['user_id', 'session_id', 'IP'],
  order_table: ['order_id'],
  user_table: ['user_id'],
}

/** Runs `ecomagg process` on a trapped sample that fails by its rejects, and gives all that was said of it. */
async function saidOf(workspace: Workspace): Promise<string> {
  await writeSample({
    folder: workspace.input,
    seed: 7,
    sessions: 80,
    days: 5,
    endDate: '2024-05-05',
    traps: true,
  })
  // A row under the wrong columns: an id where the time should be, an address where money should be.
  const orders = readFileSync(join(workspace.input, 'order_table.csv'), 'latin1')
  workspace.write(
    'order_table.csv',
    Buffer.from(`${orders}\ne1,u-1,s-1,o-1,u-000001,192.0.2.77,,,,,\n`, 'latin1'),
  )
  const folders = ['--input', workspace.input, '--output', workspace.output, '--log-dir', workspace.logs]
  const ends: Ended[] = [
    await workspace.ecomagg(['process', '--verbose', '--max-reject-rate', '0', ...folders]),
    await workspace.ecomagg(['process', '--verbose', '--max-reject-rate', '1', ...folders]),
    await workspace.ecomagg(['logs', 'show', 'last', '--failed', '--log-dir', workspace.logs]),
  ]
  expect(ends.map(({ exit }) => exit)).toEqual([65, 0, 0])
  const logs = readdirSync(workspace.logs)
    .filter((name) => !name.endsWith('.rejects.csv'))
    .map((name) => readFileSync(join(workspace.logs, name), 'utf8'))
  return [...ends.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...logs].join('\n')
}

/** Ids and addresses of the raw tables that are long enough not to turn up by chance. */
function hiddenValues(workspace: Workspace): Set<string> {
  const values = new Set<string>(['u-000001', '192.0.2.77'])
  for (const [table, columns] of Object.entries(HIDDEN)) {
    const text = readFileSync(join(workspace.input, `${table}.csv`), 'utf8')
    const rows = parse(text, {
      columns: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_error: true,
    })
    for (const row of rows as Record<string, string>[]) {
      for (const column of columns) if ((row[column] ?? '').length >= 7) values.add(row[column]!)
    }
  }
  return values
}

test('no id and no address in logs or on the terminal', async () => {
  const workspace = new Workspace()
  try {
    const said = await saidOf(workspace)
    const hidden = hiddenValues(workspace)
    expect(hidden.size).toBeGreaterThan(100)
    expect([...hidden].filter((value) => said.includes(value))).toEqual([])
  } finally {
    workspace.dispose()
  }
})

test.each([
  { args: [], shown: "'aaaaa-aa'", hidden: "'maybe-so'" },
  { args: ['--show-values'], shown: "'maybe-so'", hidden: "'aaaaa-aa'" },
])('a refused cell, with $args', async ({ args, shown, hidden }) => {
  const workspace = new Workspace()
  try {
    workspace.copyFrom(join(fixtures, 'bad/base/raw_data'))
    workspace.write('user_table.csv', 'user_id,has_purchase_last_year,has_purchase_last_qtr\nu1,maybe-so,0\n')
    const { exit, stderr } = await workspace.process(args)
    expect(exit).toBe(65)
    expect(stderr).toContain(shown)
    expect(stderr).not.toContain(hidden)
  } finally {
    workspace.dispose()
  }
})
