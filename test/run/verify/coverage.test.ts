import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Workspace } from '../../support/workspace.ts'

let shop: Workspace
beforeEach(async () => {
  shop = new Workspace({ inProcess: true })
  await shop.ecomagg(['sample', '--days', '10', '--end-date', '2025-03-10', '--force', '--quiet'])
})
afterEach(() => shop.dispose())

/** Everything in the output folder, by name. */
function published(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(shop.output).map((name) => [name, readFileSync(join(shop.output, name), 'latin1')]),
  )
}

async function run(...args: string[]): Promise<{ exit: number | string; stderr: string }> {
  return shop.ecomagg(['process', '--quiet', ...args])
}

/** The dates that the published calendar begins and ends with. */
function dates(): (string | undefined)[] {
  const lines = published()['daily_business_metrics.csv']!.trimEnd().split('\n')
  return [lines[1]!.slice(0, 10), lines.at(-1)!.slice(0, 10)]
}

test.each([
  [['--since', '2025-03-02']],
  [['--until', '2025-03-09']],
  [['--since', '2025-03-04', '--until', '2025-03-05']],
])('%j would take days away from the published set: refused, and every byte stays', async (range) => {
  expect((await run()).exit).toBe(0)
  expect(dates()).toEqual(['2025-03-01', '2025-03-10'])
  const before = published()
  const { exit, stderr } = await run(...range)
  expect(exit).toBe(73)
  expect(stderr).toContain('range_over_wider_set')
  expect(stderr).toContain('covers 2025-03-01 to 2025-03-10')
  expect(stderr).toContain('--force')
  expect(published()).toEqual(before)
})

test('with --force the range takes its place; the whole takes it again without a word', async () => {
  expect((await run()).exit).toBe(0)
  expect((await run('--since', '2025-03-04', '--until', '2025-03-05', '--force')).exit).toBe(0)
  expect(dates()).toEqual(['2025-03-04', '2025-03-05'])
  expect((await run()).exit).toBe(0)
  expect(dates()).toEqual(['2025-03-01', '2025-03-10'])
})

test('a range that holds the published days is no loss: the same again, a wider one, the whole calendar', async () => {
  for (const range of [
    ['--since', '2025-03-04', '--until', '2025-03-05'],
    ['--since', '2025-03-04', '--until', '2025-03-05'],
    ['--since', '2025-03-04'],
    ['--since', '2025-03-01', '--until', '2025-03-10'],
    ['--since', '2020-01-01'],
  ]) {
    const { exit, stderr } = await run(...range)
    expect([exit, stderr], range.join(' ')).toEqual([0, ''])
  }
})

test('another output folder is free', async () => {
  expect((await run()).exit).toBe(0)
  expect((await run('--since', '2025-03-05', '--output', 'report')).exit).toBe(0)
})

test.each([
  ['is damaged', '{"schema_version":1,'],
  ['is empty', ''],
  ['is of another program', '{"name":"shop","start_url":"/"}'],
  ['is of a later version', '{"schema_version":99}'],
])('a manifest that %s says nothing of any days: refused, --force replaces it', async (_, text) => {
  expect((await run()).exit).toBe(0)
  const path = join(shop.output, 'manifest.json')
  writeFileSync(path, text)
  const { exit, stderr } = await run('--since', '2025-03-05')
  expect([exit, stderr]).toEqual([73, expect.stringContaining('range_over_wider_set')])
  expect(stderr).toContain(path)
  expect(stderr).toContain('--force')
  expect(readFileSync(path, 'utf8')).toBe(text)
  expect((await run('--since', '2025-03-05', '--force')).exit).toBe(0)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ since: '2025-03-05' })
})

const CALENDAR = 'daily_business_metrics.csv'

test.each([
  ['is gone', () => rmSync(join(shop.output, CALENDAR))],
  ['is empty', () => writeFileSync(join(shop.output, CALENDAR), '')],
  ['has a header alone', (text: string) => cut(text, text.indexOf('\n') + 1)],
  ['ends early, at the end of a line', (text: string) => cut(text, text.indexOf('\n2025-03-04') + 1)],
  ['ends early, within a line', (text: string) => cut(text, text.length - 30)],
  ['is of zeros', (text: string) => writeFileSync(join(shop.output, CALENDAR), Buffer.alloc(text.length))],
  ['has no dates', (text: string) => change(text.replaceAll('\n2025-', '\nx'))],
  ['has no column date', (text: string) => change(text.replace('date', 'day'))],
])('a calendar that %s may have held any day: refused, --force replaces it', async (_, damage) => {
  expect((await run()).exit).toBe(0)
  damage(readFileSync(join(shop.output, CALENDAR), 'utf8'))
  const { exit, stderr } = await run('--since', '2025-03-04', '--until', '2025-03-10')
  expect([exit, stderr]).toEqual([73, expect.stringContaining('range_over_wider_set')])
  expect(stderr).toContain('dates cannot be read')
  expect(stderr).toContain(CALENDAR)
  expect(stderr).toContain('--force')
  expect((await run('--since', '2025-03-04', '--force')).exit).toBe(0)
  expect(dates()).toEqual(['2025-03-04', '2025-03-10'])
})

test('a manifest without a calendar says nothing of the days of its set: refused', async () => {
  expect((await run()).exit).toBe(0)
  const path = join(shop.output, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { files: { file: string }[] }
  const files = manifest.files.filter(({ file }) => file !== CALENDAR)
  writeFileSync(path, JSON.stringify({ ...manifest, files }))
  const { exit, stderr } = await run('--since', '2025-03-04')
  expect([exit, stderr]).toEqual([73, expect.stringContaining('range_over_wider_set')])
  expect((await run()).exit).toBe(0)
})

test('a set with a byte order mark has its dates like any other', async () => {
  expect((await run('--bom')).exit).toBe(0)
  const { exit, stderr } = await run('--since', '2025-03-04')
  expect([exit, stderr]).toEqual([73, expect.stringContaining('covers 2025-03-01 to 2025-03-10')])
  expect((await run('--since', '2025-03-01')).exit).toBe(0)
})

test('a set of no days at all is free', async () => {
  for (const name of readdirSync(shop.input)) {
    if (!name.endsWith('.csv')) continue
    const header = readFileSync(join(shop.input, name), 'utf8').split('\n', 1)[0]!
    writeFileSync(join(shop.input, name), `${header}\n`)
  }
  expect((await run()).exit).toBe(0)
  expect((await run('--since', '2025-03-04')).exit).toBe(0)
})

function cut(text: string, length: number): void {
  change(text.slice(0, length))
}

function change(text: string): void {
  writeFileSync(join(shop.output, CALENDAR), text)
}

test('since in the settings is a range like any other', async () => {
  expect((await run()).exit).toBe(0)
  writeFileSync(join(shop.folder, 'ecomagg.config.yaml'), 'since: 2025-03-05\n')
  expect((await run()).exit).toBe(73)
  expect((await run('--force')).exit).toBe(0)
  expect((await run()).exit).toBe(0)
})

test('check publishes nothing, and so may look at any range', async () => {
  expect((await run()).exit).toBe(0)
  expect((await shop.ecomagg(['check', '--quiet', '--since', '2025-03-05'])).exit).toBe(0)
})
