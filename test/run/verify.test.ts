import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { fixtures, Workspace } from '../support/workspace.ts'

let workspace = new Workspace()
afterAll(() => workspace.dispose())

/** Publishes the orders of a golden case; its revenue is known from its fixtures. */
async function publishCase(name: string): Promise<void> {
  workspace.copyFrom(join(fixtures, 'cases', name, 'raw_data'))
  const folders = ['--input', workspace.input, '--output', workspace.output, '--log-dir', workspace.logs]
  expect((await workspace.ecomagg(['process', ...folders])).exit).toBe(0)
}

beforeEach(async () => {
  workspace.dispose()
  workspace = new Workspace()
  await publishCase('fuzzyfactory_window')
})

const verify = (...args: string[]) => workspace.ecomagg(['verify', '--output', workspace.output, ...args])
const published = (name: string) => join(workspace.output, name)

test('a whole set, with the facts of the shop', async () => {
  const { exit, stdout, stderr } = await verify('--json')
  expect([exit, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({
    total_revenue: '3699.26',
    total_orders: 74,
    total_sessions: 2364,
    first_date: '2012-03-19',
    last_date: '2012-04-03',
    as_of: '2012-04-03',
  })
  expect(JSON.parse(stdout).control_totals).toHaveLength(11)
  expect((await verify()).stdout).toMatch(/revenue +3,699\.26/)
})

test.each([
  ['has grown', () => writeFileSync(published('coupon_performance.csv'), '\n', { flag: 'a' })],
  ['is gone', () => rmSync(published('coupon_performance.csv'))],
  [
    'has other content of the same size',
    () => {
      const text = readFileSync(published('coupon_performance.csv'), 'utf8')
      writeFileSync(published('coupon_performance.csv'), text.replace('99.98', '99.99'))
    },
  ],
])('a file that %s is named', async (_, tamper) => {
  tamper()
  const { exit, stdout, stderr } = await verify()
  expect([exit, stdout]).toEqual([65, ''])
  expect(stderr).toContain('set_not_whole')
  expect(stderr).toContain('coupon_performance.csv')
})

test('a file of another run is found out, although it is whole in itself', async () => {
  const kept = readFileSync(published('user_lifetime_metrics.csv'))
  await publishCase('coupons')
  writeFileSync(published('user_lifetime_metrics.csv'), kept)
  const { exit, stderr } = await verify()
  expect(exit).toBe(65)
  expect(stderr).toContain('user_lifetime_metrics.csv')
})

test('totals that disagree are found, although every file fits its manifest', async () => {
  const path = published('daily_business_metrics.csv')
  const changed = readFileSync(path, 'utf8').replace('99.98', '88.98')
  writeFileSync(path, changed)
  const manifest = JSON.parse(readFileSync(published('manifest.json'), 'utf8'))
  const entry = manifest.files.find((file: { file: string }) => file.file === 'daily_business_metrics.csv')
  entry.sha256 = createHash('sha256').update(changed).digest('hex')
  writeFileSync(published('manifest.json'), JSON.stringify(manifest))
  const { exit, stderr } = await verify()
  expect(exit).toBe(65)
  expect(stderr).toMatch(/totals_disagree.*3688\.26.*3699\.26/)
})

test('a folder without a manifest, and no folder', async () => {
  rmSync(published('manifest.json'))
  expect((await verify()).exit).toBe(65)
  const { exit, stderr } = await workspace.ecomagg(['verify', '--output', 'nowhere'])
  expect([exit, stderr.includes('no_output')]).toEqual([66, true])
})
