import { execFile, execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { ecomaggHere } from './in-process.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/cli/main.js')
export const fixtures = join(root, 'fixtures')

/** A row of a CSV that ecomagg wrote, by column name. */
export type Row = Readonly<Record<string, string>>

const problemSchema = z.object({
  code: z.string(),
  details: z.object({
    table: z.string().optional(),
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.string().optional(),
  }),
})

/** What these tests read of a run record. */
const recordSchema = z.object({
  error: problemSchema
    .extend({ hint: z.string().nullish(), problems: z.array(problemSchema).nullish() })
    .nullish(),
  inputs: z
    .array(z.object({ table: z.string(), accounting: z.record(z.string(), z.unknown()).nullish() }))
    .nullish(),
  findings: z.array(z.object({ code: z.string(), message: z.string() })),
})
export type RunRecord = z.infer<typeof recordSchema>
export type Problem = z.infer<typeof problemSchema>

/** What a run left behind. */
export interface Finished {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | string
  readonly stderr: string
  readonly record: RunRecord | undefined
  readonly rejects: readonly Row[]
  /** Names of the CSVs in the output folder. */
  readonly published: readonly string[]
  /** Rows of one published CSV. */
  rows(file: string): readonly Row[]
}

/** How a process ended. */
export interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | string
  readonly stdout: string
  readonly stderr: string
}

export interface WorkspaceOptions {
  /** Whether commands are done in the process of the test, where the process is not what is tested. */
  readonly inProcess?: boolean
}

/** A private folder with the raw tables of one run; removed with `dispose`. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'ecomagg-'))
  readonly input = join(this.folder, 'raw_data')
  readonly output = join(this.folder, 'aggregated_data')
  readonly logs = join(this.folder, 'logs')

  readonly #inProcess: boolean

  constructor({ inProcess = false }: WorkspaceOptions = {}) {
    this.#inProcess = inProcess
    for (const folder of [this.input, this.output, this.logs]) mkdirSync(folder)
  }

  /** Copies all files of a folder over those that are there; nothing if there is no such folder. */
  copyFrom(folder: string): void {
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(this.input, name))
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.input, name), content)
  }

  remove(name: string): void {
    rmSync(join(this.input, name))
  }

  makeFolder(name: string): void {
    mkdirSync(join(this.input, name))
  }

  makeFifo(name: string): void {
    execFileSync('mkfifo', [join(this.input, name)])
  }

  /** Puts `times` times `text` in the place of a marker, wherever it occurs in a file. */
  fill(name: string, marker: string, text: string, times: number): void {
    const parts = splitBytes(readFileSync(join(this.input, name)), Buffer.from(marker))
    if (parts.length === 1) throw new Error(`${name} has no ${marker}`)
    const filling = Buffer.alloc(Buffer.byteLength(text) * times, text)
    this.write(name, Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [filling, part]))))
  }

  /** Runs any command in this folder, by default by the built binary; only the given environment is there. */
  ecomagg(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    if (this.#inProcess) return ecomaggHere(args, { cwd: this.folder, env })
    return runNode([main, ...args], this.folder, { PATH: process.env.PATH ?? '', TZ: 'UTC', ...env })
  }

  /** Processes these tables, in the given time zone of the machine; for one run only. */
  async process(args: readonly string[], machineZone = 'UTC'): Promise<Finished> {
    const folders = ['--input', this.input, '--output', this.output, '--log-dir', this.logs]
    const { exit, stderr } = await this.ecomagg(['process', '--json', ...folders, ...args], {
      TZ: machineZone,
    })
    const record = this.#only('.json')
    const rejects = this.#only('.rejects.csv')
    return {
      exit,
      stderr,
      record: record === undefined ? undefined : recordSchema.parse(JSON.parse(readFileSync(record, 'utf8'))),
      rejects: rejects === undefined ? [] : readRows(rejects),
      published: readdirSync(this.output).filter((name) => name.endsWith('.csv')),
      rows: (file) => this.publishedRows(file),
    }
  }

  /** Rows of one published CSV. */
  publishedRows(file: string): readonly Row[] {
    return readRows(join(this.output, file))
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** The one file of the run with this ending. */
  #only(ending: string): string | undefined {
    const found = readdirSync(this.logs).filter((name) => name.endsWith(ending))
    if (found.length > 1) throw new Error(`more than one ${ending}: ${found.join(', ')}`)
    return found[0] === undefined ? undefined : join(this.logs, found[0])
  }
}

/** Lets at most `places` tasks run at a time; the others wait for their turn. */
export function takingTurns(places: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = places
  return async (task) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/** Where a problem lies, as far as `asked` says anything of it; files by their name alone. */
export function problemLike(problem: Problem | null | undefined, asked: Readonly<Record<string, unknown>>) {
  if (!problem) return problem
  const { file, ...details } = problem.details
  const known = { code: problem.code, ...details, ...(file !== undefined && { file: basename(file) }) }
  return Object.fromEntries(Object.entries(known).filter(([name]) => name in asked))
}

function splitBytes(bytes: Buffer, marker: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, from)) {
    parts.push(bytes.subarray(from, at))
    from = at + marker.length
  }
  return [...parts, bytes.subarray(from)]
}

/** CSV as ecomagg writes it: LF ends a record, all else inside quotes. */
function readRows(path: string): Row[] {
  return parse(readFileSync(path), { columns: true, record_delimiter: '\n' })
}

function runNode(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: 110_000, maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(process.execPath, [...args], options, (_error, stdout, stderr) => {
      resolve({ exit: child.exitCode ?? child.signalCode ?? 'not started', stdout, stderr })
    })
    child.stdin?.end()
  })
}
