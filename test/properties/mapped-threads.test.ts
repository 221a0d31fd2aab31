import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordSchema } from '../../src/run/logs/record.ts'
import { cases } from '../support/effort.ts'
import { asExport, exportSettings } from '../support/mapped-export.ts'
import { Random, seedOf } from '../support/random.ts'
import { Workspace } from '../support/workspace.ts'
import { PLAIN, written } from '../support/written-table.ts'

const { seed, name } = seedOf(2404)
const FILES = 2

let plain: Workspace
let tables: ReadonlyMap<string, string[][]>
const withBytes = { relax_column_count: true, relax_quotes: true }

/** Publishes, and gives what must not depend on threads. */
async function published(workspace: Workspace, threads: string) {
  const ended = await workspace.ecomagg(['process', '--json', '--max-reject-rate', '1', '--threads', threads])
  expect(ended.exit, ended.stderr).toBe(0)
  const { inputs, rejects_file } = recordSchema.parse(JSON.parse(ended.stdout))
  const csvs = readdirSync(workspace.output).filter((file) => file.endsWith('.csv'))
  return {
    csvs: new Map(csvs.map((file) => [file, readFileSync(join(workspace.output, file), 'utf8')])),
    accounting: inputs.map(({ table, accounting, filtered_by }) => ({ table, accounting, filtered_by })),
    rejects: readFileSync(rejects_file!, 'utf8'),
  }
}

beforeAll(async () => {
  plain = new Workspace({ inProcess: true })
  const { exit } = await plain.ecomagg(['sample', '--sessions', '300', '--traps', '--force'])
  expect(exit).toBe(0)
  const files = readdirSync(plain.input).filter((file) => file.endsWith('.csv'))
  tables = new Map(
    files.map((file) => {
      const records: string[][] = parse(readFileSync(join(plain.input, file)), withBytes)
      // One of nearly 1 MiB would be longer with a further column.
      return [file.replace('.csv', ''), records.filter((cells) => cells.join().length < 1_000_000)]
    }),
  )
  for (const [table, rows] of tables) plain.write(`${table}.csv`, written(rows, PLAIN).bytes)
})

afterAll(() => plain?.dispose())

/** Writes a table as several files of an export. @returns what a user would set */
function exported(workspace: Workspace, table: string, rows: readonly string[][], random: Random) {
  const isSequential = random.chance(0.2)
  const [names, ...records] = asExport(rows, random, (i) => (isSequential ? `row ${i}` : 'row'))
  for (let i = 0; i < FILES; i++) {
    const [from, to] = [i, i + 1].map((part) => Math.floor((part * records.length) / FILES))
    workspace.write(`${table}-${i}.csv`, written([names!, ...records.slice(from, to)], PLAIN).bytes)
  }
  return {
    files: `${table}-*.csv`,
    ...(isSequential && { oneRowPer: 'Kind' }),
    ...exportSettings(rows[0]!, random),
  }
}

describe(`mapped tables by several threads (${name})`, () => {
  test.each(Array.from({ length: cases(1, 5) }, (_, i) => i))(
    'shop %i: not a byte changes',
    async (number) => {
      const wanted = await published(plain, '1')
      const [one, two] = [new Workspace({ inProcess: true }), new Workspace()]
      try {
        for (const workspace of [one, two]) {
          const random = new Random(seed + number)
          const rawTables = Object.fromEntries(
            [...tables].map(([table, rows]) => [table, exported(workspace, table, rows, random)]),
          )
          writeFileSync(join(workspace.folder, 'ecomagg.config.json'), JSON.stringify({ rawTables }))
        }
        const found = await published(one, '1')
        expect(await published(two, '2')).toEqual(found)
        expect(found.csvs).toEqual(wanted.csvs)
        for (const [i, { accounting, filtered_by }] of found.accounting.entries()) {
          const left = filtered_by?.where ?? 0
          const { read, filtered } = accounting
          expect({ ...accounting, read: read - left, filtered: filtered - left }).toEqual(
            wanted.accounting[i]!.accounting,
          )
        }
      } finally {
        one.dispose()
        two.dispose()
      }
    },
  )
})
