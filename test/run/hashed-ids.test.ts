import { createHmac } from 'node:crypto'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'

const KEY = 'correct horse battery staple'
const IDS = ['user_id', 'session_id', 'order_id'] as const

let shop: Workspace
beforeEach(async () => {
  shop = new Workspace()
  const { exit } = await shop.ecomagg([
    'sample',
    '--sessions',
    '400',
    '--seed',
    '9',
    '--traps',
    '--force',
    '--quiet',
  ])
  expect(exit).toBe(0)
})
afterEach(() => shop.dispose())

const settings = (privacy: object, more: object = {}) =>
  writeFileSync(
    join(shop.folder, 'ecomagg.config.json'),
    JSON.stringify({ maxRejectRate: 1, privacy, ...more }),
  )

/** Among the planted ids are product names and short texts, which may stand anywhere. */
const isTelling = (id: string) => /^(?=.*\d)[\w-]{8,}$/.test(id)

/** The ids of all raw tables. */
function originalIds(columns: readonly string[]): Set<string> {
  const ids = new Set<string>()
  for (const file of readdirSync(shop.input).filter((name) => name.endsWith('.csv'))) {
    const rows: string[][] = parse(readFileSync(join(shop.input, file)), {
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_error: true,
      bom: true,
      trim: true,
    })
    const header = rows[0]!
    // Planted rows of another length hold other columns' cells where an id should be.
    for (const row of rows.slice(1).filter(({ length }) => length === header.length)) {
      for (const column of columns) {
        const id = row[header.indexOf(column)]
        if (id !== undefined && isTelling(id)) ids.add(id)
      }
    }
  }
  return ids
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** The ids that stand anywhere in these folders. */
function idsFound(ids: ReadonlySet<string>, ...folders: string[]): string[] {
  const texts = folders.flatMap(filesBelow).map((file) => readFileSync(file, 'utf8'))
  return [...ids].filter((id) => texts.some((text) => text.includes(id)))
}

const hash = (id: string, key = KEY) => createHmac('sha256', key).update(id).digest('hex')

test('outputs, logs and rejects hold no original id; what they hold is HMAC-SHA-256', async () => {
  settings({ hashIds: IDS }, { filters: { testUsers: [[...originalIds(['user_id'])][0]] } })
  const ids = originalIds(IDS)
  expect(ids.size).toBeGreaterThan(500)
  const { exit, stderr, stdout } = await shop.ecomagg(['process', '--verbose', '--show-values'], {
    ECOMAGG_HASH_KEY: KEY,
  })
  expect([exit, stderr]).toEqual([0, ''])
  expect(idsFound(ids, shop.output, shop.logs)).toEqual([])
  expect([...ids].filter((id) => stdout.includes(id))).toEqual([])
  expect(readdirSync(shop.logs).some((name) => name.endsWith('.rejects.csv'))).toBe(true)
  const funnel: Record<string, string>[] = parse(readFileSync(join(shop.output, 'session_funnel.csv')), {
    columns: true,
  })
  const hashes = new Set([...originalIds(['session_id'])].map((id) => hash(id)))
  expect(funnel.filter(({ session_id }) => hashes.has(session_id!)).length).toBeGreaterThan(300)
  expect(
    funnel.every(
      ({ session_id, user_id }) => /^[0-9a-f]{64}$/.test(session_id!) && /^[0-9a-f]{64}$/.test(user_id!),
    ),
  ).toBe(true)
})

test('the key itself is written nowhere, but runs of another key can be told apart', async () => {
  settings({ hashIds: ['user_id'] })
  const keyIds = []
  for (const key of [KEY, KEY, `${KEY}!`]) {
    expect((await shop.ecomagg(['process', '-q'], { ECOMAGG_HASH_KEY: key })).exit).toBe(0)
    keyIds.push(JSON.parse(readFileSync(join(shop.output, 'manifest.json'), 'utf8')).hash_key_id)
  }
  expect(idsFound(new Set([KEY]), shop.output, shop.logs)).toEqual([])
  expect(keyIds[0]).toMatch(/^[0-9a-f]{16}$/)
  expect(keyIds[1]).toBe(keyIds[0])
  expect(keyIds[2]).not.toBe(keyIds[0])
})

test('only the ids that are listed are hashed', async () => {
  settings({ hashIds: ['user_id'] })
  expect((await shop.ecomagg(['process', '-q'], { ECOMAGG_HASH_KEY: KEY })).exit).toBe(0)
  expect(idsFound(originalIds(['user_id']), shop.output, shop.logs)).toEqual([])
  expect(idsFound(originalIds(['session_id']), shop.output).length).toBeGreaterThan(300)
})

describe('the key', () => {
  const keyFile = (mode: number, content = `${KEY}\n`) => {
    const path = join(shop.folder, 'shop.key')
    writeFileSync(path, content)
    chmodSync(path, mode)
  }

  test('none: nothing starts, and the old set stays', async () => {
    expect((await shop.ecomagg(['process', '-q', '--max-reject-rate', '1'])).exit).toBe(0)
    const before = readFileSync(join(shop.output, 'manifest.json'))
    settings({ hashIds: ['user_id'] })
    const { exit, stderr } = await shop.ecomagg(['process'])
    expect(exit).toBe(78)
    expect(stderr).toContain('hash_key_missing')
    expect(stderr).toContain('ECOMAGG_HASH_KEY')
    expect(readFileSync(join(shop.output, 'manifest.json')).equals(before)).toBe(true)
  })

  test('a file gives the same hashes as the variable', async () => {
    settings({ hashIds: IDS, keyFile: 'shop.key' })
    keyFile(0o600)
    expect((await shop.ecomagg(['process', '-q'])).exit).toBe(0)
    const byFile = readFileSync(join(shop.output, 'user_lifetime_metrics.csv'))
    settings({ hashIds: IDS, keyVariable: 'SHOP_KEY' })
    expect((await shop.ecomagg(['process', '-q'], { SHOP_KEY: KEY })).exit).toBe(0)
    expect(readFileSync(join(shop.output, 'user_lifetime_metrics.csv')).equals(byFile)).toBe(true)
  })

  test.skipIf(process.platform === 'win32')('a file that others may read is refused', async () => {
    settings({ hashIds: IDS, keyFile: 'shop.key' })
    keyFile(0o640)
    const { exit, stderr } = await shop.ecomagg(['process'])
    expect(exit).toBe(78)
    expect(stderr).toContain('hash_key_unsafe')
    expect(stderr).toContain('chmod 600')
  })

  test('too short is refused', async () => {
    settings({ hashIds: IDS })
    const { exit, stderr } = await shop.ecomagg(['process'], { ECOMAGG_HASH_KEY: 'short' })
    expect(exit).toBe(78)
    expect(stderr).toContain('hash_key_short')
    expect(stderr).not.toContain("'short'")
  })
})
