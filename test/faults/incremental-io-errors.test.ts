import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesBelow } from '../support/slice-workspace.ts'
import type { Bench } from './bench.ts'
import { atEach, isOfHistory, makeIncrementalBench, where } from './incremental-bench.ts'
import { type Call, hasStrace, runInjected } from './tracing.ts'

let bench: Bench
const numbers = { errors: 0 }

beforeAll(async () => {
  bench = await makeIncrementalBench()
})

afterAll(() => {
  bench?.dispose()
  console.info(`errors tried ${numbers.errors}`)
})

describe.skipIf(!hasStrace)('an error of the file system', () => {
  test.each([
    ['ENOSPC', ['mkdir', 'openat', 'write', 'fsync', 'rename']],
    ['EIO', ['write', 'fsync', 'rename', 'unlink']],
  ] as const)(
    '%s at each system call about files of the history',
    { timeout: 600_000 },
    async (error, calls) => {
      const broken: string[] = []
      const isMeant = (call: Call) => isOfHistory(call) && (calls as readonly string[]).includes(call.syscall)
      await atEach(bench, isMeant, async (point, place, lane) => {
        const { ended, struck } = await runInjected(place, { ...point, fault: `error=${error}` }, { lane })
        // The wake-up calls of Node's threads are no concern of a file system; Node aborts when one fails.
        if (struck !== undefined && !struck.paths.some((path) => path.startsWith(place.folder))) return false
        numbers.errors++
        const found = [...place.brokenPromises(ended)]
        if (struck !== undefined && ended.exit !== 0) {
          const allowed = struck.syscall === 'mkdir' || struck.syscall === 'openat' ? [73, 74] : [74]
          if (!allowed.includes(Number(ended.exit))) found.push(`exit ${ended.exit}: ${ended.stderr}`)
          // The log is written a little more or less often from run to run: then one of its calls is struck.
          const folder = isOfHistory(struck) ? place.output : place.logs
          if (!ended.stderr.includes(folder)) found.push(`no path is named: ${ended.stderr}`)
          if (!ended.stderr.includes(error)) found.push(`the error is not named: ${ended.stderr}`)
        }
        found.push(...(await place.brokenHealing()))
        broken.push(...found.map((what) => `${error} at ${where(place, struck)}: ${what}`))
        return struck !== undefined
      })
      expect(broken).toEqual([])
    },
  )

  test('EIO while the history is read: exit 74, nothing changes', async () => {
    const place = bench.place()
    const history = join(place.work, 'history')
    for (const name of readdirSync(history).filter((one) => one.endsWith('.bin'))) {
      const before = bytesBelow(place.output)
      const by = ['strace', '-f', '-P', join(history, name), '-o', '/dev/null', '--trace=pread64,read']
      const ended = await place.process([], { by: [...by, '--inject=pread64,read:error=EIO:when=1+'] })
      expect(ended.exit, ended.stderr).toBe(74)
      expect(ended.stderr).toContain(history)
      expect([...bytesBelow(place.output)]).toEqual([...before])
    }
    expect(place.shown()).toBe('OLD')
    place.dispose()
  })
})
