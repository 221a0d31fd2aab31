import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shopDays } from '../support/shop-days.ts'
import { SliceWorkspace } from '../support/slice-workspace.ts'
import { inShell, plainEnv, run } from './commands.ts'

/** Where a file of ours is expected, and what must come of each command. */
interface Case {
  readonly name: string
  /** Below the shop's folder. */
  readonly path: (shop: SliceWorkspace) => string
  readonly args: readonly string[]
  /** Exit code and error code; a good end may have a word on stderr. */
  readonly exit: number
  readonly code?: string
}

const lastRecord = ({ logs }: SliceWorkspace) =>
  join(
    logs,
    readdirSync(logs)
      .filter((name) => /^\d+-.*\.json$/.test(name))
      .at(-1)!,
  )
const inOutput = (name: string) => (shop: SliceWorkspace) => join(shop.output, name)
const add = ['process', '--incremental', '--input', 'next']

const CASES: readonly Case[] = [
  { name: 'aggregation_log.txt', path: ({ logs }) => join(logs, 'aggregation_log.txt'), args: add, exit: 0 },
  { name: 'manifest.json', path: inOutput('manifest.json'), args: add, exit: 73, code: 'cannot_publish' },
  {
    name: 'manifest.json',
    path: inOutput('manifest.json'),
    args: ['verify'],
    exit: 65,
    code: 'manifest_damaged',
  },
  { name: 'lock.json', path: inOutput('.ecomagg/lock.json'), args: add, exit: 0 },
  { name: 'lock.json', path: inOutput('.ecomagg/lock.json'), args: ['logs'], exit: 0 },
  { name: 'journal.json', path: inOutput('.ecomagg/journal.json'), args: add, exit: 0 },
  {
    name: 'state.json',
    path: inOutput('.ecomagg/history/state.json'),
    args: add,
    exit: 74,
    code: 'read_failed',
  },
  { name: 'a run record', path: lastRecord, args: ['logs'], exit: 0 },
  { name: 'a run record', path: lastRecord, args: ['logs', 'show', 'last'], exit: 0 },
  {
    name: 'a table',
    path: inOutput('session_funnel.csv'),
    args: ['verify', '--incremental', '--raw', 'next'],
    exit: 65,
    code: 'set_not_whole',
  },
  {
    name: 'a table',
    path: inOutput('daily_business_metrics.csv'),
    args: add,
    exit: 73,
    code: 'cannot_publish',
  },
]

/** Things that are no files: opened as one, a FIFO waits for ever, and a device never ends. */
const KINDS = {
  FIFO: (path: string) => execFileSync('mkfifo', [path]),
  'link to an endless device': (path: string) => symlinkSync('/dev/zero', path),
  'link to a FIFO': (path: string) => {
    execFileSync('mkfifo', [`${path}.fifo`])
    symlinkSync(`${path}.fifo`, path)
  },
} as const

describe.skipIf(process.platform === 'win32')('where a file of ours is expected', () => {
  let base: SliceWorkspace
  beforeAll(async () => {
    base = new SliceWorkspace()
    expect((await base.add(base.slice(shopDays(1, 2)))).exit).toBe(0)
  })
  afterAll(() => base?.dispose())

  const cases = CASES.flatMap((one) => Object.entries(KINDS).map(([kind, make]) => ({ ...one, kind, make })))
  test.each(cases)('$kind for $name: $args ends with $exit', async ({ path, args, exit, code, make }) => {
    const shop = new SliceWorkspace()
    try {
      for (const folder of ['output', 'logs'] as const)
        cpSync(base[folder], shop[folder], { recursive: true })
      cpSync(shop.slice(shopDays(3)), join(shop.folder, 'next'), { recursive: true })
      const file = path(shop)
      rmSync(file, { force: true })
      if (!existsSync(join(file, '..'))) mkdirSync(join(file, '..'))
      make(file)
      // It must not wait, and it must not fill the memory either.
      const by = inShell('ulimit -t 20; exec timeout --signal=KILL 25 "$@"')
      const folders = ['--output', shop.output, '--log-dir', shop.logs]
      const given =
        args[0] === 'verify' ? folders.slice(0, 2) : args[0] === 'logs' ? folders.slice(2) : folders
      const ended = await run([...args, ...given], { cwd: shop.folder, env: plainEnv, by })
      expect(ended.exit, ended.stderr).toBe(exit)
      if (code !== undefined) expect(ended.stderr).toContain(`(${code})`)
    } finally {
      shop.dispose()
    }
  })
})
