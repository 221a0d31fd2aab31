import { createHash, createHmac } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inShell, run } from '../faults/commands.ts'
import { addressOfDay, changed, shopDays } from '../support/shop-days.ts'
import { bytesBelow, type Ran, RESULTS, SliceWorkspace } from '../support/slice-workspace.ts'

/** The first three dates of the shop, published with a history: what most of these tests begin with. */
let base: SliceWorkspace
let shop: SliceWorkspace

beforeAll(async () => {
  base = new SliceWorkspace()
  expectDone(await base.add(base.slice(shopDays(1, 2, 3))))
})
afterAll(() => base?.dispose())

beforeEach(() => {
  shop = new SliceWorkspace()
  for (const folder of ['output', 'logs'] as const)
    cpSync(base[folder], shop[folder], { recursive: true, preserveTimestamps: true })
})
afterEach(() => shop.dispose())

function expectDone(ran: Ran): void {
  expect([ran.exit, ran.stderr]).toEqual([0, ''])
  expect(ran.record.status).toBe('published')
}

/** Expects a refusal that leaves every byte of the output folder as it was. */
async function expectRefused(work: () => Promise<Ran>, exit: number, code: string): Promise<string> {
  const before = shop.everything()
  const ran = await work()
  expect([ran.exit, ran.record.error?.code], ran.stderr).toEqual([exit, code])
  expect(ran.stdout).toBe('')
  expect([...shop.everything()]).toEqual([...before])
  return `${ran.record.error!.message} ${ran.record.error!.hint}`
}

const settings = (more: object) =>
  writeFileSync(join(shop.folder, 'ecomagg.config.json'), JSON.stringify(more))

/** What a plain run over these dates gives, in this workspace with its settings file. */
const plain = (days: readonly number[], ...args: string[]) =>
  shop.plainResults(shop.slice(shopDays(...days)), args)

describe('refused, and nothing changes:', () => {
  test('rows of a date that the slice lacks', async () => {
    const slice = changed(shopDays(2), 'order_table', {
      without: 'order-a2',
      plus: ['visitor-2,beta-2,order-c2,2024-03-02 18:00:00,7.25,,,'],
    })
    const said = await expectRefused(() => shop.add(shop.slice(slice)), 65, 'slice_loses_rows')
    // The slice has order-b2 (2.25) and order-c2 (7.25); order-a2 (20.50) would be gone.
    expect(said).toMatch(/2024-03-02/)
    expect(said).toMatch(/order_table/)
    expect(said).toMatch(/\b20\.50\b/)
    expect(said).toMatch(/\b(7\.25|9\.50)\b/)
    expect(said).toContain('--merge-days')
    expect(said).toContain('--allow-shrink')
    expect(said).not.toContain('pageview_table')
  })

  test('rows of several tables and dates, each of them named', async () => {
    const orders = changed(shopDays(1, 3), 'order_table', { without: 'order-b1' })
    const slice = changed(orders, 'click_table', { without: 'click-3' })
    const said = await expectRefused(() => shop.add(shop.slice(slice)), 65, 'slice_loses_rows')
    expect(said).toMatch(/2024-03-01 order_table/)
    expect(said).toMatch(/2024-03-03 click_table/)
    expect(said).not.toContain('2024-03-02')
  })

  test('--full over raw files that lack dates', async () => {
    const input = shop.slice(shopDays(2, 3))
    const said = await expectRefused(() => shop.run(input, ['--full']), 65, 'full_loses_dates')
    expect(said).toContain('2024-03-01')
    expect(said).not.toContain('2024-03-02')
    expect(said).toContain('--incremental')
    expect(said).toContain('--allow-shrink')
  })

  test('a slice for a set that was published by a plain run', async () => {
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.run(shop.slice(shopDays(1, 2)), []))
    const said = await expectRefused(() => shop.add(shop.slice(shopDays(3))), 65, 'no_history')
    expect(said).toContain('ecomagg process --full')
  })

  test('a slice for a history of another version', async () => {
    const state = join(shop.history, 'state.json')
    const text = readFileSync(state, 'utf8').replace('"history_version":1', '"history_version":2')
    const manifest = JSON.parse(readFileSync(join(shop.output, 'manifest.json'), 'utf8'))
    manifest.history = {
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    }
    writeFileSync(state, text)
    writeFileSync(join(shop.output, 'manifest.json'), JSON.stringify(manifest))
    const said = await expectRefused(() => shop.add(shop.slice(shopDays(4))), 65, 'history_version')
    expect(said).toContain('ecomagg process --full')
  })

  test('a slice for a set whose history is gone', async () => {
    rmSync(shop.history, { recursive: true })
    const said = await expectRefused(() => shop.add(shop.slice(shopDays(4))), 65, 'history_damaged')
    expect(said).toContain('ecomagg process --full')
  })

  test.each([
    ['timezone', { timezone: 'Europe/Berlin' }],
    ['timeOnPageCap', { timeOnPageCap: 60 }],
    ['funnel', { funnel: { productView: ['/p/'] } }],
    ['filters', { filters: { ips: ['192.0.2.0/24'] } }],
    ['nullValues', { nullValues: ['NA'] }],
    ['rawTables.click_table', { rawTables: { click_table: { dedupe: false } } }],
    ['coupons', { coupons: { CODE1: { percent: 10, action: 'correct' } } }],
  ])('another setting of %s', async (name, more) => {
    settings(more)
    const said = await expectRefused(() => shop.add(shop.slice(shopDays(4))), 78, 'history_rules_changed')
    expect(said).toContain(name)
    expect(said).toContain('ecomagg process --full')
    // As it says.
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4]))
  })

  test.each(['--bom', '--no-escape-formulas'])('%s, which the set was not written with', async (option) => {
    const input = shop.slice(shopDays(4))
    const said = await expectRefused(() => shop.add(input, option), 78, 'history_rules_changed')
    expect(said).toContain(option)
    expect(said).toContain('ecomagg process --full')
  })

  test('a metric that needs a column which was not kept', async () => {
    writeExample('profit-margin')
    const said = await expectRefused(() => shop.add(shop.slice(shopDays(4))), 78, 'history_rules_changed')
    expect(said).toContain('product_cost')
  })

  test('a plain run over a set with a history', async () => {
    const input = shop.slice(shopDays(4))
    const said = await expectRefused(() => shop.run(input, []), 73, 'history_would_be_lost')
    for (const option of ['--incremental', '--full', '--output', '--force']) expect(said).toContain(option)
  })

  test('a range of a plain run over a set with a history', async () => {
    const input = shop.slice(shopDays(1, 2, 3))
    await expectRefused(
      () => shop.run(input, ['--since', '2024-03-01', '--until', '2024-03-31']),
      73,
      'history_would_be_lost',
    )
  })

  test('a history of which a file is cut short', async () => {
    const days = shop.historyFiles().find((name) => name.startsWith('days-'))!
    const path = join(shop.history, days)
    truncateSync(path, statSync(path).size - 100)
    const said = await expectRefused(() => shop.add(shop.slice(shopDays(3, 4))), 65, 'history_damaged')
    expect(said).toContain('ecomagg process --full')
  })

  test.each(RESULTS.filter((name) => name !== 'user_lifetime_metrics.csv'))(
    'a slice for a set of which somebody has changed %s',
    async (name) => {
      const path = join(shop.output, name)
      const text = readFileSync(path, 'utf8')
      // One character of the first row, which is of a date that the slice leaves alone.
      const at = text.indexOf('\n') + 1 + '2024-03-01'.length + 1
      writeFileSync(path, `${text.slice(0, at)}~${text.slice(at + 1)}`)
      await expectRefused(() => shop.add(shop.slice(shopDays(5))), 65, 'set_not_whole')
    },
  )

  test.each([
    ['longer', (text: string) => `${text}x`],
    ['shorter', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
  ])('a slice for a set of which a table has become %s', async (_, change) => {
    const path = join(shop.output, 'session_funnel.csv')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
    await expectRefused(() => shop.add(shop.slice(shopDays(4))), 65, 'set_not_whole')
  })

  test('a slice for a set of which a table is gone', async () => {
    rmSync(join(shop.output, 'session_funnel.csv'))
    await expectRefused(() => shop.add(shop.slice(shopDays(4))), 65, 'set_not_whole')
  })

  test('or made good: user_lifetime_metrics.csv, of which no row is taken over', async () => {
    const path = join(shop.output, 'user_lifetime_metrics.csv')
    writeFileSync(path, readFileSync(path, 'utf8').replace('customer-one', 'customer-two'))
    const before = shop.everything()
    const ran = await shop.add(shop.slice(shopDays(4)))
    if (ran.exit === 0) expect(shop.results()).toEqual(await plain([1, 2, 3, 4]))
    else {
      expect([ran.exit, ran.record.error?.code]).toEqual([65, 'set_not_whole'])
      expect([...shop.everything()]).toEqual([...before])
    }
  })

  test('a slice of which too many rows are rejected', async () => {
    const slice = changed(shopDays(4), 'click_table', { plus: ['bad,beta-4,somewhen,/,x'] })
    await expectRefused(() => shop.add(shop.slice(slice)), 65, 'too_many_rejects')
  })

  test.each([
    ['--merge-days'],
    ['--merge-days', '--full'],
    ['--allow-shrink'],
    ['--incremental', '--full'],
    ['--incremental', '--since', '2024-03-01'],
    ['--incremental', '--until', '2024-03-31'],
    ['--full', '--since', '2024-03-01'],
  ])('%s %s %s: usage', async (...args) => {
    const before = shop.everything()
    const folders = ['--input', shop.slice(shopDays(4)), '--output', shop.output, '--log-dir', shop.logs]
    const given = args.filter((arg) => arg !== undefined)
    const ended = await shop.ecomagg(['process', ...folders, ...given])
    expect(ended.exit, ended.stderr).toBe(64)
    expect(ended.stderr).toContain(given[0])
    expect([...shop.everything()]).toEqual([...before])
  })

  test('a range of the settings file: usage', async () => {
    settings({ since: '2024-03-01' })
    const before = shop.everything()
    const ended = await shop.ecomagg(['process', '--incremental', '--input', shop.slice(shopDays(4))])
    expect(ended.exit, ended.stderr).toBe(64)
    expect([...shop.everything()]).toEqual([...before])
  })
})

describe('what the options let through:', () => {
  test('--merge-days adds rows that came late, and leaves those that are there', async () => {
    const late = {
      ...Object.fromEntries(Object.entries(shopDays()).map(([name, text]) => [name, text])),
      order_table: changed(shopDays(), 'order_table', {
        plus: ['visitor-2,beta-2,order-c2,2024-03-02 18:00:00,7.25,,,'],
      }).order_table!,
    }
    expectDone(await shop.add(shop.slice(late), '--merge-days'))
    const all = changed(shopDays(1, 2, 3), 'order_table', {
      plus: ['visitor-2,beta-2,order-c2,2024-03-02 18:00:00,7.25,,,'],
    })
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })

  test('--allow-shrink replaces the date, and a note names what is gone', async () => {
    const slice = changed(shopDays(2), 'order_table', { without: 'order-a2' })
    const ran = await shop.add(shop.slice(slice), '--allow-shrink')
    expectDone(ran)
    const note = ran.record.notices.find((notice) => notice.includes('--allow-shrink'))
    expect(note).toMatch(/2024-03-02/)
    expect(note).toMatch(/order_table/)
    expect(note).toMatch(/\b20\.50\b/)
    const all = changed(shopDays(1, 2, 3), 'order_table', { without: 'order-a2' })
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })

  test('--allow-shrink without anything that is gone says nothing', async () => {
    const ran = await shop.add(shop.slice(shopDays(2)), '--allow-shrink')
    expectDone(ran)
    expect(ran.record.notices.filter((notice) => notice.includes('gone'))).toEqual([])
  })

  test('--full --allow-shrink gives dates up', async () => {
    expectDone(await shop.run(shop.slice(shopDays(2, 3)), ['--full', '--allow-shrink']))
    expect(shop.results()).toEqual(await plain([2, 3]))
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expect(shop.results()).toEqual(await plain([2, 3, 4]))
  })

  test('a plain run with --force puts its own rows there, and the history goes', async () => {
    expectDone(await shop.run(shop.slice(shopDays(4)), ['--force']))
    expect(existsSync(join(shop.output, '.ecomagg'))).toBe(false)
    expect(shop.manifest().mode).toBe('plain')
    expect(shop.results()).toEqual(await plain([4]))
  })

  test.each([
    ['rfm', { rfm: { monetary: [2000, 1000, 20, 5] } }],
    [
      'purchaseFrequencyBuckets',
      {
        purchaseFrequencyBuckets: [
          { from: 0, name: 'none' },
          { from: 1, name: 'once or more' },
        ],
      },
    ],
    ['maxRejectRate', { maxRejectRate: 0.5 }],
    ['maxRejectRate of a table', { rawTables: { click_table: { maxRejectRate: 0.5 } } }],
    ['totalPrice', { totalPrice: 'gross' }],
    ['listPrices', { listPrices: { Mug: 30 } }],
    ['coupons that are only reported', { coupons: { CODE1: { percent: 10 } } }],
  ])('another setting of %s, which changes no past date', async (_, more) => {
    settings(more)
    const ran = await shop.add(shop.slice(shopDays(4)))
    expect(ran.exit, ran.stderr).toBe(0)
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4]))
  })

  test('dates that come backwards, one by one, beginning without any set', async () => {
    rmSync(shop.output, { recursive: true })
    for (const day of [4, 3, 2, 1]) expectDone(await shop.add(shop.slice(shopDays(day))))
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4]))
  })

  test('slices without any row, at the beginning and later', async () => {
    rmSync(shop.output, { recursive: true })
    const empty = { ...shopDays(), user_table: `${shopDays().user_table!.split('\n')[0]}\n` }
    expectDone(await shop.add(shop.slice(empty)))
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(empty)))
    expectDone(await shop.add(shop.slice(shopDays(2))))
    const before = shop.results()
    expectDone(await shop.add(shop.slice(empty)))
    expect(shop.results()).toEqual(before)
    expect(before).toEqual(await plain([2]))
  })

  test('the only date emptied, with --allow-shrink, but for one row that makes no calendar', async () => {
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.add(shop.slice(shopDays(2))))
    const click = ['click-9,,2024-03-02 08:00:00,/,x']
    const rest = changed(shopDays(), 'click_table', { plus: click })
    expectDone(await shop.add(shop.slice(rest), '--allow-shrink'))
    // Users have no dates, and stay.
    const all = { ...rest, user_table: shopDays(2).user_table! }
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
    expect(shop.manifest()).toMatchObject({ as_of: null, rows_by_date: { click_table: { '2024-03-02': 1 } } })
  })

  test('missing files of a new date, with --allow-missing', async () => {
    const { session_table, order_table } = shopDays(5)
    const input = shop.slice({ session_table: session_table!, order_table: order_table! })
    expectDone(await shop.add(input, '--allow-missing'))
    const all = Object.fromEntries(
      Object.entries(shopDays(1, 2, 3)).map(([name, text]) => {
        const isThere = name === 'session_table' || name === 'order_table'
        return [name, isThere ? shopDays(1, 2, 3, 5)[name]! : text]
      }),
    )
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })
})

describe('what is said:', () => {
  test('the same slice again changes no byte, and says so', async () => {
    const before = shop.results()
    const ran = await shop.add(shop.slice(shopDays(1, 2, 3)))
    expectDone(ran)
    expect(shop.results()).toEqual(before)
    expect(ran.record.incremental).toMatchObject({ changed_dates: [], updated: [], kept_dates: 3 })
    expect(ran.record.notices.join()).toMatch(/nothing that was not there already/)
  })

  test('one of its dates again changes no byte either', async () => {
    const before = shop.results()
    const ran = await shop.add(shop.slice(shopDays(2)))
    expectDone(ran)
    expect(shop.results()).toEqual(before)
    expect(ran.record.incremental).toMatchObject({
      slice_dates: ['2024-03-02'],
      changed_dates: [],
      updated: [],
    })
  })

  test('dates of the slice, dates outside of it with their tables and the reason', async () => {
    const ran = await shop.add(shop.slice(shopDays(4)))
    expectDone(ran)
    const { slice_dates, changed_dates, updated, kept_dates, history_bytes } = ran.record.incremental!
    expect([slice_dates, changed_dates, kept_dates]).toEqual([['2024-03-04'], ['2024-03-04'], 4])
    // On 4 March session alpha-3 of 3 March goes on: a pageview, an order, and its mug is bought.
    expect(updated.map(({ date, tables }) => ({ date, tables: [...tables].sort() }))).toEqual([
      {
        date: '2024-03-03',
        tables: [
          'daily_business_metrics',
          'page_engagement_metrics',
          'product_performance_daily',
          'session_attribution',
          'session_funnel',
        ],
      },
    ])
    expect(updated[0]!.reason).toMatch(/session/)
    const sizes = shop.historyFiles().map((name) => statSync(join(shop.history, name)).size)
    expect(history_bytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
    const notes = ran.record.notices.join('\n')
    expect(notes).toMatch(/1 date in the slice \(2024-03-04\), 1 of them new or changed/)
    expect(notes).toMatch(/1 date outside of the slice changed, .*session.*: 2024-03-03/)
  })

  test('only dates that differ count as changed', async () => {
    const slice = changed(shopDays(1, 2, 3), 'click_table', {
      plus: ['click-new,beta-2,2024-03-02 12:05:00,/,x'],
    })
    const { record } = await shop.add(shop.slice(slice))
    expect(record.incremental).toMatchObject({
      slice_dates: ['2024-03-01', '2024-03-02', '2024-03-03'],
      changed_dates: ['2024-03-02'],
      updated: [],
    })
  })

  test('a user who changes is the reason for past dates', async () => {
    const { user_table, ...others } = shopDays()
    const input = shop.slice({ ...others, user_table: `${user_table!.split('\n')[0]}\nvisitor-2,1,0\n` })
    const { record } = await shop.add(input)
    // visitor-2 ordered on 2 March, and turns from a new into a repeat customer.
    expect(record.incremental!.updated).toEqual([
      { date: '2024-03-02', tables: ['daily_business_metrics'], reason: expect.stringMatching(/user/) },
    ])
    expect(record.incremental!.slice_dates).toEqual([])
  })

  test('the manifest counts the rows of all dates, and says how the set was made', async () => {
    const perDate = (count: number, days: readonly number[]) =>
      Object.fromEntries(days.map((n) => [`2024-03-0${n}`, count]))
    const rows = (days: readonly number[]) => ({
      session_table: perDate(2, days),
      order_table: perDate(2, days),
      order_line_item_table: perDate(2, days),
      add_to_cart_table: perDate(2, days),
      pageview_table: perDate(3, days),
      scroll_table: perDate(1, days),
      click_table: perDate(1, days),
    })
    expectDone(await shop.add(shop.slice(shopDays(5))))
    expect(shop.manifest()).toMatchObject({ mode: 'incremental', as_of: '2024-03-05', as_of_given: false })
    expect(shop.manifest().rows_by_date).toEqual(rows([1, 2, 3, 5]))
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 5)), ['--full']))
    expect(shop.manifest().mode).toBe('full')
    expect(shop.manifest().rows_by_date).toEqual(rows([1, 2, 3, 5]))
    expectDone(await shop.run(shop.slice(shopDays(1, 2)), ['--force']))
    expect(shop.manifest().mode).toBe('plain')
    expect(shop.manifest().rows_by_date).toEqual(rows([1, 2]))
  })

  test('an as-of date that was chosen counts for its run alone', async () => {
    expectDone(await shop.add(shop.slice(shopDays(4)), '--as-of', '2024-05-01'))
    expect(shop.manifest()).toMatchObject({ as_of: '2024-05-01', as_of_given: true })
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4], '--as-of', '2024-05-01'))
    expect((await verified([1, 2, 3, 4])).exit).toBe(0)
    expectDone(await shop.add(shop.slice(shopDays(5))))
    expect(shop.manifest()).toMatchObject({ as_of: '2024-03-05', as_of_given: false })
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4, 5]))
    expect((await verified([1, 2, 3, 4, 5])).exit).toBe(0)
  })
})

function verified(days: readonly number[], ...args: string[]) {
  return verifiedAgainst(shop.slice(shopDays(...days)), ...args)
}

function verifiedAgainst(raw: string, ...args: string[]) {
  return shop.ecomagg(['verify', '--incremental', '--raw', raw, '--output', shop.output, ...args])
}

describe('verify', () => {
  test('says that the set equals a full run', async () => {
    expectDone(await shop.add(shop.slice(shopDays(4))))
    const ended = await verified([1, 2, 3, 4])
    expect([ended.exit, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toMatch(/^equal: /m)
    expect((await shop.ecomagg(['verify', '--output', shop.output])).exit).toBe(0)
  })

  test('names the keys that differ from a full run', async () => {
    const before = shop.everything()
    const raw = changed(shopDays(1, 2, 3), 'order_table', {
      without: 'order-b2',
      plus: ['visitor-2,beta-2,order-b2,2024-03-02 12:30:00,3.25,,,'],
    })
    const ended = await verifiedAgainst(shop.slice(raw))
    expect(ended.exit).toBe(65)
    for (const named of [
      'daily_business_metrics',
      'session_attribution',
      '2024-03-02',
      'beta-2',
      'visitor-2',
    ])
      expect(ended.stderr).toContain(named)
    expect(ended.stderr).not.toContain('session_funnel')
    expect(ended.stderr).not.toContain('2024-03-03')
    expect([...shop.everything()]).toEqual([...before])
  })

  test('finds a date that the raw files lack, and one that they have beside', async () => {
    for (const days of [
      [1, 2],
      [1, 2, 3, 4],
    ]) {
      const ended = await verified(days)
      expect(ended.exit).toBe(65)
      expect(ended.stderr).toContain(`2024-03-0${days.length === 2 ? 3 : 4}`)
    }
  })

  test('takes --raw with --incremental alone', async () => {
    const ended = await shop.ecomagg(['verify', '--raw', shop.slice(shopDays(1)), '--output', shop.output])
    expect(ended.exit).toBe(64)
    expect(ended.stderr).toContain('--incremental')
  })
})

describe('what is kept', () => {
  const addresses = [1, 2, 3, 4].map(addressOfDay)
  const everythingKept = () => [...bytesBelow(shop.history).values()].join('\n')

  test('holds no address, also where addresses are filtered', async () => {
    settings({ filters: { ips: [addressOfDay(2)] } })
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3)), ['--full']))
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4]))
    const kept = everythingKept()
    // The setting itself is kept, in the state file, unless filters are hidden.
    const days = [...bytesBelow(shop.history)].filter(([name]) => name.endsWith('.bin'))
    expect(days.length).toBeGreaterThan(1)
    for (const [, bytes] of days) expect(addresses.filter((one) => bytes.includes(one))).toEqual([])
    expect(addresses.filter((one) => kept.includes(one) && one !== addressOfDay(2))).toEqual([])
    expect(kept).toContain('alpha-3')
    // No table reads the city either.
    expect(kept).not.toContain(Buffer.from('Köln').toString('latin1'))
  })

  test('holds hashed ids alone where ids are hashed', async () => {
    const env = { ECOMAGG_HASH_KEY: 'correct horse battery staple' }
    settings({ privacy: { hashIds: ['user_id', 'session_id', 'order_id'] } })
    expect((await shop.run(shop.slice(shopDays(1, 2, 3)), ['--full'], env)).exit).toBe(0)
    expect((await shop.run(shop.slice(shopDays(4)), ['--incremental'], env)).exit).toBe(0)
    const kept = everythingKept()
    const ids = ['customer-one', 'visitor-4', 'alpha-1', 'beta-4', 'order-a1', 'order-b4']
    expect(ids.filter((id) => kept.includes(id))).toEqual([])
    for (const id of ids) {
      const hash = createHmac('sha256', env.ECOMAGG_HASH_KEY).update(id).digest('hex')
      expect(kept, id).toContain(hash)
    }
    const other = { ECOMAGG_HASH_KEY: 'another key that is long enough' }
    const said = await expectRefused(
      () => shop.run(shop.slice(shopDays(5)), ['--incremental'], other),
      78,
      'history_rules_changed',
    )
    expect(said).toContain('key')
  })

  test.each(['000', '022', '077'])('is not for everybody to read (umask %s)', async (umask) => {
    rmSync(shop.output, { recursive: true })
    for (const day of [1, 2]) {
      const folders = [
        `--input=${shop.slice(shopDays(day))}`,
        `--output=${shop.output}`,
        `--log-dir=${shop.logs}`,
      ]
      const by = inShell(`umask ${umask}; exec "$@"`)
      const ended = await run(['process', '--incremental', ...folders], { cwd: shop.folder, by })
      expect(ended.exit, ended.stderr).toBe(0)
    }
    expect(shop.historyFiles()).toContain('state.json')
    for (const name of ['', ...shop.historyFiles()])
      expect(statSync(join(shop.history, name)).mode & 0o027, name).toBe(0)
  })

  test('leaves no file that nothing refers to', async () => {
    expectDone(await shop.add(shop.slice(shopDays(1, 2, 3, 4))))
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    const files = shop.historyFiles()
    const state = readFileSync(join(shop.history, 'state.json'), 'utf8')
    expect(files.filter((name) => name !== 'state.json' && !state.includes(name))).toEqual([])
    expect(files.filter((name) => name.endsWith('.bin')).length).toBe(2)
  })

  test('stays beside files of somebody else, which stay too', async () => {
    writeFileSync(join(shop.output, 'notes.txt'), 'mine\n')
    mkdirSync(join(shop.output, 'own folder'))
    writeFileSync(join(shop.output, 'own folder', 'days-1.bin'), 'mine too\n')
    writeFileSync(join(shop.history, 'README'), 'mine as well\n')
    expectDone(await shop.add(shop.slice(shopDays(4))))
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    const files = shop.everything()
    expect(files.get('notes.txt')).toBe('mine\n')
    expect(files.get('own folder/days-1.bin')).toBe('mine too\n')
    expect(files.get('.ecomagg/history/README')).toBe('mine as well\n')
  })
})

describe('slices with', () => {
  test.each([[['--bom']], [['--no-escape-formulas']], [['--bom', '--no-escape-formulas']]])(
    '%s',
    async (args) => {
      rmSync(shop.output, { recursive: true })
      for (const day of [2, 1, 3]) expectDone(await shop.add(shop.slice(shopDays(day)), ...args))
      expect(shop.results()).toEqual(await plain([1, 2, 3], ...args))
      expect((await verified([1, 2, 3])).exit).toBe(0)
    },
  )

  test('gzip', async () => {
    const input = join(shop.folder, 'zipped')
    mkdirSync(input)
    for (const [table, text] of Object.entries(shopDays(4)))
      writeFileSync(join(input, `${table}.csv.gz`), gzipSync(text))
    expectDone(await shop.add(input))
    expect(shop.results()).toEqual(await plain([1, 2, 3, 4]))
  })

  test('offsets that carry rows to another date of the shop', async () => {
    settings({ timezone: 'America/New_York' })
    const zoned = (tables: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(tables).map(([name, text]) => [name, text.replace(/(\d\d:\d\d:\d\d),/g, '$1Z,')]),
      )
    // In New York 00:05 UTC of a date is still the date before: each file holds rows of two dates.
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.add(shop.slice(zoned(shopDays(1, 2)))))
    expectDone(await shop.add(shop.slice(zoned(shopDays(3, 4))), '--merge-days'))
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(zoned(shopDays(1, 2, 3, 4)))))
  })

  test.each(['mobile-revenue', 'traffic-hourly', 'profit-margin'])('the example %s', async (name) => {
    writeExample(name)
    rmSync(shop.output, { recursive: true })
    for (const day of [3, 1, 2]) expectDone(await shop.add(shop.slice(shopDays(day))))
    expectDone(await shop.add(shop.slice(shopDays(2))))
    const output = join(shop.folder, 'all at once')
    const folders = ['--input', shop.slice(shopDays(1, 2, 3)), '--output', output]
    expect((await shop.ecomagg(['process', ...folders])).exit).toBe(0)
    const csvs = (folder: string) => [...bytesBelow(folder)].filter(([file]) => /^[^/]+\.csv$/.test(file))
    expect(csvs(shop.output)).toEqual(csvs(output))
    expect(csvs(output).length).toBe(name === 'traffic-hourly' ? 8 : 7)
    expect((await verified([1, 2, 3])).exit).toBe(0)
  })

  test('filters of sessions, users and orders whose rows are on other dates', async () => {
    settings({
      filters: {
        sessions: ['alpha-2'],
        users: ['visitor-3'],
        ips: [addressOfDay(1)],
        ordersBelow: 2,
      },
    })
    for (const order of [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [2, 4, 1, 3],
    ]) {
      rmSync(shop.output, { recursive: true })
      for (const day of order) expectDone(await shop.add(shop.slice(shopDays(day))))
      expect(shop.results(), String(order)).toEqual(await plain([1, 2, 3, 4]))
    }
  })
})

const page = readFileSync(new URL('../../docs/customising.md', import.meta.url), 'utf8')

/** Writes the files of a worked example of docs/customising.md. */
function writeExample(name: string): void {
  const files = [...page.matchAll(/<!-- example: (\S+?)\/(\S+) -->\n```\w+\n([\s\S]*?)```/g)]
  const own = files.filter((match) => match[1] === name)
  if (own.length === 0) throw new Error(`the page has no example ${name}`)
  for (const [, , file, text] of own) writeFileSync(join(shop.folder, file!), text!)
}
