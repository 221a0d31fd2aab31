import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Bench, expectNew, type Place } from './bench.ts'
import { type Ended, run, until } from './commands.ts'
import { hasStrace } from './tracing.ts'

/** A run on this bench takes long enough to be met while it runs. */
let slow: Bench
let quick: Bench

beforeAll(async () => {
  quick = await Bench.make()
  slow = await Bench.make({ next: { variety: 2, sessions: 16, extraPageviews: 150_000 } })
})

afterAll(() => {
  quick?.dispose()
  slow?.dispose()
})

/** Expects that a run gave way within 2 s to another one, which it names. */
function expectGivesWay(ended: Ended, pid: number): void {
  expect(ended.exit, ended.stderr).toBe(75)
  expect(ended.stderr).toContain(`process ${pid} `)
  expect(ended.stderr).toMatch(/started \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
}

describe('ten runs at once', () => {
  test.each([
    ['that take long', () => slow],
    ['that are over at once', () => quick],
  ])('%s: who gets the lock publishes, the others give way', async (_, bench) => {
    const place = bench().place()
    const started = Array.from({ length: 10 }, () => place.start())
    const ended = await Promise.all(started.map((one) => one.ended))
    const exits = ended.map(({ exit }) => exit)
    const said = ended.map(({ exit, stderr }) => `${exit} ${stderr}`).join('')
    expect(
      [...new Set(exits)].filter((exit) => exit !== 0 && exit !== 75),
      said,
    ).toEqual([])
    expect(exits, said).toContain(0)
    expect([place.shown(), place.manifestFits(), place.litter()]).toEqual(['NEW', true, []])
    const pids = new Set(started.map(({ pid }) => pid))
    for (const { exit, stderr } of ended) {
      if (exit === 0) continue
      const named = /process (\d+) on .*, started \d{4}-/.exec(stderr)?.[1]
      expect(pids.has(Number(named)), `one of the ten must be named: ${stderr}`).toBe(true)
    }
    const records = place.records().slice(1)
    expect(records.filter(({ status }) => status === 'published')).toHaveLength(
      exits.filter((e) => e === 0).length,
    )
    for (const { status, duration_seconds } of records) {
      if (status !== 'published') expect(duration_seconds, 'the time to refuse').toBeLessThan(2)
    }
    expect(await place.brokenCleanRun()).toEqual([])
    place.dispose()
  })

  test('runs into different folders do not wait for each other, also with one log folder', async () => {
    const places = [slow.place(), slow.place(), slow.place()]
    for (const place of places) place.logs = places[0]!.logs
    const ended = await Promise.all(places.map((place) => place.process()))
    expect(ended.map(({ exit }) => exit)).toEqual([0, 0, 0])
    expect(places.map((place) => place.shown())).toEqual(['NEW', 'NEW', 'NEW'])
    expect(places[0]!.records().map(({ status }) => status)).toEqual(Array(4).fill('published'))
    for (const place of places) place.dispose()
  })
})

describe('a holder', () => {
  test('that is suspended still holds, and publishes when it goes on', async () => {
    const place = slow.place()
    const holder = place.start()
    const pid = await place.holder()
    process.kill(pid, 'SIGSTOP')
    try {
      const begun = performance.now()
      expectGivesWay(await place.process(), pid)
      expect(performance.now() - begun, 'the time to refuse, with the start of the program').toBeLessThan(
        2000,
      )
      expect(place.shown()).toBe('OLD')
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect((await holder.ended).exit).toBe(0)
    expect([place.shown(), place.litter()]).toEqual(['NEW', []])
    place.dispose()
  })

  test('keeps its record, log and rejects, whatever other runs remove of the log folder', async () => {
    const place = slow.place()
    const holder = place.start()
    const pid = await place.holder()
    process.kill(pid, 'SIGSTOP')
    try {
      expectGivesWay(await place.process(['--keep-runs', '1']), pid)
      const check = ['check', '--keep-runs=1', `--input=${quick.input}`, '--max-reject-rate=0.5']
      const folders = [`--output=${place.output}`, `--log-dir=${place.logs}`]
      expect((await run([...check, ...folders], { cwd: place.folder })).exit).toBe(0)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect((await holder.ended).exit).toBe(0)
    const own = place.records().find((record) => record.pid === pid)!
    expect(own.status).toBe('published')
    expect(existsSync(own.rejects_file!)).toBe(true)
    expect(existsSync(join(place.logs, `${own.run_id}.jsonl`))).toBe(true)
    place.dispose()
  })

  test('holds the folder, by whatever path it is reached', async () => {
    const place = slow.place()
    const holder = place.start()
    const pid = await place.holder()
    process.kill(pid, 'SIGSTOP')
    const { output } = place
    try {
      symlinkSync(output, join(place.folder, 'alias'))
      place.output = join(place.folder, 'alias')
      expectGivesWay(await place.process(), pid)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await holder.ended
    place.output = output
    expect([place.shown(), place.litter()]).toEqual(['NEW', []])
    place.dispose()
  })

  test('that is killed does not block the next run, and is shown as died', async () => {
    const place = slow.place()
    const holder = place.start()
    process.kill(await place.holder(), 'SIGKILL')
    await holder.ended
    expect(existsSync(place.lock), 'the leftover that this is about').toBe(true)
    expect(await place.brokenCleanRun()).toEqual([])
    expect((await statuses(place)).slice(0, 2)).toEqual(['published', 'died'])
    expect(place.lastRecord().notices.join()).toMatch(/killed/)
    place.dispose()
  })

  test('is shown as running, also while it is suspended', async () => {
    const place = slow.place()
    const holder = place.start()
    const pid = await place.holder()
    process.kill(pid, 'SIGSTOP')
    expect((await statuses(place))[0]).toBe('running')
    process.kill(pid, 'SIGKILL')
    await holder.ended
    expect((await statuses(place))[0]).toBe('died')
    place.dispose()
  })
})

/** The statuses of the runs, newest first, as `ecomagg logs` tells them. */
async function statuses(place: Place): Promise<string[]> {
  const { stdout } = await run(['logs', '--json', '--log-dir', place.logs], { cwd: place.folder })
  return z
    .array(z.object({ status: z.string() }))
    .parse(JSON.parse(stdout))
    .map(({ status }) => status)
}

describe('a lock file that a dead process left never blocks', () => {
  const holder = (pid: number) =>
    JSON.stringify({ pid, host: 'elsewhere', run_id: 'x', started_at: '2024-01-01T00:00:00.000Z' })

  const leftovers: readonly (readonly [string, (path: string) => void])[] = [
    ['garbage', (path) => writeFileSync(path, Buffer.from([0, 255, 10, 123]))],
    ['nothing', (path) => writeFileSync(path, '')],
    ['a process that lives, but is another one', (path) => writeFileSync(path, holder(1))],
    ['the process of this test', (path) => writeFileSync(path, holder(process.pid))],
    ['a process that never was', (path) => writeFileSync(path, holder(2 ** 22 + 1))],
    ['__proto__', (path) => writeFileSync(path, '{"__proto__":{"pid":1}}')],
    ['five gigabytes', writeHugeFile],
    ['a folder in its place', writeFolder],
    ['a link to itself', (path) => symlinkSync(path, path)],
  ]

  function writeHugeFile(path: string): void {
    writeFileSync(path, '{')
    truncateSync(path, 5 * 2 ** 30)
  }

  function writeFolder(path: string): void {
    mkdirSync(path)
    writeFileSync(join(path, 'file'), '')
  }

  test.each(leftovers)('%s', async (_, write) => {
    const place = quick.place()
    mkdirSync(place.work)
    write(place.lock)
    const ended = await place.process()
    expect(ended.stderr).toBe('')
    expectNew(place, ended)
    place.dispose()
  })

  test('what an older file says does not mislead about who holds the lock now', async () => {
    const place = slow.place()
    mkdirSync(place.work)
    writeFileSync(place.lock, holder(1))
    const running = place.start()
    await until('a run that holds the lock', () => !readFileSync(place.lock, 'utf8').includes('elsewhere'))
    const pid = await place.holder()
    process.kill(pid, 'SIGSTOP')
    try {
      expectGivesWay(await place.process(), pid)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect((await running.ended).exit).toBe(0)
    place.dispose()
  })
})

describe.skipIf(!hasStrace)('a run that begins while another one ends', () => {
  /** Holds up one call of the main thread for so many milliseconds. */
  const delayed = (syscall: string, when: string, where: 'enter' | 'exit', ms: number) => {
    const inject = `--inject=${syscall}:delay_${where}=${ms}ms:when=${when}`
    return ['strace', '-o', '/dev/null', `--trace=${syscall}`, inject]
  }

  test('takes the lock although the work folder is being removed', async () => {
    const place = quick.place()
    // The first rmdir is that of the staging folder, the second that of the work folder.
    const first = place.start([], { by: delayed('rmdir', '2', 'enter', 900) })
    await until(
      'a run that has given its lock back',
      () => place.shown() === 'NEW' && !existsSync(place.lock),
    )
    const second = place.start([], { by: delayed('listen', '1', 'exit', 2000) })
    const [one, two] = await Promise.all([first.ended, second.ended])
    expect([one.exit, two.exit], one.stderr + two.stderr).toEqual([0, 0])
    expect([place.shown(), place.litter()]).toEqual(['NEW', []])
    place.dispose()
  })

  test('publishes, or names whom it gave way to', async () => {
    const place = quick.place()
    // After those of the announcement and the journal, the third unlink is that of lock.json, a moment before the lock itself.
    const first = place.start([], { by: delayed('unlink', '3', 'exit', 900) })
    await until(
      'a run that is about to give its lock back',
      () => place.shown() === 'NEW' && !existsSync(place.lock),
    )
    const two = await place.process()
    const one = await first.ended
    expect(one.exit, one.stderr).toBe(0)
    if (two.exit === 75) expect(two.stderr).toMatch(/process \d+ on .*, started \d{4}-/)
    else expect(two.exit, two.stderr).toBe(0)
    expect([place.shown(), place.litter()]).toEqual(['NEW', []])
    place.dispose()
  })
})

test('a folder that is replaced by another while a run works in it is not mixed up', async () => {
  const place = slow.place()
  const other = slow.place()
  const holder = place.start()
  const pid = await place.holder()
  process.kill(pid, 'SIGSTOP')
  const moved = join(place.folder, 'moved away')
  renameSync(place.output, moved)
  renameSync(other.output, place.output)
  process.kill(pid, 'SIGCONT')
  const ended = await holder.ended
  expect(ended.exit, ended.stderr).not.toBe(0)
  expect([place.shown(), slow.shown(moved)]).toEqual(['OLD', 'OLD'])
  rmSync(moved, { recursive: true })
  expect(await place.brokenCleanRun()).toEqual([])
  place.dispose()
})
