import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Header } from '../../../src/parsers/headers/header.ts'
import { fastLane } from '../../../src/parsers/lanes/fast/fast-lane.ts'
import { slowLane } from '../../../src/parsers/lanes/slow/slow-lane.ts'
import { UnclearTimesScan } from '../../../src/parsers/scans/unclear-times.ts'
import { rawTables } from '../../../src/raw/index.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import { foundByLane } from '../../support/fast-lane.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-unclear-times-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TIMES = [
  // Skipped and repeated in Berlin in 2025, in the layouts that are declared and in ISO.
  ' 2025-03-30 02:30 ',
  '"2025-10-26T02:00:00.5"',
  '30.03.2025 02:59',
  'So. 26.10.2025 02:15',
  // Just before and behind.
  '2025-03-30 01:59:59',
  '2025-03-30 03:00',
  '2025-10-26 01:59',
  '2025-10-26 03:00',
  // Instants are clear.
  '2025-10-26 02:30 +01:00',
  '2025-10-26 02:30:00Z',
  '1761438600',
  'someday',
  '',
]
const file = Buffer.from(`user_id,session_id,time\n${TIMES.map((time, i) => `u,s${i},${time}\n`).join('')}`)
const shop = {
  timezone: 'UTC',
  timeFormats: ['unix', 'dd.MM.yyyy HH:mm', "'So.' dd.MM.yyyy HH:mm"],
  nullValues: [],
}

test.each([
  ['fast', fastLane],
  ['slow', slowLane],
])('the %s lane counts times that are skipped or come twice', async (_name, lane) => {
  const berlin = { ...shop, ownZone: 'Europe/Berlin' }
  const { unclearTimes } = await foundByLane(file, rawTables.session_table, berlin, folder, lane)
  expect(unclearTimes).toEqual([{ column: 'time', cells: 4 }])
})

test('nothing is looked at where the times are the shop’s', async () => {
  expect((await foundByLane(file, rawTables.session_table, shop, folder)).unclearTimes).toEqual([])
  const same = { ...shop, timezone: 'Europe/Berlin', ownZone: 'Europe/Berlin' }
  expect((await foundByLane(file, rawTables.session_table, same, folder)).unclearTimes).toEqual([])
})

test('pieces of a file add up', () => {
  const rules = rulesSchema.parse({ rawTables: { session_table: { timezone: 'Europe/Berlin' } } })
  const names = Object.keys(rawTables.session_table.columns)
  const header: Header = {
    names,
    fieldCount: names.length,
    positions: Int32Array.from(names, (_, i) => i),
    missing: [],
    unknown: [],
    end: 0,
  }
  const scan = UnclearTimesScan.of(rawTables.session_table, header, rules)
  scan?.add([{ column: 'time', cells: 3 }])
  scan?.add([{ column: 'time', cells: 2 }])
  expect(scan?.tallies).toEqual([{ column: 'time', cells: 5 }])
})
