import { cpSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases, isThorough } from '../support/effort.ts'
import { Bench, type Place } from './bench.ts'
import {
  type Call,
  CHANGING,
  type Changing,
  changesElsewhere,
  hasStrace,
  isTraceable,
  runInjected,
  runTraced,
  strikeEach,
} from './tracing.ts'

const SYSCALLS = (Object.keys(CHANGING) as Changing[]).filter(isTraceable)

/** The calls of which each leaves another set: every one of them is tried in every run of this test. */
const IS_EACH: ReadonlySet<Changing> = new Set(['rename', 'unlink'])

/** What the tests of this file have tried and found. */
const numbers = { tried: 0, mixed: 0, torn: 0, rolledForward: 0 }

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => {
  bench?.dispose()
  const { tried, mixed, torn, rolledForward } = numbers
  console.info(
    `kill points tried ${tried}; killed between renames ${mixed}, torn sets ${torn}, rolled forward ${rolledForward}`,
  )
})

describe.skipIf(!hasStrace)('kill -9', () => {
  test('everything that changes a file is done by the thread whose calls are counted here', async () => {
    const place = bench.place()
    expect(await changesElsewhere(place)).toEqual([])
    place.dispose()
  })

  test('what must be on disk first is forced to disk first', async () => {
    const place = bench.place()
    expect(disorder(place, await runTraced(place))).toEqual([])
    place.dispose()
  })

  // Writes and opened files are struck in io-errors.test.ts, too.
  test.each(SYSCALLS.filter((name) => isThorough || (name !== 'write' && name !== 'openat')))(
    'at each %s of a run',
    { timeout: 600_000 },
    async (syscall) => {
      const place = bench.place()
      const calls = await runTraced(place)
      const broken: string[] = []
      await strikeEach({ place, calls, isEach: IS_EACH.has(syscall) }, syscall, (number, lane) => {
        return killAt(bench.place(), { syscall, number, lane, args: [], exit: 0 }, broken)
      })
      expect(broken).toEqual([])
      place.dispose()
    },
  )

  test('at the write of the journal', async () => {
    const place = bench.place()
    const broken: string[] = []
    const kill = {
      syscall: 'write',
      number: 1,
      lane: 0,
      args: [],
      exit: 0,
      temporary: place.journal,
    } as const
    expect(await killAt(place, kill, broken)).toBe(true)
    expect(broken).toEqual([])
  })

  test('at each system call of a start that completes a publish cut short', {
    timeout: 600_000,
  }, async () => {
    const cutShort = await cutShortPlace()
    const traced = copyOf(cutShort)
    traced.input = bench.nowhere
    const calls = await runTraced(traced)
    const broken: string[] = []
    for (const syscall of cases<readonly Changing[]>(['rename', 'unlink'], SYSCALLS)) {
      await strikeEach({ place: traced, calls, isEach: IS_EACH.has(syscall) }, syscall, (number, lane) => {
        const place = copyOf(cutShort)
        place.input = bench.nowhere
        return killAt(place, { syscall, number, lane, args: [], exit: 66 }, broken)
      })
    }
    expect(broken).toEqual([])
  })
})

interface Kill {
  readonly syscall: Changing
  readonly number: number
  readonly lane: number
  readonly args: readonly string[]
  /** How the run ends if there are fewer calls than that. */
  readonly exit: number
  readonly temporary?: string
}

/** Kills a run at one point and looks what is left. @returns whether it was killed */
async function killAt(place: Place, kill: Kill, broken: string[]): Promise<boolean> {
  const { exit, lane, args, temporary, ...point } = kill
  const { syscall, number } = point
  const { ended, struck } = await runInjected(
    place,
    { ...point, fault: 'signal=SIGKILL' },
    { lane, args, ...(temporary === undefined ? {} : { temporary }) },
  )
  const found: string[] = []
  if (struck === undefined) {
    if (ended.exit !== exit) found.push(`without a kill the run ended with ${ended.exit}: ${ended.stderr}`)
  } else {
    numbers.tried++
    if (place.shown() === 'mixed') numbers.mixed++
    if (place.hasJournal()) numbers.rolledForward++
  }
  const torn = place.tornSet()
  place.input = bench.input
  found.push(...torn, ...(await place.brokenHealing()))
  if (struck !== undefined && (torn.length > 0 || place.shown() !== 'NEW')) numbers.torn++
  broken.push(...found.map((what) => `${syscall} ${number} (${struck?.line ?? 'not reached'}): ${what}`))
  place.dispose()
  return struck !== undefined
}

/** A place in which a run was killed after three of its renames in the output folder. */
async function cutShortPlace(): Promise<Place> {
  const calls = await runTraced(bench.place())
  const renames = calls.filter(({ syscall }) => syscall === 'rename')
  const number = renames.findIndex(({ paths }) => paths[1]?.endsWith('/product_performance_daily.csv')) + 1
  const place = bench.place()
  await runInjected(place, { syscall: 'rename', number, fault: 'signal=SIGKILL' })
  expect([place.shown(), place.hasJournal()]).toEqual(['mixed', true])
  return place
}

function copyOf(place: Place): Place {
  const copy = bench.place()
  for (const folder of ['output', 'logs'] as const) {
    // Node cannot copy the socket that a killed run leaves.
    const filter = (path: string) => !lstatSync(path).isSocket()
    cpSync(place[folder], copy[folder], { recursive: true, preserveTimestamps: true, filter })
  }
  // A journal knows the folder that it was made for: this is to be that one, moved, and not a copy of it.
  if (copy.hasJournal()) {
    const journal = readFileSync(copy.journal, 'utf8')
    writeFileSync(copy.journal, journal.replaceAll(place.folder, copy.folder))
  }
  return copy
}

/** What of the order of a publish would not survive a power cut. */
function disorder(place: Place, calls: readonly Call[]): string[] {
  const broken: string[] = []
  const renamed = (call: Call, name: string) => call.syscall === 'rename' && call.paths.at(-1) === name
  const journal = calls.findIndex((call) => renamed(call, place.journal))
  if (journal < 0) return ['there was no journal']
  const staged = calls.filter(
    ({ line, paths }) => line.includes('O_CREAT') && paths[0]?.includes('/staging-'),
  )
  if (staged.length !== 8) broken.push(`${staged.length} files were staged`)
  const isForced = (path: string, from: number, to: number) =>
    calls.slice(from, to).some(({ syscall, paths }) => syscall === 'fsync' && paths[0] === path)
  const staging = staged[0]!.paths.at(-1)!.replace(/\/[^/]+$/, '')
  for (const call of staged) {
    const path = call.paths.at(-1)!
    if (!isForced(path, calls.indexOf(call), journal))
      broken.push(`${path} was not forced before the journal`)
  }
  const lastStaged = calls.indexOf(staged.at(-1)!)
  if (!isForced(staging, lastStaged, journal))
    broken.push('the staging folder was not forced before the journal')
  if (!isForced(calls[journal]!.paths[0]!, 0, journal))
    broken.push('the journal was renamed before it was forced')
  const moves = calls.flatMap(({ syscall, paths }, i) =>
    syscall === 'rename' && paths[0]?.startsWith(staging) ? [i] : [],
  )
  if (moves.length !== 8) broken.push(`${moves.length} files were moved`)
  const [firstMove, lastResult, manifest] = [moves[0]!, moves.at(-2)!, moves.at(-1)!]
  if (!isForced(place.work, journal, firstMove))
    broken.push('the journal was not on disk before the first rename')
  if (calls[manifest]!.paths.at(-1) !== `${place.output}/manifest.json`)
    broken.push('the manifest was not the last')
  if (!isForced(place.output, lastResult, manifest))
    broken.push('the manifest could reach the disk before a result')
  const gone = calls.findIndex(({ syscall, paths }) => syscall === 'unlink' && paths.at(-1) === place.journal)
  if (!isForced(place.output, manifest, gone))
    broken.push('the journal was removed before the renames were on disk')
  const record = calls.findLastIndex(({ paths }) => /\/logs\/[^/]+\.json$/.test(paths.at(-1) ?? ''))
  if (!isForced(place.logs, record, gone))
    broken.push('the journal was removed before the record was on disk')
  return broken
}
