import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeSample } from '../../src/sample/index.ts'
import { runFolder } from '../support/memory-run.ts'
import { computeReference } from './duckdb.ts'

test.each([1, 2, 3])('sample data of seed %i: the same bytes as plain DuckDB SQL', async (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-reference-'))
  try {
    const rawFolder = join(folder, 'raw_data')
    const outputFolder = join(folder, 'aggregated_data')
    await writeSample({
      folder: rawFolder,
      seed,
      sessions: 3000,
      days: 45,
      endDate: '2024-03-10',
      traps: false,
    })
    await computeReference({ rawFolder, outputFolder })
    const { csvs } = await runFolder(rawFolder)
    expect(readdirSync(outputFolder).filter((name) => name.endsWith('.csv'))).toHaveLength(
      Object.keys(csvs).length,
    )
    for (const [table, bytes] of Object.entries(csvs)) {
      const expected = readFileSync(join(outputFolder, `${table}.csv`), 'utf8')
      expect(bytes === expected, `${table}.csv differs`).toBe(true)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
