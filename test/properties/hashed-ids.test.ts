import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { type MemoryRun, runInMemory } from '../support/memory-run.ts'
import { cellOf, type MessyShop, messyFiles, messyShop, NULL_TEXT } from '../support/messy-shop.ts'
import { Random, seedOf } from '../support/random.ts'
import { SHOP_TABLES } from '../support/random-shop.ts'

const SHOPS = cases(4, 20)
const { seed: firstSeed } = seedOf(1)
const seeds = Array.from({ length: process.env.SEED === undefined ? SHOPS : 1 }, (_, i) => firstSeed + i)

const KEY = Buffer.from('a key of at least sixteen bytes')
const IDS = ['user_id', 'session_id', 'order_id'] as const
const SUBSETS = [1, 2, 3, 4, 5, 6, 7].map((bits) => IDS.filter((_, i) => (bits >> i) & 1))

const hmac = (id: string, key = KEY) =>
  createHmac('sha256', key).update(Buffer.from(id, 'utf8')).digest('hex')

/** The shop with hashes in the place of some ids; null cells stay as they are. */
function hashedRows({ rows }: MessyShop, ids: readonly string[]): MessyShop['rows'] {
  return Object.fromEntries(
    SHOP_TABLES.map((table) => [
      table,
      rows[table]!.map((row) => {
        const hashes = ids.flatMap((column) => {
          const id = cellOf(row, column)
          return id === null ? [] : [[column, hmac(id)] as const]
        })
        return { ...row, ...Object.fromEntries(hashes) }
      }),
    ]),
  )
}

function withoutCells({ rejects }: MemoryRun) {
  return rejects.map(({ table, line, column, reason }) => ({ table, line, column, reason }))
}

/** All that a run keeps of single cells. */
function keptCells({ rejects, loaded }: MemoryRun): string {
  const examples = loaded.inputs.flatMap(({ accounting }) =>
    [...accounting.reasons.values()].map(({ example }) => example.cell),
  )
  return [...rejects.map(({ cell }) => cell), ...examples].join('\n')
}

/** What a run says, but for the ids that it quotes: hashes are shown as they are, ids by their shape. */
function withoutExamples({ verdict }: MemoryRun): unknown {
  const findings = verdict.findings.map(({ code, details }) => [
    code,
    Object.entries(details).filter(([name, value]) => !`${name}${value}`.includes("'")),
  ])
  return { findings, controlTotals: verdict.controlTotals }
}

describe.each(seeds)('a messy shop of seed %i (the environment variable SEED runs one alone)', (seed) => {
  const shop = messyShop(seed)
  const originals = { user_id: shop.userIds, session_id: shop.sessionIds, order_id: shop.orderIds }
  const nullValues = [NULL_TEXT]

  test.each(SUBSETS.map((ids) => ({ ids, names: ids.join(', ') })))(
    'as if the hashes had stood in the files: $names',
    async ({ ids }) => {
      const zipped = new Random(seed).pick(SHOP_TABLES)
      const run = await runInMemory(messyFiles(shop.rows, zipped), {
        hashKey: KEY,
        rules: { nullValues, privacy: { hashIds: ids } },
      })
      const plain = await runInMemory(messyFiles(hashedRows(shop, ids)), { rules: { nullValues } })
      expect(run.csvs).toEqual(plain.csvs)
      expect(run.inputs).toEqual(plain.inputs)
      expect(withoutExamples(run)).toEqual(withoutExamples(plain))
      expect(withoutCells(run)).toEqual(withoutCells(plain))

      const output = Object.values(run.csvs).join('\n')
      const hidden = ids.flatMap((id) => originals[id])
      expect(hidden.filter((id) => output.includes(id))).toEqual([])
      // A row under the wrong columns may show any id in any cell, so none is shown.
      const cells = keptCells(run)
      expect(Object.values(originals).flatMap((all) => all.filter((id) => cells.includes(id)))).toEqual([])
    },
  )

  test('filters know the ids as they stand in the files', async () => {
    const random = new Random(seed)
    const [user, session] = [random.pick(shop.userIds), random.pick(shop.sessionIds)]
    const run = await runInMemory(messyFiles(shop.rows), {
      hashKey: KEY,
      rules: {
        nullValues,
        privacy: { hashIds: IDS },
        filters: {
          testUsers: [user],
          users: [{ glob: 'test */*1' }],
          sessions: [session],
          ips: ['10.0.0.0/8'],
        },
      },
    })
    const hashedTests = shop.userIds
      .filter((id) => id.startsWith('test') && id.endsWith('1'))
      .map((id) => hmac(id))
    const plain = await runInMemory(messyFiles(hashedRows(shop, IDS)), {
      rules: {
        nullValues,
        filters: { testUsers: [hmac(user), ...hashedTests], sessions: [hmac(session)], ips: ['10.0.0.0/8'] },
      },
    })
    expect(run.inputs).toEqual(plain.inputs)
    expect(run.csvs).toEqual(plain.csvs)
  })
})

const lines = (...all: string[]) => `${all.join('\n')}\n`

/** Sessions in file order, and nothing else. */
function sessionsOnly(...sessions: string[]) {
  return {
    'user_table.csv': lines('user_id'),
    'session_table.csv': lines('user_id,session_id,time', ...sessions),
    'order_table.csv': lines('user_id,session_id,order_id,time,total_price'),
    'order_line_item_table.csv': lines(
      'event_id,session_id,order_id,time,product_name,product_price,product_qty',
    ),
    'add_to_cart_table.csv': lines('event_id,session_id,time,product_name'),
    'pageview_table.csv': lines('event_id,user_id,session_id,time,path'),
    'scroll_table.csv': lines('event_id,time,scroll_percent,path'),
    'click_table.csv': lines('event_id,time,path'),
  }
}

const everyId = { privacy: { hashIds: IDS } }
const cellsOf = (csv: string | undefined) => new Set(csv?.match(/\b[0-9a-f]{64}\b/g))

describe('by hand', () => {
  test('one key gives the same hashes in every run, another key others', async () => {
    const files = sessionsOnly('u,s,2024-01-01', 'u2,s2,2024-01-01')
    const run = (hashKey: Buffer) => runInMemory(files, { hashKey, rules: everyId })
    const [first, again, other] = [
      await run(KEY),
      await run(Buffer.from(KEY)),
      await run(Buffer.alloc(32, 7)),
    ]
    expect(again.csvs).toEqual(first.csvs)
    expect(cellsOf(first.csvs.session_attribution)).toEqual(
      new Set(['u', 's', 'u2', 's2'].map((id) => hmac(id))),
    )
    const common = [...cellsOf(other.csvs.session_attribution)].filter((hash) =>
      first.csvs.session_attribution?.includes(hash),
    )
    expect(common).toEqual([])
    expect(cellsOf(other.csvs.session_attribution).size).toBe(4)
  })

  test('ids that differ stay apart, however little; blanks around one do not make another', async () => {
    const ids = [
      'a',
      'A',
      'a ',
      '\ta',
      'a b',
      'a  b',
      'é',
      'e\u0301',
      '\u00A0a',
      hmac('a'),
      '__proto__',
      '"a"',
    ]
    const files = sessionsOnly(...ids.map((id) => `u,"${id.replaceAll('"', '""')}",2024-01-01`))
    const { inputs, csvs } = await runInMemory(files, { hashKey: KEY, rules: everyId })
    expect(inputs.session_table).toMatchObject({ read: 12, duplicate: 2, conflicting: 0, accepted: 10 })
    const different = ids.filter((id) => id !== 'a ' && id !== '\ta')
    expect(cellsOf(csvs.session_attribution)).toEqual(new Set([...different, 'u'].map((id) => hmac(id))))
    expect((await runInMemory(files)).inputs).toEqual(inputs)
  })

  test('a conflicting row is known by the hash of its key', async () => {
    const files = sessionsOnly('u,s,2024-01-01', 'v,s,2024-01-01')
    const { rejects } = await runInMemory(files, { hashKey: KEY, rules: everyId })
    expect(rejects).toMatchObject([{ line: 3, reason: 'conflicting_duplicate', cell: hmac('s') }])
  })

  test('a key that is not hashed itself is shown as its shape alone, for it may be an id in the wrong column', async () => {
    // user_id and session_id are swapped.
    const swapped = sessionsOnly('session-1,user-007,2024-01-01', 'session-2,user-007,2024-01-01')
    const run = await runInMemory(swapped, { hashKey: KEY, rules: { privacy: { hashIds: ['user_id'] } } })
    expect(run.rejects).toMatchObject([{ reason: 'conflicting_duplicate', cell: 'aaaa-999' }])
    expect(keptCells(run)).not.toContain('user-007')

    // A shop whose line items are named after their orders.
    const items = {
      ...sessionsOnly(),
      'order_line_item_table.csv': lines(
        'event_id,session_id,order_id,time,product_name,product_price,product_qty',
        'order-42/1,,order-42,2024-01-01,Mug,1,1',
        'order-42/1,,order-42,2024-01-01,Mug,1,2',
      ),
    }
    const named = await runInMemory(items, { hashKey: KEY, rules: everyId })
    expect(named.rejects).toMatchObject([{ reason: 'conflicting_duplicate', cell: 'aaaaa-99/9' }])
    expect((await runInMemory(items)).rejects).toMatchObject([{ cell: 'order-42/1' }])
  })

  test('an id of unusual characters in the wrong column is not shown either', async () => {
    const odd = ['\u2460\u2461\u2462', '\u{1F600}\u{1F601}', '\u2167', '\u0667\u0668', '\u4E2D\u6587']
    const files = sessionsOnly(...odd.map((id, i) => `u,s${i},${id}`))
    const run = await runInMemory(files, { hashKey: KEY, rules: everyId })
    expect(run.inputs.session_table).toMatchObject({ read: 5, rejected: 5 })
    expect(odd.filter((id) => keptCells(run).includes(id))).toEqual([])
  })
})
