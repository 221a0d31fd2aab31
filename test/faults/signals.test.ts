import { constants } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { Bench, expectNew, type Place } from './bench.ts'
import { type Ended, inShell } from './commands.ts'
import { type Changing, hasStrace, runInjected, runTraced, strikeEach } from './tracing.ts'

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

let slow: Bench
let quick: Bench

beforeAll(async () => {
  quick = await Bench.make()
  slow = await Bench.make({ next: { variety: 2, sessions: 16, extraPageviews: 120_000 } })
})

afterAll(() => {
  quick?.dispose()
  slow?.dispose()
})

/**
 * What is wrong with the end of a run that was sent a signal: either it ended by that signal with OLD in
 * place, or it had been committed and finished.
 */
function brokenEnd(place: Place, ended: Ended, signal: string): string[] {
  const broken = place.brokenPromises(ended)
  const status = place.status()
  if (ended.exit === 0) return broken
  if (ended.exit !== signal) broken.push(`ended by ${ended.exit}, not by ${signal}: ${ended.stderr}`)
  if (place.shown() !== 'OLD') broken.push(`${place.shown()} after ${ended.exit}`)
  // Without a record the signal came before the run began.
  if (status !== undefined && status !== 'interrupted') broken.push(`its record says ${status}`)
  if (status !== undefined && place.litter().length > 0)
    broken.push(`left behind: ${place.litter().join(', ')}`)
  return broken
}

/** The same numbers between 0 and 1 each time. */
function* shares(seed: number): Generator<number, never> {
  let state = seed
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    yield state / 2 ** 31
  }
}

test.each(SIGNALS)('%s at any moment of a run', { timeout: 300_000 }, async (signal) => {
  const control = slow.place()
  const begun = performance.now()
  expectNew(control, await control.process())
  const length = performance.now() - begun
  control.dispose()
  const moments = shares(SIGNALS.indexOf(signal) + 1)
  const broken: string[] = []
  const ends = new Set<number | string>()
  for (let i = 0; i < cases(2, 12); i++) {
    const place = slow.place()
    const run = place.start()
    const delay = moments.next().value * length * 1.1
    const timer = setTimeout(() => process.kill(run.pid, signal), delay)
    const ended = await run.ended
    clearTimeout(timer)
    ends.add(ended.exit)
    broken.push(...brokenEnd(place, ended, signal).map((what) => `after ${Math.round(delay)} ms: ${what}`))
    broken.push(...(await place.brokenCleanRun()))
    place.dispose()
  }
  expect(broken).toEqual([])
  expect([...ends].sort()).toContain(signal)
})

describe('a signal while the inputs are read', () => {
  test.each(SIGNALS)(
    '%s: ends the run as that signal does, with the old set and a record of it',
    async (signal) => {
      const place = slow.place()
      const run = place.start()
      await place.holder()
      process.kill(run.pid, signal)
      const ended = await run.ended
      expect(ended.exit, ended.stderr).toBe(signal)
      expect(ended.stderr).toContain(signal)
      expect(brokenEnd(place, ended, signal)).toEqual([])
      expect(place.status()).toBe('interrupted')
      expect(place.lastRecord().finished_at).not.toBeNull()
      expect(await place.brokenCleanRun()).toEqual([])
      place.dispose()
    },
  )

  test.each(SIGNALS)('%s: a shell sees 128 and the number of the signal', async (signal) => {
    const place = slow.place()
    const run = place.start([], { by: inShell('"$@"; exit $?') })
    process.kill(await place.holder(), signal)
    const ended = await run.ended
    expect(ended.exit, ended.stderr).toBe(128 + constants.signals[signal])
    place.dispose()
  })

  test('a second one ends it at once, and the next run heals', async () => {
    const place = slow.place()
    const run = place.start()
    await place.holder()
    process.kill(run.pid, 'SIGSTOP')
    process.kill(run.pid, 'SIGTERM')
    process.kill(run.pid, 'SIGINT')
    process.kill(run.pid, 'SIGCONT')
    const ended = await run.ended
    expect(['SIGTERM', 'SIGINT']).toContain(ended.exit)
    expect(place.shown()).toBe('OLD')
    expect(place.hasJournal()).toBe(false)
    expect(await place.brokenCleanRun()).toEqual([])
    place.dispose()
  })

  test('the whole group gets it, as from a terminal', async () => {
    const place = slow.place()
    const run = place.start()
    await place.holder()
    process.kill(-run.pid, 'SIGINT')
    const ended = await run.ended
    expect(brokenEnd(place, ended, 'SIGINT')).toEqual([])
    expect(ended.exit).toBe('SIGINT')
    place.dispose()
  })
})

describe.skipIf(!hasStrace)('SIGTERM at a system call of a run', () => {
  test.each(cases<readonly Changing[]>(['rename', 'unlink'], ['mkdir', 'fsync', 'rename', 'unlink']))(
    'at each %s',
    { timeout: 300_000 },
    async (syscall) => {
      const traced = quick.place()
      const calls = await runTraced(traced)
      const broken: string[] = []
      await strikeEach(
        { place: traced, calls, isEach: syscall === 'rename' },
        syscall,
        async (number, lane) => {
          const place = quick.place()
          const { ended, struck } = await runInjected(
            place,
            { syscall, number, fault: 'signal=SIGTERM' },
            { lane },
          )
          const found = [...brokenEnd(place, ended, 'SIGTERM'), ...(await place.brokenHealing())]
          broken.push(...found.map((what) => `${syscall} ${number} (${struck?.line ?? 'none'}): ${what}`))
          place.dispose()
          return struck !== undefined
        },
      )
      traced.dispose()
      expect(broken).toEqual([])
    },
  )

  test.each(SIGNALS)('%s while Node gives back its signal handlers', async (signal) => {
    const traced = quick.place()
    const count = (await runTraced(traced, 'rt_sigaction')).length
    traced.dispose()
    const broken: string[] = []
    for (let number = count - 3; number <= count; number++) {
      const place = quick.place()
      const { ended } = await runInjected(place, {
        syscall: 'rt_sigaction',
        number,
        fault: `signal=${signal}`,
      })
      broken.push(...brokenEnd(place, ended, signal).map((what) => `${number} of ${count}: ${what}`))
      place.dispose()
    }
    expect(broken).toEqual([])
  })
})
