import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { GivenOptions } from '../../src/config/complete-options.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { engines } from '../../src/engines/index.ts'
import { parseDay } from '../../src/lib/times/wall-clock.ts'
import { runOnce } from '../../src/run/run-once.ts'
import { compareTable } from '../../src/run/verify/compare-set.ts'
import { verify } from '../../src/run/verify/verify.ts'
import { runFolder } from '../support/memory-run.ts'
import { streamEngine, streamOf } from '../support/stream-engine.ts'
import { fixtures } from '../support/workspace.ts'

const caseSchema = z.object({
  args: z.array(z.string()),
  settings: z.record(z.string(), z.unknown()).default({}),
  accounting: z.record(z.string(), z.record(z.string(), z.number())),
  findings: z.array(z.string()),
})

/** Those of the list, and one that gives its tables in the other form. */
const ALL: readonly Engine[] = [...engines, streamEngine]
const cases = join(fixtures, 'cases')
const scratch = mkdtempSync(join(tmpdir(), 'ecomagg-engines-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** What the options of a case are in a script. */
function given(args: readonly string[]): GivenOptions {
  const all: Record<string, (text: string) => GivenOptions> = {
    '--since': (text) => ({ since: parseDay(text) }),
    '--until': (text) => ({ until: parseDay(text) }),
    '--as-of': (text) => ({ asOf: parseDay(text) }),
    '--max-reject-rate': (text) => ({ settings: { maxRejectRate: Number(text) } }),
  }
  let options: GivenOptions = {}
  for (let i = 0; i < args.length; i += 2) options = { ...options, ...all[args[i]!]!(args[i + 1]!) }
  return options
}

/** A folder for one run. */
function place(input: string): GivenOptions & { readonly outputFolder: string } {
  const folder = mkdtempSync(join(scratch, 'run-'))
  return { inputFolder: input, outputFolder: join(folder, 'output'), logFolder: join(folder, 'logs') }
}

describe.each(ALL.map((engine) => [engine.name, engine] as const))('the engine %s', (_, engine) => {
  test.each(readdirSync(cases))(
    'gives the bytes of the case %s, and what is published holds',
    async (name) => {
      const folder = join(cases, name)
      const golden = caseSchema.parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')))
      const where = place(join(folder, 'raw_data'))
      const options = given(golden.args)
      const { record, error } = await runOnce({
        ...where,
        ...options,
        settings: { ...golden.settings, ...options.settings },
        engine,
      })
      if (error !== undefined) throw error
      const expected = readdirSync(join(folder, 'aggregated_data')).filter(
        (file) => file.endsWith('.csv') && !file.endsWith('.actual.csv'),
      )
      const differing = expected.filter(
        (file) =>
          !readFileSync(join(folder, 'aggregated_data', file)).equals(
            readFileSync(join(where.outputFolder, file)),
          ),
      )
      expect(differing).toEqual([])
      expect(record.outputs.map(({ file }) => file).sort()).toEqual(expected.sort())
      expect(record.control_totals.filter(({ holds }) => !holds)).toEqual([])
      expect(record.findings.map(({ code }) => code).sort()).toEqual(golden.findings)
      const accounting = record.inputs.map((input) => [input.table, input.accounting])
      expect(Object.fromEntries(accounting)).toEqual(golden.accounting)
      // What it published adds up when it is read back, and rows are as many as it said.
      const verified = await verify(where.outputFolder)
      expect(verified.files).toEqual(record.outputs)
    },
  )

  test('writes in threads what it writes in one, and counts it in a check', async () => {
    const input = join(cases, 'fuzzyfactory_window', 'raw_data')
    const [one, several] = [place(input), place(input)]
    const alone = await runOnce({ ...one, engine, threads: 1 })
    const shared = await runOnce({ ...several, engine, threads: 2 })
    expect(shared.record.outputs).toEqual(alone.record.outputs)
    const checked = await runOnce({ ...place(input), engine, command: 'check' })
    expect(checked.record.outputs.map(({ file, bytes, rows }) => [file, bytes, rows])).toEqual(
      alone.record.outputs.map(({ file, bytes, rows }) => [file, bytes, rows]),
    )
  })
})

describe('a table that comes as a stream', () => {
  const input = join(cases, 'products', 'raw_data')

  /** The streaming engine with one of its tables changed. */
  function changed(change: (table: ReturnType<typeof streamOf>) => ReturnType<typeof streamOf>): Engine {
    return {
      name: 'changed',
      async load(options) {
        const run = await streamEngine.load(options)
        return {
          ...run,
          async *aggregate() {
            const tables = run.aggregate()
            for (;;) {
              const next = await tables.next()
              if (next.done === true) return next.value
              yield 'csv' in next.value ? change(next.value) : next.value
            }
          },
        }
      },
    }
  }

  test('in other rows than were announced publishes nothing', async () => {
    const where = place(input)
    const engine = changed((table) => ({ ...table, rowCount: table.rowCount + 1 }))
    const { record, error } = await runOnce({ ...where, engine })
    expect([record.status, (error as { code?: string }).code]).toEqual(['failed', 'stream_rows_disagree'])
    expect(readdirSync(where.outputFolder)).toEqual([])
  })

  test('that breaks off publishes nothing', async () => {
    const where = place(input)
    const engine = changed((table) => ({
      ...table,
      async *csv(dialect) {
        for await (const bytes of table.csv(dialect)) {
          yield bytes
          throw new Error('the connection was lost')
        }
      },
    }))
    const { record } = await runOnce({ ...where, engine })
    expect(record.status).toBe('failed')
    expect(readdirSync(where.outputFolder)).toEqual([])
  })

  test('keeps no history, and says which engines do', async () => {
    const { error } = await runOnce({ ...place(input), engine: streamEngine, mode: 'full' })
    expect(error).toMatchObject({ code: 'engine_without_history', details: { allowed: 'memory' } })
  })

  test('is compared with what is published, rows by their keys', async () => {
    const where = place(input)
    await runOnce(where)
    const { tables } = await runFolder(input)
    const dialect = { bom: false, escapeFormulas: true }
    const table = streamOf(tables.get('product_performance_daily')!)
    expect(await compareTable(where.outputFolder, table, dialect)).toBeUndefined()
    const shorter = {
      ...table,
      async *csv() {
        const chunks: Uint8Array[] = []
        for await (const bytes of table.csv(dialect)) chunks.push(bytes)
        const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n')
        yield Buffer.from(`${lines.slice(0, -1).join('\n')}\n`)
      },
    }
    expect(await compareTable(where.outputFolder, shorter, dialect)).toMatchObject({
      table: 'product_performance_daily',
      unexpected: 1,
      missing: 0,
      changed: 0,
    })
  })
})
