import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KnownError } from '../../src/lib/errors.ts'
import { cases } from '../support/effort.ts'
import { type MemoryRun, runFolder } from '../support/memory-run.ts'
import { naiveRecords } from '../support/naive-records.ts'
import { Random } from '../support/random.ts'
import { RAW_TABLE_NAMES } from '../support/raw-table-names.ts'
import { fixtures } from '../support/workspace.ts'
import { type Mutated, mutateDestructively, mutateHarmlessly } from './mutations.ts'

/** Mutated files tried; more with ECOMAGG_FUZZ, other ones with ECOMAGG_FUZZ_SEED. */
const CASES = Number(process.env.ECOMAGG_FUZZ ?? cases(120, 20_000))
const FIRST_SEED = Number(process.env.ECOMAGG_FUZZ_SEED ?? 1)

/** Valid tables without quotes, so that the mutations can split their lines at commas. */
const original = new Map(
  RAW_TABLE_NAMES.map((table) => {
    const text = readFileSync(join(fixtures, 'bad/base/raw_data', `${table}.csv`), 'utf8')
    return [table, Buffer.from(text.replaceAll(/"([^",]*),([^"]*)"/g, '$1é$2'))]
  }),
)
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-fuzz-'))
let clean: MemoryRun

beforeAll(async () => {
  for (const [table, bytes] of original) writeFileSync(join(folder, `${table}.csv`), bytes)
  clean = await runFolder(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test(`${CASES} mutated files: no crash, every record counted, totals hold, form alone changes nothing`, async () => {
  const ends = { published: 0, refused: 0 }
  for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
    const random = new Random(seed)
    const table = random.pick(RAW_TABLE_NAMES)
    const isHarmless = random.chance(0.25)
    const mutate = isHarmless ? mutateHarmlessly : mutateDestructively
    const mutated = mutate(original.get(table)!, random)
    try {
      const end = await tryFile(table, mutated, isHarmless)
      ends[end]++
    } catch (error) {
      throw new Error(`seed ${seed}, ${table}: ${mutated.what}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
  console.info(
    `fuzz: ${CASES} files from seed ${FIRST_SEED}: ${ends.published} processed, ${ends.refused} refused`,
  )
  expect(ends.published).toBeGreaterThan(CASES / 4)
  expect(ends.refused).toBeGreaterThan(CASES / 50)
}, 1_200_000)

async function tryFile(
  table: string,
  mutated: Mutated,
  isHarmless: boolean,
): Promise<'published' | 'refused'> {
  const plain = join(folder, `${table}.csv`)
  const path = mutated.isGzip ? `${plain}.gz` : plain
  rmSync(plain)
  writeFileSync(path, mutated.bytes)
  try {
    const run = await runFolder(folder)
    if (isHarmless) expect(run.csvs).toEqual(clean.csvs)
    checkAccounting(run, table, mutated)
    return 'published'
  } catch (error) {
    if (isHarmless || !(error instanceof KnownError)) throw error
    expect(['data', 'input']).toContain(error.failure)
    expect(error.hint).toBeTruthy()
    return 'refused'
  } finally {
    rmSync(path)
    writeFileSync(plain, original.get(table)!)
  }
}

function checkAccounting(run: MemoryRun, table: string, mutated: Mutated): void {
  for (const { accounting: rows } of run.loaded.inputs) {
    expect(rows.rejected + rows.duplicate + rows.outside_range + rows.filtered + rows.accepted).toBe(
      rows.read,
    )
    const reasons = [...rows.reasons.values()].filter(({ reason }) => reason !== 'conflicting_duplicate')
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(rows.rejected)
  }
  const plain = mutated.isGzip ? gunzipSync(mutated.bytes) : mutated.bytes
  const { isFatal, records } = naiveRecords(plain)
  expect(isFatal).toBe(false)
  const { accounting } = run.loaded.inputs.find((input) => input.table === table)!
  expect(accounting.read).toBe(records.length - 1)
  const starts = new Set(records.map(({ line }) => line))
  for (const reject of run.rejects) if (reject.table === table) expect(starts).toContain(reject.line)
  for (const { name, holds } of run.verdict.controlTotals) expect(holds, name).toBe(true)
}
