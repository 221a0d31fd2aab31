import { expect, test } from 'vitest'
import { runOptional as run, spendRows } from '../support/optional-tables.ts'

const HEADER = 'time,utm_source,utm_medium,utm_campaign,ad,spend,impressions,clicks,device'
const spend = (...rows: string[]) => ({ 'marketing_spend_table.csv': [HEADER, ...rows, ''].join('\n') })
const accountingOf = (done: Awaited<ReturnType<typeof run>>) => done.inputs.marketing_spend_table

test('rows of one day and the same texts are one: the first counts, conflicting if figures differ', async () => {
  const done = await run(
    spend(
      '2025-01-01,google,cpc,brand,a,10.50,1000,20,phone',
      // Identical, whatever the time within the day and columns of the shop's own say.
      '2025-01-01 23:59:59,google,cpc,brand,a,10.5,1000,20.0,desk',
      '2025-01-01,google,cpc,brand,a,11,1000,20,phone',
      '2025-01-01,google,cpc,brand,a,10.50,,20,phone',
      // Another day, another text, and a null are other keys.
      '2025-01-02,google,cpc,brand,a,10.50,1000,20,phone',
      '2025-01-01,google,cpc,Brand,a,1,1,1,phone',
      '2025-01-01,google,cpc,brand,,2,,,phone',
      '2025-01-01,google,cpc,brand,,2,0,,phone',
    ),
    {},
    { extraColumns: { marketing_spend_table: { device: { kind: 'text', meaning: 'device' } } } },
  )
  expect(accountingOf(done)).toMatchObject({ read: 8, duplicate: 4, conflicting: 3, accepted: 4 })
  expect(done.csvs.spend_rows).toBe(`date,source,row,campaign,ad,spend,impressions,clicks
2025-01-01,google,1,Brand,a,1.00,1,1
2025-01-01,google,2,brand,a,10.50,1000,20
2025-01-01,google,3,brand,,2.00,,
2025-01-02,google,1,brand,a,10.50,1000,20
`)
  expect(done.rejects.map(({ line, reason, cell }) => [line, reason, cell])).toEqual([
    [4, 'conflicting_duplicate', '2025-01-01, google, cpc, brand, , , , , a'],
    [5, 'conflicting_duplicate', '2025-01-01, google, cpc, brand, , , , , a'],
    [9, 'conflicting_duplicate', '2025-01-01, google, cpc, brand, , , , , '],
  ])
  // 11, 10.50 and 2 of 10.50 × 4 + 11 + 1 + 2 × 2.
  const { accounting } = done.loaded.inputs.find(({ table }) => table === 'marketing_spend_table')!
  expect([accounting.moneyRead, accounting.moneyRejected]).toEqual([58_0000, 23_5000])
})

test('the day is that of the shop, where times have an offset', async () => {
  const rows = spend(
    '2025-01-01T22:59:59Z,meta,,,,1,,,',
    '2025-01-01T23:00:00Z,meta,,,,2,,,',
    '2025-01-02,meta,,,,2,,,',
  )
  const done = await run(rows, { timezone: 'Europe/Berlin' })
  expect(accountingOf(done)).toMatchObject({ duplicate: 1, conflicting: 0, accepted: 2 })
})

test('impressions and clicks reach to 10^12 either way, and no further', async () => {
  const done = await run(
    spend(
      '2025-01-01,a,,,,0,1000000000000,-1000000000000,',
      '2025-01-01,b,,,,0,2147483648.00,1000001,',
      '2025-01-01,c,,,,0,1000000000001,0,',
      '2025-01-01,d,,,,0,1.5,0,',
      '2025-01-01,e,,,,0,1e3,0,',
    ),
  )
  expect(done.csvs.spend_rows!.split('\n').slice(1, -1)).toEqual([
    '2025-01-01,a,1,,,0.00,1000000000000,-1000000000000',
    '2025-01-01,b,1,,,0.00,2147483648,1000001',
  ])
  expect(done.rejects.map(({ column: name, reason }) => [name, reason])).toEqual([
    ['impressions', 'integer_out_of_range'],
    ['impressions', 'invalid_integer'],
    ['impressions', 'invalid_integer'],
  ])
})

test('a credit note is below 0, and no finding tells of it', async () => {
  const done = await run(spend('2025-01-01,a,,,,-3.25,,,', '2025-01-01,b,,,,0,,,'))
  expect(done.csvs.spend_rows).toContain('2025-01-01,a,1,,,-3.25,,\n')
  expect(done.verdict.findings.map(({ code }) => code)).not.toContain('negative_amounts')
})

test.each([
  ['dedupe: false', { dedupe: false }, ['1.00', '2.00'], { duplicate: 0 }],
  ['keep: last', { keep: 'last' }, ['2.00'], { duplicate: 1, conflicting: 0 }],
  ['key', { key: ['time', 'clicks'] }, ['1.00', '2.00'], { duplicate: 0 }],
  ['key, by whose day rows are told apart', { key: ['time'] }, ['1.00'], { duplicate: 1, conflicting: 1 }],
])('rawTables.marketing_spend_table.%s', async (_, settings, amounts, accounting) => {
  const rows = spend('2025-01-01,a,,,,1,,5,', '2025-01-01 10:00,a,,,,2,,6,')
  const done = await run(rows, { rawTables: { marketing_spend_table: settings } })
  expect(accountingOf(done)).toMatchObject(accounting)
  const lines = done.csvs.spend_rows!.split('\n').slice(1, -1)
  expect(lines.map((line) => line.split(',')[5])).toEqual(amounts)
})

test('its rows have no key by which one could be found', async () => {
  const own = {
    ...spendRows,
    aggregate: (tables: { marketing_spend_table: { find(key: string): unknown } }) => [
      tables.marketing_spend_table.find('2025-01-01'),
    ],
  }
  await expect(run({}, {}, { tables: [own] })).rejects.toThrow(
    'marketing_spend_table.find cannot be used in table spend_rows: no single column names its rows',
  )
})
