import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bench, Place } from './bench.ts'
import { atEach, isOfHistory, makeIncrementalBench, where } from './incremental-bench.ts'
import { type Call, changesElsewhere, hasStrace, runInjected, runTraced } from './tracing.ts'

let bench: Bench
const numbers = { kills: 0, mixed: 0, rolledForward: 0 }

beforeAll(async () => {
  bench = await makeIncrementalBench()
})

afterAll(() => {
  bench?.dispose()
  const { kills, mixed, rolledForward } = numbers
  console.info(`kill points tried ${kills}; killed between renames ${mixed}, rolled forward ${rolledForward}`)
})

describe.skipIf(!hasStrace)('kill -9 of an incremental run', () => {
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

  test('at each system call about the history or the publish', { timeout: 600_000 }, async () => {
    const broken: string[] = []
    await atEach(bench, isOfPublish, async (point, place, lane) => {
      const { struck } = await runInjected(place, { ...point, fault: 'signal=SIGKILL' }, { lane })
      const found: string[] = []
      if (struck !== undefined) numbers.kills++
      if (place.shown() === 'mixed') numbers.mixed++
      if (place.hasJournal()) numbers.rolledForward++
      else if (!['OLD', 'NEW'].includes(place.shown())) found.push(`the set is ${place.shown()}`)
      found.push(...place.tornSet(), ...(await place.brokenHealing()))
      broken.push(...found.map((what) => `kill at ${where(place, struck)}: ${what}`))
      return struck !== undefined
    })
    expect(broken).toEqual([])
    expect(numbers.mixed).toBeGreaterThan(0)
  })
})

/** Calls that change the history, and all by which a set is put in place; how CSVs are staged is the matter of kill-points.test.ts. */
function isOfPublish(call: Call, place: Place): boolean {
  const { syscall, line, paths } = call
  if (isOfHistory(call)) return true
  if (!paths.some((path) => path.startsWith(place.output))) return false
  if (['rename', 'unlink', 'rmdir', 'mkdir'].includes(syscall)) return true
  const isJournal = paths.some((path) => path.includes('journal.json'))
  const isFolder = syscall === 'fsync' && !/\.(?:csv|json|bin)>?\)?/.test(paths[0] ?? '')
  return isFolder || (isJournal && (syscall !== 'openat' || line.includes('O_CREAT')))
}

/** What of the history's part in a publish would not survive a power cut. */
function disorder(place: Place, calls: readonly Call[]): string[] {
  const broken: string[] = []
  const history = join(place.work, 'history')
  const renameTo = (path: string) =>
    calls.findIndex((call) => call.syscall === 'rename' && call.paths.at(-1) === path)
  const isForced = (path: string, from: number, to: number) =>
    calls.slice(from, to).some(({ syscall, paths }) => syscall === 'fsync' && paths[0] === path)
  const journal = renameTo(place.journal)
  const moves = calls.flatMap(({ syscall, paths }, i) =>
    syscall === 'rename' && paths[0]?.includes('/staging-') ? [i] : [],
  )
  const moved = moves.map((i) => calls[i]!.paths.at(-1)!)
  const ofHistory = moved.filter((path) => path.startsWith(history))
  if (ofHistory.length !== 3) broken.push(`${ofHistory.length} files of the history were moved`)
  for (const i of moves) {
    const from = calls[i]!.paths[0]!
    if (!isForced(from, 0, journal)) broken.push(`${from} was not forced before the journal`)
  }
  const staging = calls[moves[0]!]!.paths[0]!.replace(/\/[^/]+$/, '')
  if (!isForced(staging, 0, journal)) broken.push(`${staging} was not forced before the journal`)
  if (!isForced(place.work, journal, moves[0]!)) broken.push('the journal was not on disk before a rename')
  if (moved.at(-1) !== join(place.output, 'manifest.json')) broken.push('the manifest was not the last')
  const [lastOfHistory, manifest] = [renameTo(ofHistory.at(-1)!), moves.at(-1)!]
  if (!isForced(history, lastOfHistory, manifest))
    broken.push('the manifest could reach the disk before the history that it goes with')
  const gone = calls.findIndex(({ syscall, paths }) => syscall === 'unlink' && paths.at(-1) === place.journal)
  const removed = calls.findIndex(
    ({ syscall, paths }) => syscall === 'unlink' && paths.at(-1)?.startsWith(history) === true,
  )
  if (removed < 0) broken.push('no file of the history was removed')
  if (removed < gone) broken.push('a file of the old history was removed before the journal')
  return broken
}
