import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordSchema } from '../../src/run/logs/record.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

const BASE = join(fixtures, 'bad/base/raw_data')
/** Far below what keeping any of these inputs as objects would take. */
const MOST_BYTES = 400e6

/** Runs `ecomagg process` on the base tables with one file replaced. */
async function runWith(file: string, content: string, args: readonly string[] = []) {
  const workspace = new Workspace()
  try {
    workspace.copyFrom(BASE)
    workspace.write(file, content)
    const folders = ['--input', workspace.input, '--output', workspace.output, '--log-dir', workspace.logs]
    const { exit, stdout, stderr } = await workspace.ecomagg(['process', '--json', ...folders, ...args])
    const record = recordSchema.parse(JSON.parse(stdout))
    expect(record.peak_memory_bytes).toBeLessThan(MOST_BYTES)
    return { exit, stderr, record }
  } finally {
    workspace.dispose()
  }
}

const users = readFileSync(join(BASE, 'user_table.csv'), 'utf8')
const [header, ...rows] = users.trimEnd().split('\n') as [string, ...string[]]
const table = (more: readonly string[]) => `${[header, ...rows, ...more].join('\n')}\n`
const read = (record: Awaited<ReturnType<typeof runWith>>['record']) =>
  record.inputs.find((input) => input.table === 'user_table')!.accounting

test('100,000 columns that nobody declared are ignored', async () => {
  const extra = Array.from({ length: 100_000 }, (_, i) => `c${i}`)
  const wide = [header, ...rows].map(
    (line, i) => `${line},${extra.map((name) => (i === 0 ? name : 'x')).join()}`,
  )
  const { exit, record } = await runWith('user_table.csv', `${wide.join('\n')}\n`)
  expect(exit).toBe(0)
  expect(read(record).accepted).toBe(rows.length)
  expect(JSON.stringify(record.notices).length).toBeLessThan(3000)
})

test('a header of more than 1 MiB is refused', async () => {
  const names = Array.from({ length: 200_000 }, (_, i) => `column${i}`)
  const { exit, record } = await runWith('user_table.csv', `user_id,${names.join()}\nu1\n`)
  expect([exit, record.error?.code]).toEqual([65, 'header_invalid'])
})

test('a cell of nearly 1 MiB is an id like any other', async () => {
  const { exit, record } = await runWith('user_table.csv', table([`${'9'.repeat(1_048_000)},0,1`]))
  expect([exit, read(record).accepted]).toEqual([0, rows.length + 1])
})

test.each([
  ['digits', '9'.repeat(1_000_000)],
  ['zeros and a letter', `${'0'.repeat(1_000_000)}x`],
  ['zeros between digits', `1${'0'.repeat(1_000_000)}1`],
  ['a long fraction', `0.${'0'.repeat(1_000_000)}1`],
  ['a great exponent', '1e999999999999999999'],
])('money of %s costs nothing', async (_, money) => {
  const text = readFileSync(join(BASE, 'order_table.csv'), 'utf8')
  const names = text.split('\n', 1)[0]!.split(',')
  const cells: Record<string, string> = {
    order_id: 'o9',
    user_id: 'u1',
    session_id: 's1',
    time: '2025-01-01',
  }
  const line = names.map((name) => (name === 'total_price' ? money : (cells[name] ?? ''))).join()
  const { exit, record } = await runWith('order_table.csv', `${text.trimEnd()}\n${line}\n`, [
    '--max-reject-rate',
    '1',
  ])
  expect(exit).toBe(0)
  const { reasons, accounting } = record.inputs.find((input) => input.table === 'order_table')!
  const said = reasons.map(({ reason }) => reason)
  if (money.startsWith('0.')) expect(accounting.rejected).toBe(0)
  else expect(said).toEqual([money.endsWith('x') ? 'invalid_money' : 'money_out_of_range'])
})

test('a cell of a hundred thousand doubled quotes is a text', async () => {
  const { exit, record } = await runWith('user_table.csv', table([`"${'""'.repeat(100_000)}",0,1`]))
  expect([exit, read(record).accepted]).toEqual([0, rows.length + 1])
})

test('a quote that opens and is followed by 30 MB is refused without keeping them', async () => {
  const { exit, record } = await runWith('user_table.csv', `${table([])}"${'a,b\n'.repeat(7_500_000)}`)
  expect([exit, record.error?.code, record.error?.details.line]).toEqual([
    65,
    'unclosed_quote',
    rows.length + 2,
  ])
})

test('ids named like the innards of JavaScript objects are ids', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__']
  const { exit, record } = await runWith('user_table.csv', table(names.map((name) => `${name},0,1`)))
  expect(exit).toBe(0)
  expect(read(record)).toMatchObject({ accepted: rows.length + 5, duplicate: 1, conflicting: 0 })
})

test('columns named like the innards of JavaScript objects are just unknown', async () => {
  const lines = [header, ...rows].map((line, i) => `${line},${i === 0 ? '__proto__,constructor' : 'x,y'}`)
  const { exit, record } = await runWith('user_table.csv', `${lines.join('\n')}\n`)
  expect(exit).toBe(0)
  expect(record.notices.join()).toContain('__proto__, constructor')
})
