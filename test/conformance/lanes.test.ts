import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fastLane } from '../../src/parsers/lanes/fast/fast-lane.ts'
import { slowLane } from '../../src/parsers/lanes/slow/slow-lane.ts'
import type { RawTable } from '../../src/raw/define.ts'
import { allRawTables } from '../../src/raw/index.ts'
import { KINDS, type KindName } from '../../src/raw/kinds.ts'
import { writeSample } from '../../src/sample/index.ts'
import { cases } from '../support/effort.ts'
import { readByLane } from '../support/fast-lane.ts'
import { byteText, type Models, mutatedFile } from '../support/mutated-records.ts'
import { Random, seedOf } from '../support/random.ts'
import { type Outcome, readSlowly, type ShopCells } from '../support/slow-lane.ts'
import { fixtures } from '../support/workspace.ts'

/** Each makes so many mutated records of one table; SEED runs one alone. */
const RECORDS_OF_A_SEED = 750
const SEEDS = [...new Set(Array.from({ length: cases(10, 160) }, (_, i) => seedOf(1000 + i).seed))]

const SHOPS: readonly ShopCells[] = [
  { timezone: 'UTC', timeFormats: [], nullValues: [] },
  {
    timezone: 'America/New_York',
    timeFormats: ['dd-MM-yyyy HH:mm', 'MM/dd/yyyy'],
    nullValues: ['NULL', 'N/A', '-', '0.0'],
  },
  {
    timezone: 'Asia/Kolkata',
    timeFormats: ['dd.MM.yyyy', 'spreadsheet_day', 'unix', 'unix_ms'],
    nullValues: [],
    ownZone: 'Europe/Berlin',
  },
]
/** What MySQL writes for no date at all; the first timestamp of a file in which nothing was read before. */
const ZERO_DATE = '0000-00-00 00:00:00'
const tables: readonly RawTable[] = Object.values(allRawTables)
const tableOf = (path: string) =>
  tables.find(({ name }) => basename(path) === `${name}.csv` || basename(path) === `${name}.csv.gz`)

const LANES = { fast: fastLane, slow: slowLane }

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-two-lanes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What all lanes said, over all tests: whether every kind of answer was among it. */
const seen = new Map<string, number>()
/** Of mutated files alone. */
const mutated = new Map<string, number>()
const ANSWERS = [
  'accepted',
  'duplicate',
  'conflicting_duplicate',
  'record_too_long',
  'nul_byte',
  'invalid_utf8',
  'quote_in_unquoted_cell',
  'too_few_fields',
  'too_many_fields',
  'required_cell_empty',
  'invalid_timestamp',
  'invalid_money',
  'money_out_of_range',
  'invalid_integer',
  'integer_out_of_range',
  'invalid_quantity',
  'quantity_out_of_range',
  'invalid_percent',
  'percent_out_of_range',
  'invalid_flag',
  'utf16',
  'wrong_delimiter',
  'header_missing',
  'header_invalid',
  'header_duplicate_column',
  'header_missing_column',
  'header_of_another_table',
  'unclosed_quote',
  'text_after_quote',
]

describe('all lanes read what SPEC says', () => {
  test('all fixtures', async () => {
    const files = rawFiles(fixtures)
    expect(files.length).toBeGreaterThan(300)
    for (const [i, { path, bytes, table }] of files.entries()) {
      // Each shop reads every third file, if there is no time for all of them.
      for (const shop of cases([SHOPS[i % SHOPS.length]!], SHOPS))
        await compare(bytes, table, shop, relative(fixtures, path))
    }
  })

  test('the cells table', async () => {
    for (const { kind, cells, shop } of cellGroups()) {
      const seat = seatOf(kind)
      await compare(seat.file(cells.map(quoted)), seat.table, shop, `${kind} cells, quoted`)
      for (const cell of cells) await compare(seat.file([cell]), seat.table, shop, `the ${kind} cell ${cell}`)
    }
  })

  test('a sample with traps', async () => {
    const sample = {
      folder: join(folder, 'sample'),
      seed: 5,
      sessions: cases(400, 1500),
      days: 30,
      endDate: '2025-03-31',
      traps: true,
    }
    await writeSample(sample)
    for (const { path, bytes, table } of rawFiles(sample.folder))
      for (const shop of SHOPS) await compare(bytes, table, shop, path)
  })

  test.each(SEEDS)(`${RECORDS_OF_A_SEED} mutated records, seed %i`, async (seed) => {
    const random = new Random(seed)
    const table = tables[seed % tables.length]!
    for (let records = 0; records < RECORDS_OF_A_SEED; ) {
      const file = mutatedFile(random, table, models())
      records += file.records
      note(await compare(file.bytes, table, random.pick(SHOPS), `seed ${seed}`), mutated)
    }
  })

  test('a date of zeros before any real one', async () => {
    const { table, file } = seatOf('timestamp')
    await compare(file([ZERO_DATE]), table, SHOPS[0]!, ZERO_DATE)
  })

  test.skipIf(process.env.SEED !== undefined)('every kind of answer was among what was compared', () => {
    expect(ANSWERS.filter((answer) => (seen.get(answer) ?? 0) === 0)).toEqual([])
    const [read, accepted, rejected] = ['read', 'accepted', 'rejected'].map((count) => mutated.get(count)!)
    expect(read).toBeGreaterThan(cases(4_500, 75_000))
    expect(accepted).toBeGreaterThan(read! / 3)
    expect(rejected).toBeGreaterThan(read! / 4)
  })
})

/** Fails if a lane reads anything else than the naive reading, with the lines of the file that are needed for it. */
async function compare(file: Buffer, table: RawTable, shop: ShopCells, what: string): Promise<Outcome> {
  const expected = readSlowly(file, table, shop)
  for (const [name, lane] of Object.entries(LANES)) {
    const found = (bytes: Buffer) => readByLane(bytes, table, shop, folder, lane)
    if (isDeepStrictEqual(await found(file), expected)) continue
    const differs = async (bytes: Buffer) =>
      !isDeepStrictEqual(await found(bytes), readSlowly(bytes, table, shop))
    const least = await fewestLines(file, differs)
    const shown = JSON.stringify(least.toString('latin1').slice(0, 2000))
    const message = `${what}: ${table.name} in ${shop.timezone}, ${name} lane: ${shown}`
    expect(await found(least), message).toStrictEqual(readSlowly(least, table, shop))
  }
  note(expected, seen)
  return expected
}

/** The file without all lines that can go while it still differs. */
async function fewestLines(file: Buffer, differs: (bytes: Buffer) => Promise<boolean>): Promise<Buffer> {
  let lines = file.toString('latin1').split(/(?<=\n)|(?<=\r)(?!\n)/)
  for (let size = lines.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < lines.length; ) {
      const fewer = lines.toSpliced(at, size)
      if (await differs(Buffer.from(fewer.join(''), 'latin1'))) lines = fewer
      else at += size
    }
  }
  return Buffer.from(lines.join(''), 'latin1')
}

function note(outcome: Outcome, seen: Map<string, number>): void {
  const see = (what: string, times = 1) => seen.set(what, (seen.get(what) ?? 0) + times)
  if ('refused' in outcome) {
    see(outcome.refused)
    return
  }
  for (const [count, times] of Object.entries(outcome.counts)) see(count, times)
  for (const { reason } of outcome.rejects) see(reason)
}

interface RawFile {
  readonly path: string
  readonly bytes: Buffer
  readonly table: RawTable
}

/** The raw files below a folder, unzipped; gzip'd ones that are broken are left out. */
function rawFiles(below: string): RawFile[] {
  return readdirSync(below, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const table = tableOf(path)
      const bytes = table === undefined ? undefined : contentOf(path)
      return table === undefined || bytes === undefined ? [] : [{ path, table, bytes: filled(path, bytes) }]
    })
}

function contentOf(path: string): Buffer | undefined {
  const bytes = readFileSync(path)
  if (!path.endsWith('.gz')) return bytes
  try {
    return gunzipSync(bytes)
  } catch {
    return undefined
  }
}

const fillSchema = z.object({
  make: z
    .array(
      z.object({
        kind: z.string(),
        path: z.string(),
        marker: z.string().default(''),
        text: z.string().default(''),
        times: z.number().default(0),
      }),
    )
    .default([]),
})

/** The bad corpus writes records of a megabyte as a text and how often it is to be repeated. */
function filled(path: string, bytes: Buffer): Buffer {
  if (relative(join(fixtures, 'bad'), path).startsWith('..') || path.includes('/base/')) return bytes
  const { make } = fillSchema.parse(JSON.parse(readFileSync(join(path, '../../case.json'), 'utf8')))
  let text = bytes.toString('latin1')
  for (const made of make.filter((each) => each.kind === 'fill' && each.path === basename(path)))
    text = text.replaceAll(byteText(made.marker), byteText(made.text).repeat(made.times))
  return Buffer.from(text, 'latin1')
}

const cellsSchema = z.array(
  z.object({
    kind: z.enum(KINDS),
    cell: z.string(),
    options: z
      .object({ timezone: z.string().default('UTC'), timeFormats: z.array(z.string()).default([]) })
      .prefault({}),
  }),
)

function cellEntries(): z.infer<typeof cellsSchema> {
  return cellsSchema.parse(JSON.parse(readFileSync(join(fixtures, 'cells/cells.json'), 'utf8')))
}

interface CellGroup {
  readonly kind: KindName
  readonly shop: ShopCells
  readonly cells: string[]
}

/** The cells of the table by their kind and by what the shop says. */
function cellGroups(): CellGroup[] {
  const groups = new Map<string, CellGroup>()
  for (const { kind, cell, options } of cellEntries()) {
    const name = JSON.stringify([kind, options])
    const group = groups.get(name) ?? { kind, shop: { ...options, nullValues: [] }, cells: [] }
    group.cells.push(cell)
    groups.set(name, group)
  }
  return [...groups.values()]
}

const GOOD: Readonly<Record<KindName, string>> = {
  id: 'i',
  text: 't',
  timestamp: '2025-01-01',
  money: '1',
  integer: '1',
  large_integer: '1',
  quantity: '1',
  percent: '1',
  flag: '1',
}

/** A table with a column of a kind, and its file with such cells in rows that are fine otherwise. */
function seatOf(kind: KindName): { table: RawTable; file: (cells: readonly string[]) => Buffer } {
  const seatIn = ({ columns, key }: RawTable) =>
    Object.keys(columns).find((name) => columns[name]!.kind === kind && name !== key)
  const table = tables.find((each) => seatIn(each) !== undefined)!
  const seat = seatIn(table)
  const columns = Object.entries(table.columns)
  const row = (cell: string, n: number) =>
    columns
      .map(([name, column]) => (name === seat ? cell : name === table.key ? `k${n}` : GOOD[column.kind]))
      .join(',')
  const header = columns.map(([name]) => name).join(',')
  return { table, file: (cells) => Buffer.from(`${[header, ...cells.map(row)].join('\n')}\n`) }
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}

const SPEND = {
  ...{ time: '2025-01-02', utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'brand, new' },
  ...{ platform: 'Google Ads', account: '1', campaign_id: '007', ad_group: 'a', ad: 'x' },
  ...{ spend: '12.34', impressions: '1000000000000', clicks: '7' },
}
/** No fixture has the optional tables. */
const OPTIONAL_RECORDS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  marketing_spend_table: [
    SPEND,
    // Of the same key: identical, and conflicting.
    { ...SPEND, time: '2025-01-02 23:59:59' },
    { ...SPEND, impressions: '' },
    {
      ...{ time: '2025-01-03 08:30', utm_source: 'meta', utm_medium: '', utm_campaign: 'sale' },
      ...{ platform: '', account: '', campaign_id: '', ad_group: '', ad: '' },
      ...{ spend: '-5', impressions: '', clicks: '1000000' },
    },
  ],
  refund_table: [
    {
      ...{ refund_id: 'r', order_id: 'o1', time: '2025-01-03 10:00', amount: '10.5' },
      ...{ product_name: 'Mug', quantity: '1', reason: 'broken, "really"' },
    },
    {
      ...{ refund_id: 'q', order_id: 'o2', time: '2025-01-04', amount: '3' },
      ...{ product_name: '', quantity: '', reason: '' },
    },
  ],
}

let made: Models | undefined

/** The records of the base of the bad corpus and of the golden cases, and the cells of the cells table. */
function models(): Models {
  if (made !== undefined) return made
  const good = [...rawFiles(join(fixtures, 'bad/base')), ...rawFiles(join(fixtures, 'cases'))]
  const records = new Map(tables.map(({ name }) => [name, [] as Record<string, string>[]]))
  for (const { bytes, table } of good) records.get(table.name)!.push(...recordsOf(bytes))
  for (const [name, rows] of Object.entries(OPTIONAL_RECORDS)) records.get(name)!.push(...rows)
  const cells: Record<KindName, string[]> = {
    id: [],
    text: [],
    timestamp: [],
    money: [],
    integer: [],
    large_integer: [],
    quantity: [],
    percent: [],
    flag: [],
  }
  for (const { kind, cell } of cellEntries()) if (cell.length < 100) cells[kind].push(byteText(cell))
  made = { records, cells }
  return made
}

function recordsOf(bytes: Buffer): Record<string, string>[] {
  const text = bytes.toString('latin1').replace(byteText('\ufeff'), '')
  return parse(text, {
    columns: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
  })
}
