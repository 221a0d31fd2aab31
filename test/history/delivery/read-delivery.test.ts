import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readDelivery } from '../../../src/history/delivery/read-delivery.ts'
import { MS_PER_DAY } from '../../../src/lib/times/wall-clock.ts'
import type { RawTable } from '../../../src/raw/define.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-delivery-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hashKey = Buffer.alloc(32, 7)
const TABLES: readonly RawTable[] = [rawTables.user_table, rawTables.session_table, rawTables.order_table]
const STORED = new Map([
  ['user_table', ['user_id']],
  ['session_table', ['user_id', 'session_id', 'time']],
  ['order_table', ['session_id', 'order_id', 'time', 'total_price']],
])

async function delivered(rules: object, key?: Uint8Array) {
  writeFileSync(join(folder, 'user_table.csv'), 'user_id,has_purchase_last_year\na,1\na,1\na,0\n')
  writeFileSync(
    join(folder, 'session_table.csv'),
    'user_id,session_id,time,IP,country\nu1,s1,1970-01-03,10.0.0.1,DE\nu2,s2,1970-01-02,10.0.0.2,DE\nu1,s1,1970-01-04,,NL\n',
  )
  writeFileSync(
    join(folder, 'order_table.csv'),
    'user_id,session_id,order_id,time,total_price\nu1,s1,o1,1970-01-03,5\nu1,s1,o2,1970-01-05,"5,0"\n',
  )
  const { tables } = await readDelivery(
    {
      folder,
      tables: TABLES,
      rules: rulesSchema.parse(rules),
      hashKey: key,
      allowMissing: false,
      findPersonalData: false,
      threads: { count: 1, isAsked: false },
      onReject: () => {},
      onProgress: () => {},
      signal: undefined,
    },
    STORED,
    1,
  )
  return Object.fromEntries(tables.map((one) => [one.table.name, one]))
}

const pairs = (prints: Int32Array | undefined) =>
  Array.from({ length: prints!.length / 2 }, (_, i) => prints!.subarray(2 * i, 2 * i + 2).join())

test('keeps all acceptable rows in file order, those that repeat a key too, and days of rejected ones', async () => {
  const { session_table, order_table } = await delivered({})
  expect(session_table!.collection.rowCount).toBe(3)
  const times = session_table!.collection.columns.time as Float64Array
  expect([...times].map((time) => time / MS_PER_DAY)).toEqual([2, 1, 3])
  expect([...session_table!.lines]).toEqual([2, 3, 4])
  expect([order_table!.collection.rowCount, ...order_table!.rejectedByDay]).toEqual([1, [4, 1]])
})

test('fingerprints tell rows of one key apart, whatever columns are kept', async () => {
  const { user_table, session_table } = await delivered({})
  const [first, second, third] = pairs(user_table!.prints)
  expect([second === first, third === first]).toEqual([true, false])
  expect(new Set(pairs(session_table!.prints)).size).toBe(3)
})

test('of a row that its own cells leave out only what tells it apart is kept', async () => {
  const { session_table } = await delivered({ filters: { ips: ['10.0.0.1'] } })
  const { columns } = session_table!.collection
  expect([...session_table!.own!]).toEqual([3, 0, 0])
  const textsOf = (column: string) => {
    const vector = columns[column]!
    if (!('codes' in vector)) throw new Error('no texts')
    return [...vector.codes].map((code) => (code < 0 ? null : vector.dictionary.text(code)))
  }
  expect(textsOf('user_id')).toEqual([null, 'u2', 'u1'])
  expect(textsOf('session_id')).toEqual(['s1', 's2', 's1'])
})

test('where ids are hashed, fingerprints cannot be tried without the key', async () => {
  const plain = await delivered({})
  const hashed = await delivered({ privacy: { hashIds: ['user_id'] } }, hashKey)
  const again = await delivered({ privacy: { hashIds: ['user_id'] } }, hashKey)
  const [first, second, third] = pairs(hashed.user_table!.prints)
  expect([second === first, third === first]).toEqual([true, false])
  expect(pairs(again.user_table!.prints)).toEqual([first, second, third])
  const known = pairs(plain.user_table!.prints)
  expect(pairs(hashed.user_table!.prints).filter((print) => known.includes(print))).toEqual([])
})
