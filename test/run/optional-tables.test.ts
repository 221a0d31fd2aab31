import { createHash } from 'node:crypto'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectDone } from '../support/published-days.ts'
import { dateOfDay, shopDays } from '../support/shop-days.ts'
import { type Slice, SliceWorkspace } from '../support/slice-workspace.ts'

/** Own tables as a shop writes them: what was spent and given back by day. */
const OWN_TABLES = `
import { column, dateOf, defineTable, groupBy, rowCount, sum } from 'ecomagg'
const by = (name, needs, columns, aggregate) => defineTable({
  name, grain: 'one row per day', key: ['date'], order: [{ column: 'date' }], needs,
  columns: { date: column.date('day'), rows: column.count('rows'), ...columns }, aggregate,
})
const spend = by('spend_by_day', { marketing_spend_table: ['time', 'spend', 'impressions', 'clicks'] },
  { spend: column.money('spend'), impressions: column.count('shown'), clicks: column.count('clicks') },
  ({ marketing_spend_table }) => groupBy(marketing_spend_table.rows(), (row) => ({ date: dateOf(row.time) }), {
    rows: rowCount(), spend: sum((row) => row.spend),
    impressions: sum((row) => row.impressions ?? 0), clicks: sum((row) => row.clicks ?? 0),
  }))
const refunds = by('refunds_by_day', { refund_table: ['time', 'amount', 'order_id'] }, { amount: column.money('amount') },
  ({ refund_table }) => groupBy(refund_table.rows(), (row) => ({ date: dateOf(row.time) }), {
    rows: rowCount(), amount: sum((row) => row.amount),
  }))
`

let shop: SliceWorkspace
beforeEach(() => {
  shop = new SliceWorkspace()
})
afterEach(() => shop.dispose())

/** Declares these of the own tables, beside other settings. */
function declare(tables: string, settings: object = {}): void {
  const rest = JSON.stringify({ maxRejectRate: 1, ...settings }).slice(1)
  const config = `${OWN_TABLES}\nexport default { tables: [${tables}], ${rest}\n`
  writeFileSync(join(shop.folder, 'ecomagg.config.js'), config)
}

const published = (table: string) => readFileSync(join(shop.output, `${table}.csv`), 'utf8')

const spendCsv = (...rows: string[]) =>
  `${['time,utm_source,utm_campaign,spend,impressions,clicks', ...rows].join('\n')}\n`
const refundCsv = (...rows: string[]) => `${['refund_id,order_id,time,amount', ...rows].join('\n')}\n`

/** The n-th date of the shop with what was spent and given back on it. */
function daysWith(...days: readonly number[]): Slice {
  return {
    ...shopDays(...days),
    marketing_spend_table: spendCsv(
      ...days.flatMap((n) => [
        `${dateOfDay(n)},google,brand,${n}.50,1000000000000,${n}`,
        `${dateOfDay(n)} 06:00,meta,,-0.25,,2147483648`,
      ]),
    ),
    refund_table: refundCsv(...days.map((n) => `refund-${n},order-a${n},${dateOfDay(n)} 10:00,${n}`)),
  }
}

describe('the built command', () => {
  const SPEND = spendCsv(
    '2024-03-01,google,brand,10.50,1000000000000,7',
    '2024-03-01 09:00,google,brand,10.5,1000000000000,7.0',
    '2024-03-01,google,brand,99,1000000000000,7',
    '2024-03-01,meta,,2,1000000000001,7',
    '2024-03-02,google,brand,1,0,-1000000000000',
  )

  test('reads the table that an own one needs: a day that was exported twice counts once', async () => {
    const built = new SliceWorkspace({ inProcess: false })
    shop.dispose()
    shop = built
    declare('spend')
    const raw = shop.slice({ ...shopDays(1), marketing_spend_table: SPEND })
    // More than one thread reads pieces of the files.
    const ran = await shop.run(raw, ['--threads', '2'])
    expectDone(ran)
    expect(published('spend_by_day')).toBe(`date,rows,spend,impressions,clicks
2024-03-01,1,10.50,1000000000000,7
2024-03-02,1,1.00,0,-1000000000000
`)
    const input = ran.record.inputs.find(({ table }) => table === 'marketing_spend_table')!
    expect(input.accounting).toMatchObject({
      ...{ read: 5, rejected: 1, duplicate: 2, conflicting: 1, accepted: 2 },
    })
    // 99 and 2 of 10.50 × 2 + 99 + 2 + 1.
    expect(input.money).toEqual({ read: '123.00', rejected: '101.00', reject_rate: 101 / 123 })
  })

  test('fails above the limit for rejected rows, and says what mends conflicts', async () => {
    declare('spend', { maxRejectRate: 0.01 })
    const ran = await shop.run(shop.slice({ ...shopDays(1), marketing_spend_table: SPEND }), [])
    expect([ran.exit, ran.record.error?.code]).toEqual([65, 'too_many_rejects'])
    expect(ran.record.error?.hint).toContain('rawTables: { marketing_spend_table: { keep: last } }')
    expect(ran.record.error?.hint).toContain('rawTables: { marketing_spend_table: { dedupe: false } }')
  })
})

describe('a file that is not there', () => {
  test('is an empty table without a word, also in an incremental run', async () => {
    for (const [tables, args] of [
      ['spend, refunds', []],
      ['spend, refunds', ['--full']],
    ] as const) {
      declare(tables)
      const ran = await shop.run(shop.slice(shopDays(1)), args)
      expectDone(ran)
      expect(published('refunds_by_day')).toBe('date,rows,amount\n')
      expect(`${ran.stdout} ${ran.record.notices.join(' ')}`).not.toMatch(/spend_table|refund_table/)
      expect(ran.record.inputs.map(({ table }) => table)).toHaveLength(8)
    }
  })
})

describe('a file that nothing needs', () => {
  test('gets one notice, beside one that is read', async () => {
    declare('spend')
    const ran = await shop.run(shop.slice(daysWith(1)), [])
    expectDone(ran)
    expect(ran.record.notices.filter((text) => text.startsWith('not read'))).toEqual([
      'not read, since no table needs them: refund_table.csv',
    ])
  })

  test('is kept by prune, which removes one that was read', async () => {
    declare('spend')
    for (const [table, text] of Object.entries(daysWith(1))) {
      shop.write(`${table}.csv`, text)
      utimesSync(join(shop.input, `${table}.csv`), 0, 0)
    }
    expectDone(await shop.run(shop.input, []))
    const folders = ['--input', shop.input, '--output', shop.output]
    const { exit, stdout, stderr } = await shop.ecomagg([
      ...['prune', '--older-than', '1d', '--delete', '--json'],
      ...folders,
    ])
    expect(exit, stderr).toBe(0)
    const { files } = JSON.parse(stdout) as { files: { file: string; action: string; reason: string }[] }
    const of = (table: string) => files.find(({ file }) => file.endsWith(`${table}.csv`))
    expect(of('marketing_spend_table')).toMatchObject({ action: 'deleted' })
    expect(of('refund_table')).toMatchObject({
      action: 'kept',
      reason: expect.stringContaining('did not read it'),
    })
  })
})

describe('incremental runs', () => {
  test('slices give what a plain run over all days gives, and verify agrees', async () => {
    declare('spend, refunds')
    const wrong = { ...daysWith(2), marketing_spend_table: spendCsv(`${dateOfDay(2)},google,brand,7,7,7`) }
    for (const slice of [wrong, daysWith(1, 3), daysWith(2)])
      expectDone(await shop.add(shop.slice(slice), '--allow-shrink'))
    const raw = shop.slice(daysWith(1, 2, 3))
    const plain = await shop.plainRun(raw)
    for (const table of ['spend_by_day', 'refunds_by_day', 'daily_business_metrics'])
      expect(published(table)).toBe(readFileSync(join(plain, `${table}.csv`), 'utf8'))
    expect(published('spend_by_day')).toContain('2024-03-02,2,2.25,1000000000000,2147483650\n')
    const verified = await shop.ecomagg(['verify', '--incremental', '--raw', raw, '--output', shop.output])
    expect([verified.exit, verified.stderr]).toEqual([0, ''])
  })

  test('late spend of a day is merged: known rows are duplicates, others conflict or are added', async () => {
    declare('spend, refunds')
    expectDone(await shop.add(shop.slice(daysWith(1))))
    const late = {
      ...shopDays(1),
      marketing_spend_table: spendCsv(
        '2024-03-01 12:00,google,brand,1.50,1000000000000,1',
        '2024-03-01,meta,,-0.25,,3',
        '2024-03-01,tiktok,,5,1,1',
      ),
    }
    const ran = await shop.add(shop.slice(late), '--merge-days')
    expectDone(ran)
    expect(published('spend_by_day')).toContain('2024-03-01,3,6.25,1000000000001,2147483650\n')
    expect(published('refunds_by_day')).toContain('2024-03-01,1,1.00\n')
    const input = ran.record.inputs.find(({ table }) => table === 'marketing_spend_table')!
    expect(input.accounting).toMatchObject({ read: 3, duplicate: 2, conflicting: 1, accepted: 1 })
  })

  test('spend that was corrected later takes the place of what was there, with keep: last', async () => {
    declare('spend', { rawTables: { marketing_spend_table: { keep: 'last' } } })
    expectDone(await shop.add(shop.slice(daysWith(1, 2))))
    const { refund_table: _, ...others } = daysWith(3)
    const corrected = spendCsv('2024-03-01 12:00,google,brand,9,5,5', '2024-03-03,google,brand,1,1,1')
    expectDone(await shop.add(shop.slice({ ...others, marketing_spend_table: corrected }), '--merge-days'))
    expect(published('spend_by_day')).toBe(`date,rows,spend,impressions,clicks
2024-03-01,2,8.75,5,2147483653
2024-03-02,2,2.25,1000000000000,2147483650
2024-03-03,1,1.00,1,1
`)
    // Orders of 1 March are still there.
    expect(published('daily_business_metrics')).toMatch(/^2024-03-01,11\.75,2,/m)
  })

  test('a table that is needed only now is refused by its columns, until the history is built anew', async () => {
    declare('spend')
    expectDone(await shop.add(shop.slice(daysWith(1))))
    declare('spend, refunds')
    const ran = await shop.add(shop.slice(daysWith(2)))
    expect([ran.exit, ran.record.error?.code]).toEqual([78, 'history_rules_changed'])
    expect(ran.record.error?.message).toMatch(
      /: columns that the history does not hold: refund_table\.order_id/,
    )
    expectDone(await shop.run(shop.slice(daysWith(1, 2)), ['--full']))
    expect(published('refunds_by_day')).toContain('2024-03-01,1,1.00\n2024-03-02,1,2.00\n')
  })

  test('settings of a table that is not read may change, and may be missing in an older history', async () => {
    expectDone(await shop.add(shop.slice(shopDays(1))))
    withoutOptionalTables(shop)
    declare('', {
      rawTables: { marketing_spend_table: { keep: 'last' } },
      filters: { columns: [{ table: 'refund_table', column: 'reason', equals: 'void' }] },
    })
    expectDone(await shop.add(shop.slice(shopDays(2))))
    declare('spend', { rawTables: { marketing_spend_table: { keep: 'last' } } })
    const ran = await shop.add(shop.slice(daysWith(3)))
    expect(ran.record.error?.message).toMatch(/other settings: columns that the history does not hold/)
  })
})

/** Makes of a history one of a version that knew no optional tables. */
function withoutOptionalTables({ history, output }: SliceWorkspace): void {
  const [state, manifest] = [join(history, 'state.json'), join(output, 'manifest.json')]
  const entry = /,"(?:marketing_spend_table|refund_table)":\{"optional":\[\],"dedupe":true,"keep":"first"\}/g
  const text = readFileSync(state, 'utf8')
  expect(text.match(entry)).toHaveLength(2)
  const older = text.replace(entry, '')
  writeFileSync(state, older)
  const known = JSON.parse(readFileSync(manifest, 'utf8')) as object
  const sha256 = createHash('sha256').update(older).digest('hex')
  writeFileSync(manifest, JSON.stringify({ ...known, history: { bytes: Buffer.byteLength(older), sha256 } }))
}
