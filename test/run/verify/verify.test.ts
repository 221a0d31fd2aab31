import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { fixtures, Workspace } from '../../support/workspace.ts'

let workspace = new Workspace({ inProcess: true })
afterAll(() => workspace.dispose())

/** Publishes the orders of a golden case; its revenue is known from its fixtures. */
async function publishCase(name: string): Promise<void> {
  workspace.copyFrom(join(fixtures, 'cases', name, 'raw_data'))
  const folders = ['--input', workspace.input, '--output', workspace.output, '--log-dir', workspace.logs]
  expect((await workspace.ecomagg(['process', ...folders])).exit).toBe(0)
}

beforeEach(async () => {
  workspace.dispose()
  workspace = new Workspace({ inProcess: true })
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

/** What a manifest says of one file. */
interface Entry {
  table: string
  file: string
  rows: number
  bytes: number
  sha256: string
}

/** Changes what the manifest says of the files of its set. */
function changeEntries(change: (entries: Entry[]) => Entry[]): void {
  const manifest = JSON.parse(readFileSync(published('manifest.json'), 'utf8'))
  writeFileSync(
    published('manifest.json'),
    JSON.stringify({ ...manifest, files: change(manifest.files as Entry[]) }),
  )
}

/** Puts another text in the place of a published file, as if a run had published it. */
function replacePublished(file: string, text: string): void {
  writeFileSync(published(file), text)
  changeEntries((entries) =>
    entries.map((entry) =>
      entry.file === file
        ? {
            ...entry,
            bytes: Buffer.byteLength(text),
            sha256: createHash('sha256').update(text).digest('hex'),
          }
        : entry,
    ),
  )
}

test.each(['daily_business_metrics', 'coupon_performance', 'session_funnel', 'page_engagement_metrics'])(
  'a manifest without %s is no whole set',
  async (table) => {
    changeEntries((entries) => entries.filter((entry) => entry.table !== table))
    const { exit, stdout, stderr } = await verify()
    expect([exit, stdout]).toEqual([65, ''])
    expect(stderr).toContain('set_not_whole')
    expect(stderr).toContain(table)
    expect(stderr).not.toContain('unexpected')
  },
)

test('a manifest without any file names all seven', async () => {
  changeEntries(() => [])
  const { exit, stderr } = await verify()
  expect(exit).toBe(65)
  expect(stderr).toMatch(/set_not_whole.*daily_business_metrics.*coupon_performance/)
})

test.each([
  ['no number where money belongs', (text: string) => text.replace('99.98', 'much')],
  ['another header', (text: string) => text.replace('total_revenue', 'revenue')],
  ['a line cut off', (text: string) => text.slice(0, -9)],
  ['an open quote', (text: string) => `${text}"`],
  ['nothing in it', () => ''],
])('a table with %s, although it fits its manifest, is no whole set', async (_, change) => {
  const file = 'daily_business_metrics.csv'
  replacePublished(file, change(readFileSync(published(file), 'utf8')))
  const { exit, stdout, stderr } = await verify()
  expect([exit, stdout]).toEqual([65, ''])
  expect(stderr).toContain('set_not_whole')
  expect(stderr).toContain(file)
  expect(stderr).not.toContain('unexpected')
})

test.each([
  ['is damaged', '{"schema_version":1,', 'is not JSON'],
  ['is of another program', '{"name":"shop"}', 'is not one that ecomagg wrote (schema_version: '],
])('a manifest that %s: refused, and a plain run that replaces it says so', async (_, text, why) => {
  writeFileSync(published('manifest.json'), text)
  const { exit, stdout, stderr } = await verify()
  expect([exit, stdout]).toEqual([65, ''])
  expect(stderr).toContain(`error (manifest_damaged): ${published('manifest.json')} ${why}`)
  const folders = ['--input', workspace.input, '--output', workspace.output, '--log-dir', workspace.logs]
  const again = await workspace.ecomagg(['process', '--json', ...folders])
  expect([again.exit, again.stderr]).toEqual([0, ''])
  const { notices } = JSON.parse(again.stdout) as { notices: string[] }
  expect(notices.join()).toContain(`${published('manifest.json')} ${why}`)
  expect(notices.join()).toContain('this run replaces it')
  expect((await verify()).exit).toBe(0)
})

test('a folder without a manifest, and no folder', async () => {
  rmSync(published('manifest.json'))
  expect((await verify()).exit).toBe(65)
  const { exit, stderr } = await workspace.ecomagg(['verify', '--output', 'nowhere'])
  expect([exit, stderr.includes('no_output')]).toEqual([66, true])
})
