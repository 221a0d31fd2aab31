import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KnownError } from '../../src/lib/errors.ts'
import { rawTables } from '../../src/raw/index.ts'
import { writeSample } from '../../src/sample/index.ts'

const options = { seed: 7, sessions: 60, days: 30, endDate: '2025-03-31', traps: false }
const CSVS = Object.keys(rawTables).map((table) => `${table}.csv`)

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecomagg-sample-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function hashes(path: string): Record<string, string> {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex')
  return Object.fromEntries(readdirSync(path).map((name) => [name, hash(name)]))
}

async function hashesOf(changes: Partial<typeof options>, timeZone = 'UTC'): Promise<Record<string, string>> {
  const path = mkdtempSync(join(folder, 'one-'))
  const before = process.env.TZ
  process.env.TZ = timeZone
  try {
    await writeSample({ ...options, folder: path, ...changes })
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
  return hashes(path)
}

describe.each([{ traps: false }, { traps: true }])('with traps: $traps', ({ traps }) => {
  test('the same options give the same bytes, in any time zone', async () => {
    const first = await hashesOf({ traps })
    expect(await hashesOf({ traps }, 'Pacific/Kiritimati')).toEqual(first)
    expect(Object.keys(first)).toEqual([...CSVS, ...(traps ? ['expected.json'] : [])].sort())
  })

  test('another seed gives other bytes in every file', async () => {
    const first = await hashesOf({ traps })
    const other = await hashesOf({ traps, seed: 8 })
    for (const name of CSVS) expect(other[name], name).not.toBe(first[name])
  })

  test('one session on one day is enough', async () => {
    for (const seed of [0, 1, 2, 2 ** 32 - 1]) {
      expect(Object.keys(await hashesOf({ traps, seed, sessions: 1, days: 1 }))).toHaveLength(traps ? 9 : 8)
    }
  })
})

test('the result says what was written', async () => {
  const { files, expected } = await writeSample({ ...options, folder })
  expect(expected).toBeUndefined()
  expect(files.map(({ name }) => name)).toEqual(CSVS)
  for (const { name, rows, bytes } of files) {
    const content = readFileSync(join(folder, name), 'utf8')
    expect(Buffer.byteLength(content), name).toBe(bytes)
    expect(content.split('\n').length - 2, name).toBe(rows)
    const { columns } = rawTables[name.replace('.csv', '') as keyof typeof rawTables]
    expect(content.split('\n')[0], name).toBe(Object.keys(columns).join(','))
  }
})

test('replaces tables of both forms, and the truth about them', async () => {
  await writeSample({ ...options, folder, traps: true })
  writeFileSync(join(folder, 'click_table.csv.gz'), '')
  await writeSample({ ...options, folder })
  expect(readdirSync(folder).sort()).toEqual([...CSVS].sort())
})

test('leaves alone what is not its own', async () => {
  writeFileSync(join(folder, 'expected.json'), 'mine')
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  await writeSample({ ...options, folder })
  expect(readFileSync(join(folder, 'expected.json'), 'utf8')).toBe('mine')
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine')
})

test('makes the folder, and says so when it cannot', async () => {
  await writeSample({ ...options, folder: join(folder, 'a', 'b') })
  expect(existsSync(join(folder, 'a', 'b', 'user_table.csv'))).toBe(true)
  const path = join(folder, 'a', 'b', 'user_table.csv', 'c')
  const error = await writeSample({ ...options, folder: path }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(KnownError)
  expect(error).toMatchObject({ failure: 'create', code: 'cannot_create_folder' })
})

test('an abort leaves the old files and nothing else', async () => {
  await writeSample({ ...options, folder })
  const before = hashes(folder)
  const interruption = new AbortController()
  const reason = new KnownError('retry', 'interrupted', 'interrupted')
  const running = writeSample({ ...options, folder, sessions: 100_000, signal: interruption.signal })
  setTimeout(() => interruption.abort(reason), 50)
  await expect(running).rejects.toBe(reason)
  expect(hashes(folder)).toEqual(before)
})

test('a failure at the end leaves nothing behind', async () => {
  mkdirSync(join(folder, 'user_table.csv'))
  await expect(writeSample({ ...options, folder })).rejects.toMatchObject({ failure: 'io' })
  expect(readdirSync(folder)).toEqual(['user_table.csv'])
})

test.each([
  { endDate: '1970-01-10', days: 10 },
  { endDate: '2199-12-31', days: 1 },
])('refuses dates that raw tables cannot hold: $endDate', async (dates) => {
  await expect(writeSample({ ...options, ...dates, folder })).rejects.toMatchObject({
    code: 'date_out_of_range',
  })
})
