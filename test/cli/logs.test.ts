import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { recordSchema } from '../../src/run/logs/record.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

const workspace = new Workspace()
const statuses = z.array(z.object({ run_id: z.string(), status: z.string() }))

/** Three runs: published, failed for want of all tables, checked. */
beforeAll(async () => {
  workspace.copyFrom(join(fixtures, 'cases/one_day_one_order/raw_data'))
  await workspace.ecomagg(['process', '--quiet'])
  mkdirSync(join(workspace.folder, 'empty'))
  await workspace.ecomagg(['process', '--quiet', '--input', 'empty'])
  await workspace.ecomagg(['check', '--quiet'])
})
afterAll(() => workspace.dispose())

test('logs lists the runs, newest first, with what people ask for', async () => {
  const { exit, stdout, stderr } = await workspace.ecomagg(['logs'])
  expect([exit, stderr]).toEqual([0, ''])
  const [header, ...rows] = stdout.trimEnd().split('\n')
  for (const column of ['run', 'started', 'status', 'rows read', 'revenue', 'duration', 'error']) {
    expect(header).toContain(column)
  }
  expect(rows.map((row) => row.split('-')[0])).toEqual(['000003', '000002', '000001'])
  expect(rows[0]).toContain('checked')
  expect(rows[1]).toMatch(/failed.*input_problems/)
  expect(rows[2]).toMatch(/published/)
})

test('logs --json', async () => {
  const { exit, stdout } = await workspace.ecomagg(['logs', '--json'])
  expect(exit).toBe(0)
  const runs = statuses.parse(JSON.parse(stdout))
  expect(runs.map(({ status }) => status)).toEqual(['checked', 'failed', 'published'])
  for (const run of JSON.parse(stdout)) expect(recordSchema.safeParse(run).success).toBe(true)
})

test('logs --failed', async () => {
  const { stdout } = await workspace.ecomagg(['logs', '--failed', '--json'])
  expect(statuses.parse(JSON.parse(stdout)).map(({ run_id }) => run_id.slice(0, 6))).toEqual(['000002'])
})

test.each([
  ['last', '000003'],
  ['000001', '000001'],
  ['000002-', '000002'],
])('logs show %s', async (wanted, number) => {
  const { exit, stdout, stderr } = await workspace.ecomagg(['logs', 'show', wanted])
  expect([exit, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(new RegExp(`^run +${number}-`))
})

test('logs show of a good run: accounting, totals with both sides, timings, files', async () => {
  const { stdout } = await workspace.ecomagg(['logs', 'show', '000001'])
  for (const part of [
    'session_table',
    'revenue',
    'holds',
    'order_table (accepted rows)',
    'daily_business_metrics.csv',
    'load',
    '.jsonl',
  ]) {
    expect(stdout).toContain(part)
  }
  expect(stdout).not.toContain('DISAGREES')
})

test('logs show of a failed run: every problem and what to do', async () => {
  const { stdout } = await workspace.ecomagg(['logs', 'show', '000002'])
  expect(stdout).toContain('input_problems')
  const flat = stdout.replaceAll(/\s+/g, ' ')
  for (const table of ['user_table', 'session_table', 'click_table'])
    expect(flat).toContain(`${table}.csv is missing`)
  expect(stdout).toContain('what to do')
})

test('logs show without a run is the last, and --failed the last that failed', async () => {
  expect((await workspace.ecomagg(['logs', 'show'])).stdout).toMatch(/^run +000003-/)
  expect((await workspace.ecomagg(['logs', 'show', '--failed'])).stdout).toMatch(/^run +000002-/)
  expect((await workspace.ecomagg(['logs', 'show', 'last', '--failed'])).stdout).toMatch(/^run +000002-/)
})

test('logs show --json is the run record', async () => {
  const { exit, stdout } = await workspace.ecomagg(['logs', 'show', 'last', '--json'])
  expect(exit).toBe(0)
  expect(recordSchema.parse(JSON.parse(stdout)).status).toBe('checked')
})

test('a log folder without runs, and none at all', async () => {
  const other = new Workspace()
  try {
    const empty = await other.ecomagg(['logs'])
    expect([empty.exit, empty.stdout]).toEqual([0, 'no run yet: start one with ecomagg process\n'])
    expect((await other.ecomagg(['logs', '--json'])).stdout).toBe('[]\n')
    expect((await other.ecomagg(['logs', '--failed'])).stdout).toBe('no failed run\n')
    const none = await other.ecomagg(['logs', '--log-dir', 'nowhere'])
    expect([none.exit, none.stdout]).toEqual([66, ''])
    expect(none.stderr).toContain('no_logs')
    expect((await other.ecomagg(['logs', 'show'])).exit).toBe(64)
  } finally {
    other.dispose()
  }
})

test('a record that is no record, and files that are none of ours, do not stop the list', async () => {
  const other = new Workspace()
  try {
    writeFileSync(join(other.logs, '000007-20250101T000000Z-abcd.json'), '{ torn')
    writeFileSync(join(other.logs, 'notes.json'), '{}')
    const { exit, stdout } = await other.ecomagg(['logs', '--json'])
    expect(exit).toBe(0)
    expect(JSON.parse(stdout)).toEqual([{ run_id: '000007-20250101T000000Z-abcd', status: 'unreadable' }])
    expect((await other.ecomagg(['logs', 'show', 'last'])).stdout).toContain('cannot be read')
  } finally {
    other.dispose()
  }
})
