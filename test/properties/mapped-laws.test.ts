import { describe, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { type MemoryRun, runInMemory } from '../support/memory-run.ts'
import { EXTRA_COLUMNS, type MessyShop, messyShop, NULL_TEXT } from '../support/messy-shop.ts'
import { Random, seedOf } from '../support/random.ts'
import { SHOP_COLUMNS, SHOP_TABLES } from '../support/random-shop.ts'
import { type Dialect, encodable, PLAIN, written } from '../support/written-table.ts'

const { seed: firstSeed } = seedOf(1)
const SHOPS = process.env.SEED === undefined ? cases(4, 24) : 1
const seeds = Array.from({ length: SHOPS }, (_, i) => firstSeed + i)

type Tables = MessyShop['rows']
type Settings = Readonly<Record<string, unknown>>

const columnsOf = (table: string) => [...SHOP_COLUMNS[table]!, ...(EXTRA_COLUMNS[table] ?? [])]

/** The files of a shop, in a dialect and under other names of columns. */
function filesOf(
  rows: Tables,
  dialect: Dialect = PLAIN,
  nameOf = (_table: string, column: string) => column,
) {
  return Object.fromEntries(
    SHOP_TABLES.map((table) => {
      const columns = columnsOf(table)
      const records = rows[table]!.map((row) => columns.map((column) => row[column] ?? ''))
      const header = columns.map((column) => nameOf(table, column))
      return [`${table}.csv`, written([header, ...records], dialect).bytes]
    }),
  )
}

function run(files: Record<string, Buffer>, rawTables: Readonly<Record<string, Settings>> = {}) {
  return runInMemory(files, { rules: { nullValues: [NULL_TEXT], rawTables } })
}

/** The same settings for each table. */
function forAll(settings: (table: string) => Settings): Record<string, Settings> {
  return Object.fromEntries(SHOP_TABLES.map((table) => [table, settings(table)]))
}

function mapCells(rows: Tables, change: (cell: string, column: string) => string): Tables {
  return Object.fromEntries(
    Object.entries(rows).map(([table, all]) => [
      table,
      all.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, change(cell, column)])),
      ),
    ]),
  )
}

function expectSame(found: MemoryRun, wanted: MemoryRun): void {
  expect(found.csvs).toEqual(wanted.csvs)
  expect(found.inputs).toEqual(wanted.inputs)
  expect(found.verdict.controlTotals).toEqual(wanted.verdict.controlTotals)
  for (const [table, counts] of Object.entries(found.inputs)) {
    const { read, rejected, duplicate, outside_range, filtered, accepted } = counts
    expect(rejected + duplicate + outside_range + filtered + accepted, table).toBe(read)
  }
}

/** A cell that is empty by its mapping is shown as the file has it; else one that means null is shown as empty. */
function withoutNull<R extends { readonly cell?: string | undefined }>(reject: R): R {
  return reject.cell === NULL_TEXT ? { ...reject, cell: '' } : reject
}

const NUMBERS = [
  'total_price',
  'shipping_price',
  'discount',
  'product_price',
  'product_qty',
  'scroll_percent',
]

describe.each(seeds)('a messy shop of seed %i (the environment variable SEED runs one alone)', (seed) => {
  const random = new Random(seed)
  const { rows } = messyShop(seed)
  const plain = run(filesOf(rows))

  test.each([
    ['as they are', (name: string) => name],
    // Nothing ends so: the step does nothing, but each cell goes through the lane of mapped tables.
    ['by a step that changes nothing', (name: string) => ({ column: name, trimSuffix: '\u2603' })],
  ])('columns of other names, taken %s in any order of keys, are the same', async (_how, mapping) => {
    const nameOf = (table: string, column: string) => `${table}: ${column}`
    const rawTables = forAll((table) => ({
      columns: Object.fromEntries(
        random.shuffled(columnsOf(table)).map((column) => [column, mapping(nameOf(table, column))]),
      ),
    }))
    const found = await run(filesOf(rows, PLAIN, nameOf), rawTables)
    const wanted = await plain
    expectSame(found, wanted)
    expect(found.rejects.map(withoutNull)).toEqual(
      wanted.rejects.map((reject) =>
        reject.column === undefined
          ? reject
          : { ...reject, column: nameOf(reject.table, reject.column), target: reject.column },
      ),
    )
  })

  test('semicolons and decimal commas, declared, are the same', async () => {
    const commas = mapCells(rows, (cell, column) =>
      NUMBERS.includes(column) && /^\s*-?[\d.]+\s*$/.test(cell) ? cell.replace('.', ',') : cell,
    )
    const rawTables = forAll(() => ({ delimiter: ';', decimal: ',' }))
    const found = await run(filesOf(commas, { ...PLAIN, delimiter: ';' }), rawTables)
    const wanted = await plain
    expectSame(found, wanted)
    expect(found.rejects.map(({ target: _, ...reject }) => withoutNull(reject))).toEqual(wanted.rejects)
  })

  test.each(['windows-1252', 'iso-8859-1', 'iso-8859-15', 'utf-16'] as const)(
    '%s, declared, is the same as UTF-8, also with quotes behind backslashes',
    async (encoding) => {
      const known = mapCells(rows, (cell) => encodable(cell, encoding))
      const wanted = encoding === 'utf-16' ? await plain : await run(filesOf(known))
      const lineEnd = random.pick(['\n', '\r\n'] as const)
      for (const quotes of ['doubled', 'backslash'] as const) {
        const files = filesOf(known, { ...PLAIN, encoding, quotes, lineEnd })
        const found = await run(
          files,
          forAll(() => ({ encoding, quotes })),
        )
        expectSame(found, wanted)
        expect(found.rejects).toEqual(wanted.rejects)
      }
    },
  )

  test('the last row of each key is the first of the reversed file', async () => {
    const reversed = Object.fromEntries(
      Object.entries(rows).map(([table, all]) => [table, [...all].reverse()]),
    )
    const last = await run(
      filesOf(rows),
      forAll(() => ({ keep: 'last' })),
    )
    const first = await run(filesOf(reversed))
    expect(last.csvs).toEqual(first.csvs)
    for (const table of SHOP_TABLES) {
      expect(last.inputs[table], table).toEqual({ ...first.inputs[table], conflicting: 0 })
      const rejectsOf = ({ rejects }: MemoryRun) =>
        rejects
          .filter((reject) => reject.table === table && reject.reason !== 'conflicting_duplicate')
          .map(({ line: _, ...reject }) => reject)
      expect(rejectsOf(last), table).toEqual(rejectsOf(first).reverse())
    }
  })
})
