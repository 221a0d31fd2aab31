import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordSchema } from '../../src/run/logs/record.ts'
import { Random, seedOf } from '../support/random.ts'
import { Workspace } from '../support/workspace.ts'

const { seed, name } = seedOf(1701)
const DELIMITERS = [',', ';', '\t', '|']

let plain: Workspace
let tables: ReadonlyMap<string, string[][]>
const bytes = new Map<string, Buffer>()

/** Publishes, and gives the accounting of each table with its rejects but for files and lines. */
async function published(workspace: Workspace, threads: string) {
  const ended = await workspace.ecomagg(['process', '--json', '--max-reject-rate', '1', '--threads', threads])
  expect(ended.exit, ended.stderr).toBe(0)
  const { inputs, rejects_file } = recordSchema.parse(JSON.parse(ended.stdout))
  const rejects: string[][] = parse(readFileSync(rejects_file!))
  return {
    accounting: inputs.map(({ table, accounting }) => [table, accounting]),
    rejects: rejects.map(([table, , , ...rest]) => [table, ...rest]),
    files: inputs.map(({ files }) => files.map(({ file }) => file)),
  }
}

beforeAll(async () => {
  plain = new Workspace({ inProcess: true })
  const { exit } = await plain.ecomagg(['sample', '--sessions', '400', '--traps', '--force'])
  expect(exit).toBe(0)
  tables = new Map(
    readdirSync(plain.input)
      .filter((file) => file.endsWith('.csv'))
      .map((file) => [
        file.replace('.csv', ''),
        parse(readFileSync(join(plain.input, file)), { relax_column_count: true, relax_quotes: true }),
      ]),
  )
})

afterAll(() => plain?.dispose())

/** Writes a table as several files, each with its columns in another order. @returns what a user would set */
function cut(workspace: Workspace, table: string, [header, ...rows]: readonly string[][], random: Random) {
  const delimiter = random.pick(DELIMITERS)
  const skipLines = random.pick([0, 0, 1, 3])
  const count = random.whole(1, 5)
  for (let i = 0; i < count; i++) {
    const part = rows.slice(
      Math.floor((i * rows.length) / count),
      Math.floor(((i + 1) * rows.length) / count),
    )
    const order = random.shuffled([...header!.keys()])
    // A record with another number of fields than the header is rejected, however its fields are ordered.
    const ordered = [header!, ...part].map((row) =>
      row.length === header!.length ? order.map((place) => row[place]!) : row,
    )
    const title = Array.from({ length: skipLines }, (_, line) => `"title ${line}\n`).join('')
    const text =
      title + stringify(ordered, { quoted: true, delimiter, record_delimiter: random.pick(['\n', '\r\n']) })
    const isGzip = random.pick([true, false])
    const path = join(workspace.input, table, `part-${i}.csv${isGzip ? '.gz' : ''}`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, isGzip ? gzipSync(text) : text)
  }
  return { files: `${table}/*.csv*`, delimiter, skipLines }
}

describe(`tables cut into files (${name})`, () => {
  test.each([
    [1, '1'],
    [2, '2'],
    [3, '2'],
  ])('shop %i by %s threads: not a byte changes but files and lines of rejects', async (number, threads) => {
    if (bytes.size === 0) {
      for (const [table, rows] of tables) plain.write(`${table}.csv`, stringify([...rows], { quoted: true }))
    }
    const expected = await published(plain, '1')
    for (const file of readdirSync(plain.output).filter((one) => one.endsWith('.csv')))
      bytes.set(file, readFileSync(join(plain.output, file)))
    // Only the built program has threads.
    const workspace = new Workspace({ inProcess: threads === '1' })
    try {
      const random = new Random(seed + number)
      const rawTables = Object.fromEntries(
        [...tables].map(([table, rows]) => [table, cut(workspace, table, rows, random)]),
      )
      writeFileSync(join(workspace.folder, 'ecomagg.config.json'), JSON.stringify({ rawTables }))
      const found = await published(workspace, threads)
      expect(found.accounting).toEqual(expected.accounting)
      expect(found.rejects).toEqual(expected.rejects)
      for (const [file, content] of bytes)
        expect(readFileSync(join(workspace.output, file)).equals(content), file).toBe(true)
    } finally {
      workspace.dispose()
    }
  })
})
