import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GivenOptions } from '../../../src/config/complete-options.ts'
import { column } from '../../../src/custom/columns.ts'
import { readExtensions } from '../../../src/custom/declare.ts'
import { defineMetric, defineTable, type Extensions, noExtensions } from '../../../src/custom/extensions.ts'
import type { KnownError } from '../../../src/lib/errors.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import type { StagedTable } from '../../../src/run/commit/stage.ts'
import type * as InTurn from '../../../src/run/commit/table-writer.ts'
import type * as InThread from '../../../src/run/commit/write-in-thread.ts'
import type { RunResult } from '../../../src/run/process.ts'
import { writeSample } from '../../../src/sample/write-sample.ts'
import type { AggregateTable } from '../../../src/tables/aggregate-table.ts'
import { builtModules } from '../../support/built-modules.ts'
import { chosen } from '../../support/effort.ts'
import { fixtures, root } from '../../support/workspace.ts'

// A thread is started by its file, so that the built program is tried.
const dist = await builtModules()
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-writer-'))
const rules = rulesSchema.parse({ maxRejectRate: 1 })
let built: { runOnce: (options: GivenOptions) => Promise<RunResult> }
let writers: typeof InTurn & typeof InThread

beforeAll(async () => {
  const file = (name: string) => import(pathToFileURL(join(dist, name)).href)
  built = (await file('run-once.js')) as typeof built
  writers = {
    ...((await file('table-writer.js')) as typeof InTurn),
    ...((await file('write-in-thread.js')) as typeof InThread),
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** All that a run makes and says, but for times and its name. */
async function outcome(input: string, threads: number, more: Partial<GivenOptions> = {}) {
  const place = mkdtempSync(join(folder, 'run-'))
  const output = join(place, 'output')
  const { record, error } = await built.runOnce({
    inputFolder: input,
    outputFolder: output,
    logFolder: join(place, 'logs'),
    rules,
    extensions: noExtensions,
    allowMissing: true,
    threads,
    ...more,
  })
  const log = readFileSync(join(place, 'logs', `${record.run_id}.jsonl`), 'utf8')
  const logged = log.split('\n').filter((line) => line.includes('"table computed"'))
  const names = existsSync(output) ? readdirSync(output).filter((name) => name.endsWith('.csv')) : []
  const said = {
    status: record.status,
    outputs: record.outputs,
    logged: logged.map((line) => (JSON.parse(line) as { table: string }).table),
    totals: record.control_totals,
    findings: record.findings,
    error: (error as { code?: string } | undefined)?.code,
    csvs: Object.fromEntries(
      names.map((name) => [name, readFileSync(join(output, name)).toString('latin1')]),
    ),
    left: existsSync(join(output, '.ecomagg')) ? readdirSync(join(output, '.ecomagg')) : [],
  }
  rmSync(place, { recursive: true })
  return said
}

async function expectSame(input: string, more: Partial<GivenOptions> = {}) {
  const [one, several] = [await outcome(input, 1, more), await outcome(input, 2, more)]
  expect(several).toEqual(one)
  return several
}

test('the entry of the thread is built', () => {
  expect(existsSync(join(dist, 'write-worker.js'))).toBe(true)
  expect(existsSync(join(root, 'dist/write-worker.js'))).toBe(true)
})

describe('a thread that writes gives the same', () => {
  const golden = chosen(readdirSync(join(fixtures, 'cases')), (_, i) => i % 6 === 0)
  test.each(golden)('of the case %s', async (name) => {
    const { status, outputs, logged } = await expectSame(join(fixtures, 'cases', name, 'raw_data'))
    expect([status, outputs.length]).toEqual(['published', 7])
    expect(logged).toEqual(outputs.map(({ table }) => table))
  })

  test('of sample data with every trap, with a byte order mark and without escapes', async () => {
    const input = join(folder, 'traps')
    await writeSample({
      folder: input,
      sessions: 3000,
      days: 30,
      endDate: '2025-03-31',
      seed: 7,
      traps: true,
    })
    const { status } = await expectSame(input, { bom: true, escapeFormulas: false })
    expect(status).toBe('published')
  })

  test('of tables and metrics of own code, which may go on using the columns that it gave', async () => {
    const days = Int32Array.of(5, 3, 4)
    const own = (name: string) =>
      defineTable({
        name,
        grain: 'one row per day',
        key: ['date'],
        order: [{ column: 'date' }],
        needs: {},
        columns: { date: column.date('d'), count: column.count('c') },
        // A plain array is none of the types, but is written well all the same.
        aggregate: () => ({ rowCount: 3, columns: { date: days, count: [1, 2, 3] as never } }),
      })
    const metric = defineMetric({
      table: 'session_funnel',
      name: 'length',
      column: column.count('length of the id'),
      needs: {},
      compute: () => (row) => row.session_id?.length ?? 0,
    })
    const { status, csvs } = await expectSame(join(fixtures, 'cases/text_traps/raw_data'), {
      extensions: extensionsOf({ tables: [own('first'), own('second')], metrics: [metric] }),
    })
    expect(status).toBe('published')
    expect(csvs['first.csv']).toBe('date,count\n1970-01-04,2\n1970-01-05,3\n1970-01-06,1\n')
    expect(csvs['second.csv']).toBe(csvs['first.csv'])
  })

  test('end of own code that fails, after all before it was written', async () => {
    const fails = defineTable({
      name: 'fails',
      grain: 'none',
      key: ['date'],
      order: [{ column: 'date' }],
      needs: {},
      columns: { date: column.date('d') },
      aggregate: () => {
        throw new Error('on purpose')
      },
    })
    const { status, outputs, csvs, left } = await expectSame(join(fixtures, 'cases/attribution/raw_data'), {
      extensions: extensionsOf({ tables: [fails] }),
    })
    expect([status, outputs.length, csvs, left]).toEqual(['failed', 7, {}, []])
  })
})

function extensionsOf(own: object): Extensions {
  const { extensions, problems } = readExtensions(own, rules)
  expect(problems).toEqual([])
  return extensions
}

describe('what stands against a table is told as without a thread', () => {
  const definition = {
    name: 'one',
    grain: '',
    key: ['date'],
    order: [{ column: 'date' }],
    written: 'always' as const,
    totals: {},
    needs: {},
    columns: { date: column.date('d') },
    aggregate: () => ({ rowCount: 0, columns: {} }),
  }
  const table = (name: string): AggregateTable => ({
    definition: { ...definition, name },
    rowCount: 1,
    columns: { date: Int32Array.of(0) },
    order: Int32Array.of(0),
  })

  /** What is written, and the error of writing some tables into a folder. */
  async function writing(kind: 'inTurn' | 'inThread', staging: string, names: readonly string[]) {
    const written: string[] = []
    const options = {
      staging,
      dialect: { bom: false, escapeFormulas: true },
      onWritten: ({ file }: StagedTable) => written.push(file.table),
      keeps: () => false,
      signal: undefined,
    }
    const writer = kind === 'inTurn' ? writers.writeInTurn(options) : writers.writeInThread(options)!
    try {
      for (const name of names) await writer.write(table(name))
      await writer.finish()
      return { written }
    } catch (error) {
      const { code, failure, message, hint, details } = error as KnownError
      return { written, code, failure, message, hint, details }
    } finally {
      await writer.close()
    }
  }

  test('if a file is there already', async () => {
    const staging = mkdtempSync(join(folder, 'staging-'))
    writeFileSync(join(staging, 'second.csv'), '')
    const names = ['first', 'second', 'third']
    const inTurn = await writing('inTurn', staging, names)
    expect(inTurn).toMatchObject({ written: ['first'], code: 'cannot_create', failure: 'create' })
    rmSync(join(staging, 'first.csv'))
    expect(await writing('inThread', staging, names)).toEqual(inTurn)
  })

  test('if the folder is gone', async () => {
    const inTurn = await writing('inTurn', join(folder, 'nowhere'), ['first'])
    expect(inTurn).toMatchObject({ written: [], code: 'cannot_create', failure: 'create' })
    expect(await writing('inThread', join(folder, 'nowhere'), ['first'])).toEqual(inTurn)
  })
})
