import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeSample } from '../../src/sample/index.ts'
import { runFolder } from '../support/memory-run.ts'
import { node, plainDuckdb, root } from './commands.mjs'
import { compareTables } from './compare-tables.mjs'
import { cutLastDay } from './last-day.mjs'
import { parseOptions, SECTIONS, UsageError } from './options.mjs'
import { withSection } from './performance-page.mjs'
import { alternate } from './rounds.mjs'
import { runChild } from './run-child.mjs'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rawFolder = join(folder, 'raw_data')
const lastDay = '2025-03-31'
beforeAll(() =>
  writeSample({ folder: rawFolder, seed: 7, sessions: 400, days: 6, endDate: lastDay, traps: false }),
)

test('plain DuckDB gives the bytes that ecomagg gives', async () => {
  const [output, ours] = [join(folder, 'duckdb'), join(folder, 'ours')]
  const { failure } = await runChild(plainDuckdb({ rawFolder, output, folder, threads: 2 }), 60)
  expect(failure).toBeUndefined()
  mkdirSync(ours)
  const { csvs } = await runFolder(rawFolder)
  for (const [table, csv] of Object.entries(csvs)) writeFileSync(join(ours, `${table}.csv`), csv)
  const comparison = compareTables({ name: 'DuckDB', folder: output }, { name: 'ecomagg', folder: ours })
  expect(comparison).toEqual({ isSame: true, isSameBytes: true, differences: [], rounded: 0 })
})

test('a whole bench of a small size checks, times and says how fast', async () => {
  const args = ['--sessions', '300', '--days', '5', '--rounds', '1', '--pandas-limit', '0', '--data', folder]
  const main = join(root, 'test/bench/main.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args])
  expect(stdout).toContain('ecomagg process and plain DuckDB give the same bytes')
  expect(stdout).not.toContain('failed')
  for (const line of [/^ecomagg process( +[\d.,–-]+){9}$/m, /^ecomagg --help( +[\d.,–]+){5}$/m])
    expect(stdout).toMatch(line)
})

describe('the comparison', () => {
  let count = 0
  const compare = (expected: string, actual: string, tolerance?: number) => {
    const sides = [expected, actual].map((csv, i) => {
      const side = { name: i === 0 ? 'A' : 'B', folder: join(folder, `compared-${count++}`) }
      mkdirSync(side.folder)
      writeFileSync(join(side.folder, 'one.csv'), csv)
      return side
    })
    return compareTables(sides[0]!, sides[1]!, tolerance)
  }

  test('takes numbers as decimals and texts as they are', () => {
    expect(compare('a,b\n5.00,x\n', 'a,b\n5.0,x\n')).toMatchObject({ isSame: true, isSameBytes: false })
    expect(compare('a,b\n007,x\n', 'a,b\n7,x\n').isSame).toBe(false)
    expect(compare('a,b\n50,x\n', 'a,b\n5,x\n').isSame).toBe(false)
    expect(compare('a,b\n0,x\n', 'a,b\n,x\n').isSame).toBe(false)
    expect(compare('a,b\n"1,2",x\n', 'a,b\n"1,2",y\n').differences).toEqual([
      "one.csv, line 2, b: A 'x', B 'y'",
    ])
  })

  test('lets numbers differ by the tolerance', () => {
    expect(compare('a\n8.95\n', 'a\n8.94\n', 0.01)).toMatchObject({ isSame: true, rounded: 1 })
    expect(compare('a\n8.95\n', 'a\n8.93\n', 0.01).isSame).toBe(false)
  })

  test('sees rows, columns and tables that one side lacks', () => {
    expect(compare('a\n1\n2\n', 'a\n1\n').differences).toEqual(['one.csv: B ends before line 3'])
    expect(compare('a\n1\n', 'a,b\n1,2\n').differences[0]).toBe("one.csv, line 1, column 2: A nothing, B 'b'")
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const sides = [
      { name: 'A', folder: rawFolder },
      { name: 'B', folder: empty },
    ] as const
    expect(compareTables(...sides).differences).toContain('click_table.csv: not written by B')
    expect(compareTables(sides[1], sides[1]).isSame).toBe(false)
  })
})

test('rows of the last day are cut out, and none is lost', () => {
  const [beforeFolder, lastDayFolder] = [join(folder, 'before'), join(folder, 'last')]
  cutLastDay({ rawFolder, lastDay, beforeFolder, lastDayFolder })
  const rows = (from: string, table: string) =>
    readFileSync(join(from, `${table}.csv`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
  for (const table of ['session_table', 'order_table', 'pageview_table', 'click_table']) {
    const [all, before, last] = [rawFolder, beforeFolder, lastDayFolder].map((from) => rows(from, table))
    expect(last!.length, table).toBeGreaterThan(0)
    expect(last).toEqual(all!.filter((row) => row.includes(`,${lastDay} `)))
    expect(before).toEqual(all!.filter((row) => !row.includes(`,${lastDay} `)))
  }
  expect(rows(lastDayFolder, 'user_table')).toEqual(rows(rawFolder, 'user_table'))
})

describe('a run', () => {
  const contestant = (name: string, code: string) => ({ name, command: node(['-e', code], folder) })

  test('that fails says why and has no further ones; what continues it is not run', async () => {
    const broken = contestant('broken', 'console.error("Error: no luck"); process.exit(3)')
    const next = { ...contestant('next', '0'), needs: 'broken' }
    const results = await alternate([broken, next, contestant('well', '0')], { rounds: 2, timeout: 60 })
    expect(results.map(({ failure, times }) => [failure, times.length])).toEqual([
      ['exit code 3: Error: no luck', 1],
      ['not run, because broken failed', 0],
      [undefined, 2],
    ])
  })

  test('is ended when its time is over', async () => {
    const { failure } = await runChild(node(['-e', 'setTimeout(() => {}, 30_000)'], folder), 1)
    expect(failure).toBe('not done after 1 s')
  })

  test.runIf(process.platform === 'linux')(
    'is measured with its memory and that of what it starts',
    async () => {
      const code = 'const full = Buffer.alloc(200e6, 1); setTimeout(() => full.length, 200)'
      const alone = await runChild(node(['-e', code], folder), 60)
      expect(alone.peakBytes).toBeGreaterThan(200e6)
      expect(alone.peakBytes).toBeLessThan(350e6)
      const parent = `${code}; require('node:child_process').execFile(process.execPath, ['-e', '${code}'])`
      const together = await runChild(node(['-e', parent], folder), 60)
      expect(together.peakBytes).toBeGreaterThan(400e6)
      expect(together.peakBytes).toBeLessThan(700e6)
    },
  )
})

test('options that cannot be used are named', () => {
  expect(parseOptions(['--only', 'startup,process', '--sessions', '500,1_000'])).toMatchObject({
    only: ['process', 'startup'],
    sessions: [500, 1000],
    rounds: 3,
  })
  for (const args of [['--only', 'all'], ['--sessions', '5,'], ['--rounds', '0'], ['--fast']])
    expect(() => parseOptions(args), args.join(' ')).toThrow(UsageError)
})

test('docs/performance.md has a place for each section, and only that is replaced', () => {
  let page = readFileSync(join(root, 'docs/performance.md'), 'utf8')
  for (const section of SECTIONS) page = withSection(page, section, [`of ${section}`])
  for (const section of SECTIONS) {
    expect(page).toContain(`<!-- bench ${section} -->\n\`\`\`text\nof ${section}\n\`\`\`\n<!-- end of bench`)
  }
  expect(withSection(page, 'process', ['of process'])).toBe(page)
})
