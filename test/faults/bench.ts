import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { z } from 'zod'
import { isThorough } from '../support/effort.ts'
import { ecomaggHere } from '../support/in-process.ts'
import { type CommandOptions, type Ended, isRoot, PLAIN_USER, run, start, until } from './commands.ts'
import { type ShopOptions, writeShop } from './shop.ts'

/** The seven results, in the order in which they are put in place. */
export const RESULTS = [
  'daily_business_metrics.csv',
  'session_attribution.csv',
  'session_funnel.csv',
  'product_performance_daily.csv',
  'user_lifetime_metrics.csv',
  'page_engagement_metrics.csv',
  'coupon_performance.csv',
] as const

/** A file that somebody else keeps in the output folder. */
const FOREIGN = 'notes of somebody else.txt'
const FOREIGN_TEXT = 'do not touch\n'

/** Which set the output folder shows: the one before, that of the new input, none at all, or parts of several. */
export type Shown = 'OLD' | 'NEW' | 'none' | 'mixed'

const recordSchema = z.object({
  run_id: z.string(),
  status: z.string(),
  pid: z.number(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  duration_seconds: z.number().nullable(),
  timings: z.record(z.string(), z.number()),
  notices: z.array(z.string()),
  rejects_file: z.string().nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), problems: z.array(z.object({ message: z.string() })) })
    .nullable(),
})
export type RunRecord = z.infer<typeof recordSchema>

const manifestSchema = z.object({
  run_id: z.string(),
  files: z.array(z.object({ file: z.string(), bytes: z.number(), sha256: z.string() })),
})

const holderSchema = z.object({ pid: z.number() })

export interface BenchOptions {
  readonly before?: ShopOptions
  readonly next?: ShopOptions
  /** Instead of these shops: slices that are added one after the other, by incremental runs. */
  readonly slices?: SlicesOfBench
}

/** Each writes raw tables into a folder. */
export interface SlicesOfBench {
  readonly before: readonly WriteRaw[]
  readonly next: WriteRaw
  /** All rows together, of which a plain run makes NEW. */
  readonly whole: WriteRaw
}
type WriteRaw = (folder: string) => void

const BEFORE: ShopOptions = { variety: 1, sessions: 12 }
const NEXT: ShopOptions = { variety: 2, sessions: 16 }

/**
 * A set that is published (OLD), another input, and what a clean run makes of it (NEW). Each test gets a
 * place of its own in which OLD is published and the next input waits.
 */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ecomagg-faults-'))
  readonly input = join(this.folder, 'next')
  /** A folder without any input. */
  readonly nowhere = join(this.folder, 'nothing')
  readonly #old: string
  readonly #oldLogs: string
  #oldHashes: ReadonlyMap<string, string> = new Map()
  #newHashes: ReadonlyMap<string, string> = new Map()
  #places = 0
  /** How many runs it took to publish OLD. */
  runsBefore = 1
  /** What all runs of its places are started with. */
  mode: readonly string[] = []

  private constructor() {
    chmodSync(this.folder, 0o755)
    this.#old = join(this.folder, 'old')
    this.#oldLogs = join(this.folder, 'old logs')
  }

  static async make(options: BenchOptions = {}): Promise<Bench> {
    const bench = new Bench()
    try {
      await bench.#prepare(options)
      return bench
    } catch (error) {
      bench.dispose()
      throw error
    }
  }

  async #prepare({ before = BEFORE, next = NEXT, slices }: BenchOptions): Promise<void> {
    mkdirSync(this.nowhere)
    const clean = join(this.folder, 'clean')
    if (slices === undefined) {
      const first = join(this.folder, 'before')
      writeShop(first, before)
      writeShop(this.input, next)
      await this.#succeed(first, this.#old, this.#oldLogs)
      await this.#succeed(this.input, clean, join(this.folder, 'clean logs'))
    } else await this.#addSlices(slices, clean)
    this.#oldHashes = hashes(this.#old)
    this.#newHashes = hashes(clean)
    for (const name of RESULTS) {
      if (this.#oldHashes.get(name) === this.#newHashes.get(name))
        throw new Error(`${name} is the same in both`)
    }
    writeFileSync(join(this.#old, FOREIGN), FOREIGN_TEXT)
  }

  async #addSlices({ before, next, whole }: SlicesOfBench, clean: string): Promise<void> {
    this.mode = ['--incremental']
    this.runsBefore = before.length
    for (const [i, write] of before.entries()) {
      const slice = join(this.folder, `slice ${i}`)
      write(slice)
      await this.#succeed(slice, this.#old, this.#oldLogs, this.mode)
    }
    next(this.input)
    const all = join(this.folder, 'whole')
    whole(all)
    await this.#succeed(all, clean, join(this.folder, 'clean logs'))
  }

  /** A fresh place with OLD published. */
  place(name = `place ${++this.#places}`): Place {
    const folder = join(this.folder, name)
    mkdirSync(folder)
    cpSync(this.#old, join(folder, 'aggregated_data'), { recursive: true, preserveTimestamps: true })
    cpSync(this.#oldLogs, join(folder, 'logs'), { recursive: true, preserveTimestamps: true })
    return new Place(this, folder)
  }

  /** Which set an output folder shows. */
  shown(output: string): Shown {
    const found = hashes(output)
    if (found.size === 0) return 'none'
    if (isSame(found, this.#oldHashes)) return 'OLD'
    return isSame(found, this.#newHashes) ? 'NEW' : 'mixed'
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #succeed(input: string, output: string, logs: string, mode: readonly string[] = []): Promise<void> {
    const folders = ['--input', input, '--output', output, '--log-dir', logs]
    const ended = await run(['process', ...mode, ...LIMIT, ...folders], { cwd: this.folder })
    if (ended.exit !== 0) throw new Error(`a run without any fault failed (${ended.exit}): ${ended.stderr}`)
  }
}

/** The shops of these tests are so small that one rejected row is too many for the usual limit. */
const LIMIT = ['--max-reject-rate', '0.5']

/** A place in which one fault is tried. */
export class Place {
  readonly bench: Bench
  readonly folder: string
  input: string
  output: string
  logs: string

  constructor(bench: Bench, folder: string) {
    this.bench = bench
    this.folder = folder
    this.input = bench.input
    this.output = join(folder, 'aggregated_data')
    this.logs = join(folder, 'logs')
  }

  get work(): string {
    return join(this.output, '.ecomagg')
  }

  get journal(): string {
    return join(this.work, 'journal.json')
  }

  get lock(): string {
    return join(this.work, 'lock.json')
  }

  /** The arguments of a run in this place. */
  args(...more: string[]): string[] {
    const folders = [`--input=${this.input}`, `--output=${this.output}`, `--log-dir=${this.logs}`]
    return ['process', ...this.bench.mode, ...LIMIT, ...folders, ...more]
  }

  process(args: readonly string[] = [], options: Partial<CommandOptions> = {}): Promise<Ended> {
    return run(this.args(...args), { cwd: this.folder, ...options })
  }

  /** A run of which no more is asked than what it leaves and says: by default in the process of the test. */
  processHere(): Promise<Ended> {
    return isThorough ? this.process() : ecomaggHere(this.args(), { cwd: this.folder })
  }

  start(args: readonly string[] = [], options: Partial<CommandOptions> = {}) {
    return start(this.args(...args), { cwd: this.folder, ...options })
  }

  /** A copy of the input that this place may change. */
  ownInput(): string {
    const own = join(this.folder, 'raw_data')
    cpSync(this.input, own, { recursive: true })
    this.input = own
    return own
  }

  shown(): Shown {
    return this.bench.shown(this.output)
  }

  hasJournal(): boolean {
    return existsSync(this.journal)
  }

  /** Whether manifest.json speaks of just the files that are there. */
  manifestFits(): boolean {
    try {
      const { files } = manifestSchema.parse(
        JSON.parse(readFileSync(join(this.output, 'manifest.json'), 'utf8')),
      )
      const found = hashes(this.output)
      return files.length === RESULTS.length && files.every(({ file, sha256 }) => found.get(file) === sha256)
    } catch {
      return false
    }
  }

  /** The process that holds the lock, once one does. */
  async holder(): Promise<number> {
    await until('a run that holds the lock', () => existsSync(this.lock))
    return holderSchema.parse(JSON.parse(readFileSync(this.lock, 'utf8'))).pid
  }

  /** The records of the runs in the log folder, oldest first. */
  records(): RunRecord[] {
    return readdirSync(this.logs)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => recordSchema.parse(JSON.parse(readFileSync(join(this.logs, name), 'utf8'))))
  }

  lastRecord(): RunRecord {
    return this.records().at(-1)!
  }

  /** The status of the run that began in this place, after that which published OLD. */
  status(): string | undefined {
    return this.records()[this.bench.runsBefore]?.status
  }

  /** What is wrong with the promise: exit 0 if and only if NEW is visible and the run is recorded; else OLD. */
  brokenPromises(ended: Ended): string[] {
    const shown = this.shown()
    const status = this.status()
    const found = `exit ${ended.exit}, ${shown}, record ${status}, ${this.hasJournal() ? 'journal' : 'no journal'}`
    const broken: string[] = []
    if (ended.exit === 0) {
      if (shown !== 'NEW') broken.push(`exit 0 without the new set: ${found}`)
      if (status !== 'published') broken.push(`exit 0 without a record of it: ${found}`)
      // A journal may still stand: it says again what is done, and the next start removes it.
    } else if (!this.hasJournal()) {
      if (shown === 'NEW') broken.push(`the new set is visible, yet the run says that it failed: ${found}`)
      else if (shown !== 'OLD') broken.push(`neither the old set nor the new one: ${found}`)
      if (status === 'published')
        broken.push(`recorded as published, yet the run says that it failed: ${found}`)
    }
    return [...broken, ...this.tornSet()]
  }

  /** What is wrong with what a reader sees: a set that is not whole must not look so, and can be healed. */
  tornSet(): string[] {
    const shown = this.shown()
    if (shown === 'mixed') {
      if (!this.hasJournal()) return ['a mixed set, and no journal to heal it by']
      if (this.manifestFits()) return ['a mixed set whose manifest fits']
    } else if (!this.hasJournal() && !this.manifestFits())
      return [`the manifest does not fit the set (${shown})`]
    return []
  }

  /**
   * Starts a run that fails for want of input: if there is a journal, this alone must complete NEW.
   * Then a clean run must give NEW and leave nothing behind.
   */
  async brokenHealing(): Promise<string[]> {
    const broken: string[] = []
    if (this.hasJournal()) {
      const before = this.input
      this.input = this.bench.nowhere
      const healing = await this.processHere()
      this.input = before
      if (healing.exit !== 66) broken.push(`the healing run ended with ${healing.exit}: ${healing.stderr}`)
      if (this.shown() !== 'NEW') broken.push(`after healing the set is ${this.shown()}`)
      if (this.hasJournal()) broken.push('after healing there still is a journal')
      if (!this.manifestFits()) broken.push('after healing the manifest does not fit')
      if (this.status() !== 'published') broken.push(`the record of the healed run says ${this.status()}`)
    }
    return [...broken, ...(await this.brokenCleanRun())]
  }

  /** What is wrong with a run without any fault, in this place. */
  async brokenCleanRun({ logsToo = true, byProcess = false } = {}): Promise<string[]> {
    const broken: string[] = []
    const clean = await (byProcess ? this.process() : this.processHere())
    if (clean.exit !== 0) broken.push(`a clean run ended with ${clean.exit}: ${clean.stderr}`)
    else if (clean.stderr !== '') broken.push(`a clean run was not silent: ${clean.stderr}`)
    if (this.shown() !== 'NEW') broken.push(`after a clean run the set is ${this.shown()}`)
    if (!this.manifestFits()) broken.push('after a clean run the manifest does not fit')
    const litter = this.litter()
    if (litter.length > 0) broken.push(`after a clean run these are left: ${litter.join(', ')}`)
    return logsToo ? [...broken, ...this.brokenLogs()] : broken
  }

  /** Everything in the output folder that does not belong there, and what of others is gone. */
  litter(): string[] {
    const known = new Set<string>([...RESULTS, 'manifest.json', FOREIGN])
    const names = readdirSync(this.output).filter((name) => !known.has(name))
    if (this.bench.mode.length > 0) names.splice(0, names.length, ...this.#litterOfHistory(names))
    const foreign = join(this.output, FOREIGN)
    const isKept = existsSync(foreign) && readFileSync(foreign, 'utf8') === FOREIGN_TEXT
    return isKept ? names : [...names, `(no ${FOREIGN})`]
  }

  /** Of a set with a history only what its state file refers to belongs into the work folder. */
  #litterOfHistory(names: readonly string[]): string[] {
    const history = join(this.work, 'history')
    const work = readdirSync(this.work).filter((name) => name !== 'history')
    const state = readFileSync(join(history, 'state.json'), 'utf8')
    const unused = readdirSync(history).filter((name) => name !== 'state.json' && !state.includes(name))
    return [...names.filter((name) => name !== '.ecomagg'), ...work, ...unused]
  }

  /** Lines of the run logs that are no JSON. */
  brokenLogs(): string[] {
    return readdirSync(this.logs)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => {
        const lines = readFileSync(join(this.logs, name), 'utf8').split('\n')
        if (lines.pop() !== '') return [`${name} ends within a line`]
        return lines
          .filter((line) => !isJson(line))
          .map((line) => `${name} has a line that is no JSON: ${line}`)
      })
  }

  /** Gives all of this place to a user without rights, so that permissions can be taken from it. */
  giveToPlainUser(): void {
    if (isRoot) giveAll(this.folder)
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Expects OLD untouched, with nothing left behind, also no trace of a run in the output folder. */
export function expectOld(place: Place, ended: Ended): void {
  expect(place.shown(), ended.stderr).toBe('OLD')
  expect(place.manifestFits()).toBe(true)
  expect(place.litter()).toEqual([])
}

/** Expects NEW published and recorded. */
export function expectNew(place: Place, ended: Ended): void {
  expect(ended.exit, ended.stderr).toBe(0)
  expect(place.shown()).toBe('NEW')
  expect(place.manifestFits()).toBe(true)
  expect(place.litter()).toEqual([])
  expect(place.lastRecord().status).toBe('published')
  expect(place.brokenLogs()).toEqual([])
}

/** The sha256 of each of the seven results that is there, following no link. */
export function hashes(output: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of RESULTS) {
    const path = join(output, name)
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) continue
    found.set(name, createHash('sha256').update(readFileSync(path)).digest('hex'))
  }
  return found
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, hash]) => b.get(name) === hash)
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function giveAll(path: string): void {
  chownSync(path, PLAIN_USER, PLAIN_USER)
  if (!lstatSync(path).isDirectory()) return
  for (const name of readdirSync(path)) giveAll(join(path, name))
}
