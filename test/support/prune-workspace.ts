import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { RAW_TABLE_NAMES } from './raw-table-names.ts'
import { type Ended, Workspace } from './workspace.ts'

/** The names of the raw files. */
export const CSVS = RAW_TABLE_NAMES.map((table) => `${table}.csv`)
/** A day in milliseconds. */
export const DAY = 86_400_000

/** What `ecomagg prune --json` prints. */
export const resultSchema = z.strictObject({
  run_id: z.string(),
  files: z.array(
    z.strictObject({
      file: z.string(),
      bytes: z.number(),
      age_seconds: z.number(),
      action: z.enum(['archived', 'deleted', 'kept', 'would archive', 'would delete']),
      reason: z.string().nullable(),
      archive: z.string().nullable(),
    }),
  ),
})

const manifestSchema = z.looseObject({
  run_id: z.string(),
  input_folder: z.string().optional(),
  inputs: z
    .array(
      z.strictObject({
        table: z.string(),
        files: z.array(z.strictObject({ file: z.string(), bytes: z.number(), sha256: z.string() })),
        accounting: z.record(z.string(), z.number()),
      }),
    )
    .optional(),
})

/** What was done with a raw file, and why. */
interface Pruned {
  readonly action: string
  readonly reason: string
}

/** The bytes of the raw files of sample data, by name. */
async function makeSample(): Promise<ReadonlyMap<string, Buffer>> {
  const made = new Workspace()
  try {
    const { exit } = await made.ecomagg(['sample', '--quiet', '--sessions', '40', '--days', '5'])
    expect(exit).toBe(0)
    return new Map(CSVS.map((name) => [name, readFileSync(join(made.input, name))]))
  } finally {
    made.dispose()
  }
}

/** A private folder with raw files that are processed and then pruned; removed with `dispose`. */
export class PruneWorkspace extends Workspace {
  /** The bytes of each raw file as it was at first, by name. */
  readonly sample: ReadonlyMap<string, Buffer>

  constructor(sample: ReadonlyMap<string, Buffer>) {
    super({ inProcess: true })
    this.sample = sample
    for (const [name, bytes] of sample) this.write(name, bytes)
  }

  /** The path of a raw file. */
  raw(name: string): string {
    return join(this.input, name)
  }

  /** The path of a published file. */
  published(name: string): string {
    return join(this.output, name)
  }

  /** The path of an archived file of the run that published the set. */
  archived(name: string): string {
    return join(this.input, 'archive', this.manifest().run_id, name)
  }

  manifest(): z.infer<typeof manifestSchema> {
    return manifestSchema.parse(JSON.parse(readFileSync(this.published('manifest.json'), 'utf8')))
  }

  /** Makes the manifest one of an older version, which did not name the raw files. */
  forgetInputs(): void {
    const { inputs: _, input_folder: __, ...older } = this.manifest()
    writeFileSync(this.published('manifest.json'), JSON.stringify(older))
  }

  /** Makes raw files so many days old. */
  age(days: number, ...names: string[]): void {
    const time = new Date(Date.now() - days * DAY)
    for (const name of names) utimesSync(this.raw(name), time, time)
  }

  /** Publishes a set of the raw files. */
  async processed(...args: string[]): Promise<void> {
    const { exit, stderr } = await this.ecomagg(['process', '--quiet', ...args])
    expect([exit, stderr]).toEqual([0, ''])
  }

  /** Prunes the raw files that are older than 30 days. */
  prune(...args: string[]): Promise<Ended> {
    return this.ecomagg(['prune', '--older-than', '30d', ...args])
  }

  /** The same, which must succeed. @returns what was done with each file, by its name */
  async pruned(...args: string[]): Promise<ReadonlyMap<string, Pruned>> {
    const { exit, stdout, stderr } = await this.prune('--json', ...args)
    expect([exit, stderr]).toEqual([0, ''])
    return new Map(
      resultSchema
        .parse(JSON.parse(stdout))
        .files.map(({ file, action, reason }) => [
          file.slice(this.input.length + 1),
          { action, reason: reason ?? '' },
        ]),
    )
  }

  /** Every file below the workspace with its bytes and time of change. */
  everything(): Record<string, string> {
    return Object.fromEntries(
      readdirSync(this.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, `${statSync(path).mtimeMs} ${sha256(readFileSync(path))}`]),
    )
  }
}

/** The names in a folder, in order. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder).sort()
}

/** The sha256 of bytes in hexadecimal digits. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Expects a refusal with this exit code that says a word and prints no result. */
export function expectRefused({ exit, stdout, stderr }: Ended, code: number, word: string): void {
  expect([exit, stdout], stderr).toEqual([code, ''])
  expect(stderr).toContain(word)
}

/** Gives each test of a file a folder of its own with the same raw files, and removes it after the test. */
export function eachWithPruneWorkspace(take: (workspace: PruneWorkspace) => void): void {
  let sample: ReadonlyMap<string, Buffer> | undefined
  let workspace: PruneWorkspace | undefined
  beforeAll(async () => {
    sample = await makeSample()
  })
  beforeEach(() => {
    workspace = new PruneWorkspace(sample!)
    take(workspace)
  })
  afterEach(() => workspace?.dispose())
}
