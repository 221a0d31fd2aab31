import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, expectOld, type Place } from './bench.ts'
import { type Ended, plainEnv } from './commands.ts'
import {
  type Call,
  type Changing,
  hasStrace,
  isTraceable,
  runInjected,
  runTraced,
  strikeEach,
} from './tracing.ts'

let bench: Bench
const numbers = { tried: 0, refused: 0, rolledForward: 0 }

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => {
  bench?.dispose()
  const { tried, refused, rolledForward } = numbers
  console.info(
    `errors tried ${tried}; old set kept ${refused}, rolled forward by the next start ${rolledForward}`,
  )
})

/** Each system call with the errors it meets: where there are several, in turn from call to call. */
const FAULTS: readonly (readonly [string, Changing, readonly string[]])[] = [
  ['ENOSPC', 'mkdir', ['ENOSPC']],
  ['EDQUOT', 'mkdir', ['EDQUOT']],
  ['EACCES', 'mkdir', ['EACCES']],
  ['EIO', 'fsync', ['EIO']],
  ['ENOSPC, EDQUOT', 'fsync', ['ENOSPC', 'EDQUOT']],
  ['ENOSPC, EIO, EDQUOT', 'openat', ['ENOSPC', 'EIO', 'EDQUOT']],
  ['ENOSPC, EIO, EDQUOT', 'write', ['ENOSPC', 'EIO', 'EDQUOT']],
  ['ENOSPC, EIO, EDQUOT', 'rename', ['ENOSPC', 'EIO', 'EDQUOT']],
  ['EIO', 'unlink', ['EIO']],
  ['EIO', 'rmdir', ['EIO']],
]

describe.skipIf(!hasStrace)('an error of the file system', () => {
  test.each(FAULTS.filter(([, syscall]) => !hasStrace || isTraceable(syscall)))(
    '%s at each %s',
    { timeout: 600_000 },
    async (_, syscall, errors) => {
      const traced = bench.place()
      const calls = await runTraced(traced)
      const broken: string[] = []
      await strikeEach({ place: traced, calls }, syscall, async (number, lane) => {
        const place = bench.place()
        const error = errors[number % errors.length]!
        const { ended, struck } = await runInjected(
          place,
          { syscall, number, fault: `error=${error}` },
          { lane },
        )
        // The wake-up calls of Node's threads are no concern of a file system.
        const isOurs = struck?.paths.some((path) => path.startsWith(place.folder)) === true
        if (struck === undefined || isOurs) {
          if (isOurs) numbers.tried++
          if (place.hasJournal()) numbers.rolledForward++
          else if (ended.exit !== 0) numbers.refused++
          const found = [...place.brokenPromises(ended)]
          if (struck !== undefined) found.push(...brokenRefusal(place, ended, struck))
          found.push(...(await place.brokenHealing()))
          broken.push(...found.map((what) => `${error} at ${where(place, struck)}: ${what}`))
        }
        place.dispose()
        return struck !== undefined
      })
      traced.dispose()
      expect(broken).toEqual([])
    },
  )
})

/** What is wrong with how a run fails that could not do a system call. */
function brokenRefusal(place: Place, { exit, stderr }: Ended, { syscall, paths }: Call): string[] {
  if (exit === 0) return []
  const broken: string[] = []
  const said = stderr.split('\n').filter((line) => !/^ {2}(log|rejected rows): /.test(line))
  const short = `exit ${exit}: ${said[0]!.replaceAll(place.folder, '')}`
  const path = paths[0]!
  const isLock = path.startsWith(join(place.work, 'lock'))
  const allowed = syscall === 'mkdir' || isLock ? [73] : syscall === 'openat' ? [73, 74] : [74]
  if (!allowed.includes(Number(exit))) broken.push(`not exit ${allowed.join(' or ')} but ${short}`)
  const folder = path.startsWith(place.logs) ? place.logs : place.output
  if (!said.some((line) => line.includes(folder))) broken.push(`no path is named: ${short}`)
  if (/Unknown system error/.test(stderr)) broken.push(`the error is not named: ${short}`)
  if (syscall === 'write' && !path.endsWith('.jsonl') && !/\d+ (more )?bytes/.test(stderr)) {
    broken.push(`the bytes needed are not named: ${short}`)
  }
  if (place.status() === 'running' && !path.startsWith(place.logs)) {
    broken.push(`its record says that it is running: ${short}`)
  }
  return broken
}

describe.skipIf(!hasStrace)('an error', () => {
  // One helper thread does all reading: the header first, then the rest.
  test.each([
    ['the header', 1],
    ['the rows', 2],
  ])('EIO while %s of an input is read: exit 74, nothing changes', async (_, first) => {
    const place = bench.place()
    const input = join(place.ownInput(), 'order_table.csv')
    const by = ['strace', '-f', '-P', input, '-o', '/dev/null', '--trace=pread64,read']
    const ended = await place.process([], {
      by: [...by, `--inject=pread64,read:error=EIO:when=${first}+`],
      env: { ...plainEnv, UV_THREADPOOL_SIZE: '1' },
    })
    expect(ended.exit, ended.stderr).toBe(74)
    expect(ended.stderr).toContain(input)
    expectOld(place, ended)
    expect(place.status()).toBe('failed')
    expect(await place.brokenCleanRun()).toEqual([])
    place.dispose()
  })

  test('that keeps the lock from being taken: exit 73, nothing changes', async () => {
    const place = bench.place()
    const by = ['strace', '-f', '-o', '/dev/null', '--trace=bind,listen', '--inject=bind,listen:error=EACCES']
    const ended = await place.process([], { by })
    expect(ended.exit, ended.stderr).toBe(73)
    expect([place.shown(), place.status()]).toEqual(['OLD', 'failed'])
    expect(await place.brokenCleanRun()).toEqual([])
    place.dispose()
  })
})

function where(place: Place, struck: Call | undefined): string {
  if (struck === undefined) return 'none'
  const shorter = struck.paths.map((path) =>
    path.replace(place.folder, '').replace(/\d{6}-\d{8}T\d{6}Z-\w{4}/, 'RUN'),
  )
  return `${struck.syscall} ${shorter.join(' ')}`
}
