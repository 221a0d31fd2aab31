import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { KnownError } from '../../src/lib/errors.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import type { RunRecord } from '../../src/run/logs/record.ts'
import { runOnce } from '../../src/run/run-once.ts'
import { cases } from '../support/effort.ts'
import { type Delivery, filesOf, HostileSource, hostileSettings } from '../support/hostile-source.ts'
import { KeptDaysModel } from '../support/kept-days-model.ts'
import { runInMemory } from '../support/memory-run.ts'
import { Random, seedOf } from '../support/random.ts'
import { bytesBelow } from '../support/slice-workspace.ts'

/** How many deliveries at least; the environment variable STEPS asks for another number. */
const STEPS = Number(process.env.STEPS ?? cases(100, 1500))
const STEPS_OF_A_SHOP = 5
const { seed: firstSeed } = seedOf(1)
const shops = process.env.SEED === undefined || process.env.STEPS !== undefined ? STEPS / STEPS_OF_A_SHOP : 1
const seeds = Array.from({ length: Math.ceil(shops) }, (_, i) => firstSeed + i)

const seen = { steps: 0, published: 0, unchanged: 0, lost: 0, rejected: 0, merged: 0, shrunk: 0 }
const hashKey = Buffer.alloc(32, 7)

afterAll(() => {
  console.info(`deliveries tried: ${JSON.stringify(seen)}`)
})

/**
 * After each delivery the set is that of a plain run over what was delivered last of each day, byte by byte,
 * with the same accounting of all kept rows; or the run was refused, nothing has changed, and a row that
 * counted would have been lost.
 */
test.each(seeds)('a shop whose source keeps to nothing, seed %i', async (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecomagg-hostile-'))
  try {
    await new HostileRun(folder, new Random(seed * 7 + 3)).steps()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.runIf(seeds.length > 20)('everything that can happen has happened', () => {
  expect(seen.steps).toBeGreaterThanOrEqual(STEPS * 0.9)
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(seen.steps / 100)
})

class HostileRun {
  readonly #folder: string
  readonly #output: string
  readonly #random: Random
  readonly #source: HostileSource
  readonly #settings: ReturnType<typeof hostileSettings>
  readonly #rules: ReturnType<typeof rulesSchema.parse>
  readonly #model: KeptDaysModel
  readonly #key: Uint8Array | undefined

  constructor(folder: string, random: Random) {
    this.#folder = folder
    this.#output = join(folder, 'out')
    this.#random = random
    this.#source = new HostileSource(random)
    this.#settings = hostileSettings(random)
    this.#rules = rulesSchema.parse(this.#settings.rules)
    this.#model = new KeptDaysModel(this.#settings)
    this.#key = this.#rules.privacy.hashIds.length > 0 ? hashKey : undefined
  }

  async steps(): Promise<void> {
    const count = this.#random.whole(STEPS_OF_A_SHOP - 2, STEPS_OF_A_SHOP + 2)
    for (let step = 0; step < count; step++) {
      seen.steps++
      await this.#step(this.#source.deliver(this.#model.days), step)
    }
  }

  async #step(delivery: Delivery, step: number): Promise<void> {
    const before = step === 0 ? undefined : bytesBelow(this.#output)
    const lost = this.#model.lostBy(delivery)
    const { error, record } = await this.#process(delivery, step)
    if (error !== undefined) {
      if (before !== undefined) expect([...bytesBelow(this.#output)]).toEqual([...before])
      this.#expectKnown(error, delivery, lost)
      return
    }
    if (delivery.allowShrink || lost.length === 0) expect(record.status).toMatch(/^(published|unchanged)$/)
    else expect(lost, 'rows that were lost without a word').toEqual([])
    this.#model.take(delivery)
    this.#expectAccounting(record, delivery)
    if (delivery.mergeDays) seen.merged++
    if (lost.length > 0) {
      seen.shrunk++
      expect(record.notices.join()).toContain('--allow-shrink')
    }
    if (record.status === 'unchanged') {
      seen.unchanged++
      expect([...bytesBelow(this.#output)]).toEqual([...before!])
    } else seen.published++
    await this.#expectPlain(record)
  }

  /** The only refusals: rows that counted would be lost, or too many are rejected. */
  #expectKnown(error: unknown, delivery: Delivery, lost: readonly { table: string; date: string }[]): void {
    if (!(error instanceof KnownError)) throw error
    if (error.code === 'too_many_rejects') {
      seen.rejected++
      expect(this.#settings.rules.maxRejectRate).toBeLessThan(1)
      return
    }
    expect(error.code, error.message).toBe('slice_loses_rows')
    seen.lost++
    expect(delivery.allowShrink || delivery.mergeDays).toBe(false)
    const named = [...error.message.matchAll(/(\d{4}-\d\d-\d\d) (\w+_table):/g)].map((match) =>
      match.slice(1),
    )
    const really = new Set(lost.map(({ table, date }) => `${date} ${table}`))
    expect(named.length).toBeGreaterThan(0)
    for (const [date, table] of named) expect([...really]).toContain(`${date} ${table}`)
    if (really.size <= 10) expect(named.length).toBe(really.size)
  }

  /** Each record of the delivery is exactly one of what SPEC section 1 names. */
  #expectAccounting({ inputs, incremental }: RunRecord, delivery: Delivery): void {
    const { rows, bad } = delivery
    for (const { table, accounting } of inputs) {
      const { read, rejected, duplicate, outside_range, filtered, accepted } = accounting
      expect(read, table).toBe(rows[table]!.length)
      expect(rejected, table).toBe(rows[table]!.filter((row) => bad.has(row)).length)
      expect(rejected + duplicate + outside_range + filtered + accepted, table).toBe(read)
    }
    expect(incremental?.slice_dates).toEqual([...KeptDaysModel.datesOf(delivery)].sort())
  }

  async #expectPlain(record: RunRecord): Promise<void> {
    const plain = await runInMemory(filesOf(this.#model.rows()), {
      rules: { ...this.#settings.rules, maxRejectRate: 1 },
      ...(this.#key === undefined ? {} : { hashKey: this.#key }),
    })
    for (const [table, csv] of Object.entries(plain.csvs))
      expect(readFileSync(join(this.#output, `${table}.csv`), 'utf8'), table).toBe(csv)
    const kept = record.incremental!.kept_rows!.map(({ table, accounting }) => [table, accounting])
    expect(Object.fromEntries(kept)).toEqual(plain.inputs)
    expect(rowsByDate(this.#output)).toEqual(withoutEmpty(plain.loaded.rowsByDate))
    if (record.status === 'unchanged') return
    const totals = plain.verdict.controlTotals.map(({ sides, ...total }) => ({
      ...total,
      sides: sides.map(({ source, value }) => ({ source, value: String(value) })),
    }))
    expect(record.control_totals).toEqual(totals)
    expect(ofRows(record.findings)).toEqual(ofRows(plain.verdict.findings))
  }

  #process(delivery: Delivery, step: number) {
    const inputFolder = join(this.#folder, `slice-${step}`)
    mkdirSync(inputFolder)
    for (const [name, text] of Object.entries(filesOf(delivery.rows)))
      writeFileSync(join(inputFolder, name), text)
    return runOnce({
      mode: 'incremental',
      mergeDays: delivery.mergeDays,
      allowShrink: delivery.allowShrink,
      // Few files, so that they are joined over and over.
      mostHistoryFiles: 2,
      inputFolder,
      outputFolder: this.#output,
      logFolder: join(this.#folder, 'logs'),
      rules: this.#rules,
      ...(this.#key === undefined ? {} : { hashKey: this.#key }),
    })
  }
}

const OF_FILES = ['rejected_rows', 'status_column_unread', 'several_currencies', 'day_or_month_first']

/** Findings without those about the files that were read: a slice's are others than those of all rows. */
function ofRows<F extends { readonly code: string }>(findings: readonly F[]): F[] {
  return findings.filter(({ code }) => !OF_FILES.includes(code))
}

function rowsByDate(output: string): object {
  const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'))
  return withoutEmpty(manifest.rows_by_date)
}

/** Tables without rows may be left out. */
function withoutEmpty(tables: Readonly<Record<string, object>>): object {
  return Object.fromEntries(Object.entries(tables).filter(([, dates]) => Object.keys(dates).length > 0))
}
