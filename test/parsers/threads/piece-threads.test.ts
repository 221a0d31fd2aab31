import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { contractOf } from '../../../src/custom/contract.ts'
import { noExtensions } from '../../../src/custom/extensions.ts'
import type { memoryEngine } from '../../../src/engines/memory/index.ts'
import type { KnownError } from '../../../src/lib/errors.ts'
import type { Reject } from '../../../src/parsers/accounting/accounting.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import { builtModules } from '../../support/built-modules.ts'
import { cases, chosen, oneOfEach } from '../../support/effort.ts'
import { csvOf } from '../../support/memory-run.ts'
import { addUndeclared, messyFiles, messyShop, NULL_TEXT, UNDECLARED } from '../../support/messy-shop.ts'
import { orderShop } from '../../support/order-shop.ts'
import { Random, seedOf } from '../../support/random.ts'
import { fixtures, root } from '../../support/workspace.ts'

// A thread is started by its file, so that the built engine is tried.
const dist = await builtModules()
const { seed } = seedOf(83)

/** What was built in a folder: its classes are not those of the sources, so that the two must not be mixed. */
interface Built {
  readonly engine: typeof memoryEngine
  readonly contractOf: typeof contractOf
}
let built: Built

beforeAll(async () => {
  built = await builtIn(dist)
})

async function builtIn(folder: string): Promise<Built> {
  const load = (file: string) => import(pathToFileURL(join(folder, file)).href)
  const { memoryEngine } = await load('engine.js')
  const { contractOf } = await load('contract.js')
  return { engine: memoryEngine, contractOf }
}

/** All that a run says and makes, but for the time it took. */
async function outcome(
  folder: string,
  threads: number,
  settings: Readonly<Record<string, unknown>> = {},
  by = built,
  onProgress: () => void = () => {},
) {
  const rules = rulesSchema.parse({ maxRejectRate: 1, ...settings })
  const rejects: Reject[] = []
  try {
    const loaded = await by.engine.load({
      contract: by.contractOf(rules, noExtensions),
      inputFolder: folder,
      rules,
      hashKey: Buffer.from('0123456789abcdef0123456789abcdef'),
      since: undefined,
      until: undefined,
      asOf: undefined,
      allowMissing: true,
      findPersonalData: true,
      showValues: false,
      threads,
      onReject: (reject) => rejects.push(reject),
      onProgress,
      signal: undefined,
    })
    const inputs = loaded.inputs.map(({ seconds: _, accounting, ...input }) => ({
      ...input,
      accounting: { ...accounting },
    }))
    const csvs: Record<string, string> = {}
    const steps = loaded.aggregate()
    for (;;) {
      const next = steps.next()
      if (next.done === true) return { inputs, rejects, csvs, asOf: loaded.asOf, verdict: next.value }
      csvs[next.value.definition.name] = csvOf(next.value)
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'KnownError') throw error
    const { code, message, hint, failure } = error as KnownError
    return { rejects, code, message, hint, failure }
  }
}

/** A messy shop whose rows have a column that nobody declares; every second has a file that is gzip'd. */
function shopFiles(number: number): Record<string, string | Uint8Array> {
  const shop = messyShop(number)
  addUndeclared(shop, new Random(number))
  return messyFiles(shop.rows, number % 2 === 0 ? 'pageview_table' : undefined, [UNDECLARED])
}

/** Runs a test in a folder of its own that holds the given raw tables. */
async function inFolder(
  fill: (folder: string) => void,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-threads-'))
  try {
    fill(folder)
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function expectSame(
  folder: string,
  threads: number,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  expect(await outcome(folder, threads, settings)).toEqual(await outcome(folder, 1, settings))
}

/** What is wrong with a bad input: why it is refused, and for what reasons its rows are. */
function kindOfBad(name: string): string {
  const path = join(fixtures, 'bad', name, 'case.json')
  if (!existsSync(path)) return name
  const bad = JSON.parse(readFileSync(path, 'utf8')) as {
    error: { code: string } | null
    rejects?: { reason: string }[]
  }
  const reasons = new Set(bad.rejects?.map(({ reason }) => reason))
  const about = name.replace(/-.*/, '')
  return [bad.error?.code ?? about, ...reasons].join(' ')
}

test('the entry of the thread is built', () => {
  expect(existsSync(join(dist, 'load-worker.js'))).toBe(true)
  expect(existsSync(join(root, 'dist/load-worker.js'))).toBe(true)
})

describe('any number of threads gives the same', () => {
  const golden = readdirSync(join(fixtures, 'cases'))
  test.each(chosen(golden, (_, i) => i % 16 === 0))('of the case %s', (name) =>
    expectSame(join(fixtures, 'cases', name, 'raw_data'), 3),
  )

  const base = join(fixtures, 'bad/base/raw_data')
  const bad = chosen(
    oneOfEach(
      readdirSync(join(fixtures, 'bad')).filter((name) =>
        existsSync(join(fixtures, 'bad', name, 'raw_data')),
      ),
      kindOfBad,
    ),
    (_, i) => i % 2 === 0,
  )
  test.each(bad)('of the bad input %s', async (name) => {
    const given = join(fixtures, 'bad', name, 'raw_data')
    const fill = (folder: string) => {
      for (const from of [base, given]) cpSync(from, folder, { recursive: true })
      for (const file of readdirSync(given)) if (file.endsWith('.gz')) rmSync(join(folder, file.slice(0, -3)))
    }
    await inFolder(fill, (folder) => expectSame(folder, 2))
  })

  test.each([
    ['as it is', {}],
    [
      'with repeated keys kept',
      { rawTables: { pageview_table: { dedupe: false }, click_table: { dedupe: false } } },
    ],
    ['with filters', { filters: { users: ['u1'], ordersBelow: 20 } }],
    [
      'with filters of columns',
      {
        filters: {
          columns: [
            { table: 'user_table', column: UNDECLARED, equals: 'void' },
            { table: 'pageview_table', column: UNDECLARED, matches: 'o' },
            { table: 'order_table', column: 'total_price', prefix: '1' },
          ],
        },
      },
    ],
    [
      'with the last rows of keys',
      {
        rawTables: {
          user_table: { keep: 'last' },
          order_table: { keep: 'last' },
          pageview_table: { keep: 'last' },
          click_table: { keep: 'last' },
        },
        filters: { ips: ['10.0.0.0/8'], ordersBelow: 20 },
      },
    ],
    [
      'with keys of several columns',
      {
        rawTables: {
          order_line_item_table: { key: ['event_id', 'user_id', 'product_qty'] },
          pageview_table: { key: ['session_id', 'time'], keep: 'last' },
          click_table: { key: ['user_id'] },
        },
        privacy: { hashIds: ['user_id'] },
      },
    ],
    ['with hashed ids', { privacy: { hashIds: ['user_id', 'session_id'] } }],
    ['with null values', { nullValues: [NULL_TEXT] }],
  ])('of messy shops, %s', async (_, settings) => {
    for (let shop = seed; shop < seed + cases(1, 8); shop++) {
      const files = shopFiles(shop)
      const fill = (folder: string) => {
        for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content)
      }
      await inFolder(fill, (folder) => expectSame(folder, 2 + (shop % 7), settings))
    }
  })

  test.each([2, 3, 5])(
    'of a table whose quotes hold line ends wherever it is cut, %i threads',
    async (threads) => {
      const random = new Random(seed)
      const ends = ['\n', '\r\n', '\r']
      const end = () => random.pick(ends)
      const quoted = () =>
        `"${random.text(['x', '""', ',', '\n', '\r', 'v9,u,s0,2024-01-01,/\n', '\u00e9'], 0, 9)}"`
      const record = (i: number) => {
        const id = random.chance(0.1) ? `v${random.whole(0, i)}` : `v${i}`
        const path = random.chance(0.4) ? quoted() : `/${random.text(['/', 'a', ' ', '"'], 0, 4)}`
        const cells = [id, 'u', `s${random.whole(0, 9)}`, '2024-01-01 10:00:00', path]
        return random.chance(0.03)
          ? end().repeat(2)
          : cells.slice(0, random.chance(0.02) ? 4 : 5).join(',') + end()
      }
      const long = `v,u,s0,2024-01-01,"${'y\n'.repeat(600_000)}"\n`
      for (let file = 0; file < cases(3, 12); file++) {
        const records = Array.from({ length: random.whole(1, 300) }, (_, i) => record(i))
        const views = `event_id,user_id,session_id,time,path\n${records.join('')}`
        const broken = file % 4 === 1 ? 'w,u,s0,2024-01-01,"/\n' : ''
        const files = {
          ...orderShop([]),
          'pageview_table.csv': views + (file % 4 === 2 ? long : '') + broken,
        }
        const fill = (folder: string) => {
          for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
        }
        await inFolder(fill, (folder) => expectSame(folder, threads))
      }
    },
  )
})

test.each([1, 2, 5])('sums of pieces are those of the table, %i threads', async (threads) => {
  // 3,000 orders worth 1.00, every tenth rejected: 3,000.00, of which 300.00. Every third is void, every
  // fifth of the others has no status: 1,000 void, 400 of the 2,000 others empty, 1,600 paid.
  // The days of 2025: a third each 13/02 (day first), 02/13 (month first) and 01/02.
  const status = (i: number) => (i % 3 === 0 ? 'void' : i % 5 === 0 ? '' : '"paid"')
  const day = (i: number) => ['13/02/2025', '02/13/2025', '01/02/2025'][i % 3]!
  const orders = Array.from(
    { length: 3000 },
    (_, i) => `u,s,o${i},${day(i)},${i % 2 === 0 ? '1' : '-1.0'},${i % 10 === 0 ? 'x' : ''},${status(i)}\n`,
  )
  const files = {
    ...orderShop([]),
    'order_table.csv': `user_id,session_id,order_id,time,total_price,discount,status\n${orders.join('')}`,
  }
  const fill = (folder: string) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  }
  await inFolder(fill, async (folder) => {
    const { inputs, verdict } = await outcome(folder, threads, { timeFormats: ['dd/MM/yyyy', 'MM/dd/yyyy'] })
    const { accounting } = inputs!.find(({ table }) => table === 'order_table')!
    expect([accounting.moneyRead, accounting.moneyRejected]).toEqual([3000_0000, 300_0000])
    const details = (code: string) => verdict!.findings.find((finding) => finding.code === code)?.details
    expect(details('rejected_rows')).toMatchObject({
      order_table: '300 of 3,000 rows (10.00 %), 300.00 of 3,000.00 (10.00 %)',
    })
    expect(details('status_column_unread')).toEqual({
      'order_table.status': 'paid 1,600 rows, void 1,000 rows, empty 400 rows',
    })
    expect(details('day_or_month_first')).toMatchObject({ day_first: 1000, month_first: 1000, either: 1000 })
  })
})

test.each([1, 2, 5])(
  'a copy is compared with its row in whichever piece that lies, %i threads',
  async (threads) => {
    // 2,000 views of pages 0 to 1,999, then each again: the first 1,000 of another page, the rest the same.
    const view = (i: number, page: number) => `v${i},u,s,2024-01-01,/${page}\n`
    const rows = Array.from({ length: 2000 }, (_, i) => view(i, i))
    const again = Array.from({ length: 2000 }, (_, i) => view(i, i < 1000 ? i + 5000 : i))
    const views = ['event_id,user_id,session_id,time,path\n', ...rows, ...again].join('')
    const fill = (folder: string) => {
      for (const [name, content] of Object.entries({ ...orderShop([]), 'pageview_table.csv': views }))
        writeFileSync(join(folder, name), content)
    }
    await inFolder(fill, async (folder) => {
      for (const settings of [{}, { filters: { paths: [{ equals: '/1999' }, { equals: '/0' }] } }]) {
        const { verdict } = await outcome(folder, threads, settings)
        const found = verdict!.findings.find(({ code }) => code === 'event_duplicates_differ')
        // Of the two that are filtered, page 0 has a copy that differs.
        const rowCount = 'filters' in settings ? 999 : 1000
        expect(found?.details).toEqual({
          rows: rowCount,
          pageview_table: `${rowCount === 999 ? '999' : '1,000'} of 2,000 duplicates`,
        })
      }
    })
  },
)

describe('a thread that ends early', () => {
  const worker = "await import('./load-worker-itself.js')\n"
  test.each([
    ['at its start', "throw new Error('no')\n"],
    ['before it has read anything', 'process.exit(0)\n'],
    ['after it has read something', `${worker}setTimeout(() => process.exit(0), 5)\n`],
    [
      'while it reads',
      `${worker}const { parentPort } = await import('node:worker_threads')
      let orders = 0
      parentPort.on('message', () => { if (++orders === 6) throw new Error('no') })\n`,
    ],
    [
      'one of three, asked for a sum',
      `${worker}const { parentPort, threadId } = await import('node:worker_threads')
      parentPort.on('message', (order) => { if ('digest' in order && threadId % 3 === 0) process.exit(0) })\n`,
    ],
  ])('leaves its pieces to be read without it: %s', async (_, code) => {
    const copy = mkdtempSync(join(tmpdir(), 'ecomagg-dist-'))
    try {
      cpSync(dist, join(copy, 'dist'), { recursive: true })
      cpSync(join(dist, '../package.json'), join(copy, 'package.json'))
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
      const entry = join(copy, 'dist/load-worker.js')
      renameSync(entry, join(copy, 'dist/load-worker-itself.js'))
      writeFileSync(entry, code)
      const broken = await builtIn(join(copy, 'dist'))
      const fill = (folder: string) => {
        for (const [file, content] of Object.entries(messyFiles(messyShop(seed).rows)))
          writeFileSync(join(folder, file), content)
      }
      await inFolder(fill, async (folder) => {
        const wanted = await outcome(folder, 1)
        expect(await outcome(folder, 3, {}, broken)).toEqual(wanted)
      })
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  })
})

test.each([1, 2])(
  'a file that is emptied before it is read is told as changed, %i threads',
  async (threads) => {
    const fill = (folder: string) => {
      for (const [file, content] of Object.entries(messyFiles(messyShop(seed).rows)))
        writeFileSync(join(folder, file), content)
    }
    await inFolder(fill, async (folder) => {
      // By the first word of the first table nobody has come as far as the clicks.
      const empty = () => truncateSync(join(folder, 'click_table.csv'), 0)
      expect(await outcome(folder, threads, {}, built, empty)).toMatchObject({ code: 'input_changed' })
    })
  },
)
