import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fastLane } from '../../../src/parsers/lanes/fast/fast-lane.ts'
import { slowLane } from '../../../src/parsers/lanes/slow/slow-lane.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { foundByLane } from '../../support/fast-lane.ts'
import { runInMemory } from '../../support/memory-run.ts'
import { orderShop } from '../../support/order-shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-day-or-month-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sessions = (times: readonly string[]) =>
  `user_id,session_id,time\n${times.map((time, i) => `u,s${i},${time}\n`).join('')}`

async function found(times: readonly string[], rules: Readonly<Record<string, unknown>>) {
  const { verdict } = await runInMemory({ ...orderShop([]), 'session_table.csv': sessions(times) }, { rules })
  return verdict.findings.find(({ code }) => code === 'day_or_month_first')
}

// 13/… and 14/… can only be days first, …/15 only the month first; 01/02, 03/03 and 12/12 either.
const TIMES = [
  '13/02/2025',
  '14/02/2025',
  '02/15/2025',
  '01/02/2025',
  '03/03/2025',
  '12/12/2025',
  '2025-01-01',
]
const BOTH = ['dd/MM/yyyy', 'MM/dd/yyyy']

test('how many cells fit only the one, only the other, and both', async () => {
  const finding = await found(TIMES, { timeFormats: BOTH })
  expect(finding).toMatchObject({
    severity: 'warning',
    details: { day_first: 2, month_first: 1, either: 3, read_as: 'dd/MM/yyyy' },
  })
  expect(finding!.advice).toContain("rawTables: { session_table: { timeFormats: ['dd/MM/yyyy'] } }")
  const one = { rawTables: { session_table: { timeFormats: ['dd/MM/yyyy'] } } }
  expect(await found(TIMES, { timeFormats: BOTH, ...one })).toBeUndefined()
})

test('leading zeros make no other layout, another time of day does', async () => {
  expect(
    await found(['13/11/2025', '11/15/2025', '11/10/2025'], { timeFormats: ['d/M/yyyy', 'MM/dd/yyyy'] }),
  ).toBeDefined()
  const times = ['13/02/2025', '02/15/2025 10:00', '01/02/2025', '01/02/2025 10:00']
  expect(await found(times, { timeFormats: ['dd/MM/yyyy', 'MM/dd/yyyy HH:mm'] })).toBeUndefined()
})

test.each([
  ['only the day first', ['13/02/2025', '01/02/2025']],
  ['only the month first', ['02/13/2025', '01/02/2025']],
  ['no cell that could be either', ['13/02/2025', '02/13/2025']],
])('nothing where there is %s', async (_name, times) => {
  expect(await found(times, { timeFormats: BOTH })).toBeUndefined()
})

test.each([
  ['fast', fastLane],
  ['slow', slowLane],
])('the %s lane looks at trimmed and quoted cells', async (_name, lane) => {
  const file = sessions([' 13/02/2025 ', '"02/13/2025"', '"01/02/2025 "', 'someday', ''])
  const shop = { timezone: 'UTC', timeFormats: BOTH, nullValues: [] }
  const { dayOrMonth } = await foundByLane(Buffer.from(file), rawTables.session_table, shop, folder, lane)
  expect(dayOrMonth).toEqual([{ column: 'time', dayFirst: 1, monthFirst: 1, both: 1 }])
})

test('layouts that are not read byte by byte count alike', async () => {
  const layouts = ['EEEE dd/MM/yyyy', 'EEEE MM/dd/yyyy']
  // Of 2025: 13 February is a Thursday, 1 February a Saturday and 2 January a Thursday.
  const times = ['Thursday 13/02/2025', 'Thursday 02/13/2025', 'Saturday 01/02/2025', 'Saturday 01/03/2025']
  const file = Buffer.from(sessions(times))
  const shop = { timezone: 'UTC', timeFormats: layouts, nullValues: [] }
  const { dayOrMonth } = await foundByLane(file, rawTables.session_table, shop, folder)
  // 1 March 2025 is a Saturday, 3 January a Friday.
  expect(dayOrMonth).toEqual([{ column: 'time', dayFirst: 3, monthFirst: 1, both: 0 }])
})
