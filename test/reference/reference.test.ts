import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { computeReference, type ReferenceOptions, referenceTables } from './duckdb.ts'

const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url))
/** Not under version control: what the reference gives, to look at beside what is expected. */
const outputs = fileURLToPath(new URL('../../.vitest/reference', import.meta.url))

interface Case {
  name: string
  source: string
  args: string[]
}

function listCases(): Case[] {
  return readdirSync(cases)
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(cases, name, 'case.json'), 'utf8')) }))
}

function dateOptions(args: string[]): Pick<ReferenceOptions, 'asOf' | 'since' | 'until'> {
  const after = (option: string) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined)
  const [asOf, since, until] = [after('--as-of'), after('--since'), after('--until')]
  return { ...(asOf && { asOf }), ...(since && { since }), ...(until && { until }) }
}

const fromReference = listCases().filter((one) => one.source.startsWith('duckdb'))

describe('the second source gives the expected tables', () => {
  test('there are such cases', () => {
    expect(fromReference.length).toBeGreaterThanOrEqual(10)
  })

  test.concurrent.for(fromReference)('$name', { timeout: 60_000 }, async ({ name, args }, { expect }) => {
    const outputFolder = join(outputs, name)
    await computeReference({ rawFolder: join(cases, name, 'raw_data'), outputFolder, ...dateOptions(args) })
    for (const table of referenceTables) {
      const [given, expected] = await Promise.all([
        readFile(join(outputFolder, `${table}.csv`), 'utf8'),
        readFile(join(cases, name, 'aggregated_data', `${table}.csv`), 'utf8'),
      ])
      expect(given, table).toBe(expected)
    }
  })

  test('at one thread as at several', { timeout: 60_000 }, async () => {
    const rawFolder = join(cases, 'fuzzyfactory_window', 'raw_data')
    const outputFolder = join(outputs, 'one-thread')
    await computeReference({ rawFolder, outputFolder, threads: 1, memoryLimit: '1GB' })
    for (const table of referenceTables)
      expect(await readFile(join(outputFolder, `${table}.csv`), 'utf8'), table).toBe(
        await readFile(join(cases, 'fuzzyfactory_window', 'aggregated_data', `${table}.csv`), 'utf8'),
      )
  })
})
