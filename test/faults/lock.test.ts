import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAnnouncement } from '../../src/run/lock/announcement.ts'
import { canRun } from '../support/tools.ts'
import { Bench, expectNew, expectOld, type Place } from './bench.ts'
import { type Ended, inShell, isRoot, plainUser, until } from './commands.ts'
import { OtherNodes } from './other-nodes.ts'
import { hasStrace } from './tracing.ts'

const nodes = new OtherNodes()
const asPlainUser = plainUser()
const isLinux = process.platform === 'linux'

/** What to start a run by, so that it is in a container of its own as far as the lock can see. */
const NETWORK = ['unshare', '--net']
const CONTAINER = ['unshare', '--net', '--uts', '--ipc', '--pid', '--fork', '--mount-proc']
const canUnshare = isLinux && isRoot && canRun('namespaces (unshare)', [...CONTAINER, 'true'])

/** Without sockets, as in folders that some virtual machines share. */
const NO_SOCKETS = ['strace', '-f', '-o', '/dev/null', '--trace=bind', '--inject=bind:error=EPERM']

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
  nodes.dispose()
})

interface Meeting {
  /** What the run that holds is started by, and the one that comes later. */
  readonly first?: readonly string[] | undefined
  readonly second?: readonly string[] | undefined
  /** Where the later one finds the folder, if not by the same path. */
  readonly output?: string
}

/** Expects that a run gives way within 2 s to one that holds, suspended or not, and that this one publishes. */
async function expectLocked(place: Place, { first = [], second = [], output }: Meeting): Promise<void> {
  const holder = place.start([], { by: first })
  const pid = await place.holder()
  const usual = place.output
  signal(holder.pid, 'SIGSTOP')
  try {
    const begun = performance.now()
    if (output !== undefined) place.output = output
    const ended = await place.process([], { by: second })
    expectGivesWay(ended, pid)
    expect(performance.now() - begun, 'the time to refuse').toBeLessThan(2500)
    place.output = usual
    expect(place.shown()).toBe('OLD')
  } finally {
    signal(holder.pid, 'SIGCONT')
  }
  const ended = await holder.ended
  expect(ended.exit, ended.stderr).toBe(0)
  expect([place.shown(), place.litter()]).toEqual(['NEW', []])
}

function expectGivesWay({ exit, stderr }: Ended, pid: number): void {
  expect(exit, stderr).toBe(75)
  expect(stderr).toMatch(new RegExp(`process ${pid} on .*, started \\d{4}-\\d\\d-\\d\\dT`))
}

/** To a run and to what it was started by. */
function signal(pid: number, name: NodeJS.Signals): void {
  process.kill(-pid, name)
}

/** Expects that a run which was killed does not block the next one, and is told of. */
async function expectFreed(place: Place, { first = [], second = [] }: Meeting): Promise<void> {
  const holder = place.start([], { by: first })
  await place.holder()
  signal(holder.pid, 'SIGKILL')
  await holder.ended
  expect(readdirSync(place.work).length, 'the leftovers that this is about').toBeGreaterThan(1)
  expectNew(place, await place.process([], { by: second }))
  expect(place.lastRecord().notices.join()).toMatch(/was killed or ran out of memory/)
}

describe.skipIf(!isLinux)('versions of Node see each other', () => {
  test.each(OtherNodes.versions)(`this one and %i, both ways`, async (version) => {
    const other = await nodes.by(version)
    if (other === undefined) return
    for (const meeting of [{ first: other }, { second: other }]) {
      const place = slow.place()
      await expectLocked(place, meeting)
      place.dispose()
    }
  })
})

describe.skipIf(!canUnshare)('containers of one machine that share a volume see each other', () => {
  test.each([
    ['a network of its own', NETWORK],
    ['all namespaces of its own', CONTAINER],
  ])('%s', async (_, by) => {
    for (const meeting of [{ first: by }, { second: by }, { first: by, second: by }]) {
      const place = slow.place()
      await expectLocked(place, meeting)
      place.dispose()
    }
  })

  test('one that was killed does not block another, nor the machine', async () => {
    for (const meeting of [{ first: CONTAINER }, { first: CONTAINER, second: CONTAINER }]) {
      const place = slow.place()
      await expectFreed(place, meeting)
      place.dispose()
    }
  })

  test('ten at once: who gets the lock publishes, the others give way', async () => {
    const place = quick.place()
    const started = Array.from({ length: 10 }, (_, i) =>
      place.start([], { by: [[], NETWORK, CONTAINER][i % 3]! }),
    )
    const ended = await Promise.all(started.map((one) => one.ended))
    const said = ended.map(({ exit, stderr }) => `${exit} ${stderr}`).join('')
    expect(
      ended.filter(
        ({ exit, stderr }) => exit !== 0 && !(exit === 75 && /process \d+ on .*, st/.test(stderr)),
      ),
      said,
    ).toEqual([])
    const published = place.records().filter(({ status }) => status === 'published')
    expect(published.length - 1, said).toBe(ended.filter(({ exit }) => exit === 0).length)
    expect(published.length, said).toBeGreaterThan(1)
    expect([place.shown(), place.manifestFits(), place.litter()]).toEqual(['NEW', true, []])
    place.dispose()
  })
})

describe.skipIf(!isLinux)('a path that is too long for a socket', () => {
  const longPlace = (bench: Bench): Place => {
    const place = bench.place()
    const deep = join(place.folder, 'a'.repeat(60), 'ü'.repeat(60))
    mkdirSync(deep, { recursive: true })
    renameSync(place.output, join(deep, 'out'))
    place.output = join(deep, 'out')
    return place
  }

  test('holds as well, also towards a run that comes by a short one', async () => {
    const place = longPlace(slow)
    await expectLocked(place, {})
    place.dispose()
    const other = longPlace(slow)
    const alias = join(other.folder, 'alias')
    symlinkSync(other.output, alias)
    await expectLocked(other, { output: alias })
    other.dispose()
  })

  test('a killed holder does not block', async () => {
    const place = longPlace(slow)
    await expectFreed(place, {})
    place.dispose()
  })
})

describe.skipIf(!hasStrace)('where no socket can be made, a record of the process holds', () => {
  test('towards its like, and towards a run that has a socket', async () => {
    for (const meeting of [
      { first: NO_SOCKETS, second: NO_SOCKETS },
      { first: NO_SOCKETS },
      { second: NO_SOCKETS },
    ]) {
      const place = slow.place()
      await expectLocked(place, meeting)
      place.dispose()
    }
  })

  test('a killed holder does not block', async () => {
    const place = slow.place()
    await expectFreed(place, { first: NO_SOCKETS, second: NO_SOCKETS })
    place.dispose()
  })

  test('a full disk is told as such', async () => {
    const place = quick.place()
    const by = ['strace', '-f', '-o', '/dev/null', '--trace=bind', '--inject=bind:error=ENOSPC']
    const ended = await place.process([], { by })
    expect([ended.exit, ended.stderr]).toEqual([73, expect.stringContaining('cannot_lock')])
    expect(ended.stderr).toContain('ENOSPC')
    expectOld(place, ended)
    place.dispose()
  })
})

describe.skipIf(!isRoot || asPlainUser === undefined)('another user', () => {
  test('who may not write the folder cannot occupy it, and is told who works there', async () => {
    const place = slow.place()
    const by = asPlainUser!
    const logs = place.logs
    place.logs = join(place.folder, 'logs of the other')
    mkdirSync(place.logs, { mode: 0o777 })
    const others = inShell(`chmod 777 '${place.logs}'; exec ${by.join(' ')} "$@"`)
    const refused = await place.process([], { by: others })
    expect(refused.exit, refused.stderr).toBe(73)
    const holder = place.start()
    const pid = await place.holder()
    signal(holder.pid, 'SIGSTOP')
    try {
      expectGivesWay(await place.process([], { by: others }), pid)
    } finally {
      signal(holder.pid, 'SIGCONT')
    }
    expect((await holder.ended).exit).toBe(0)
    place.logs = logs
    expect([place.shown(), place.litter()]).toEqual(['NEW', []])
    place.dispose()
  })

  test('root and the owner of a folder see each other, and a killed run of root does not block', async () => {
    for (const meeting of [{ first: asPlainUser }, { second: asPlainUser }]) {
      const place = slow.place()
      mkdirSync(place.work)
      place.giveToPlainUser()
      // Of root, what a run of root makes in the folder of logs.
      await expectLocked(place, meeting)
      place.dispose()
    }
    const place = slow.place()
    mkdirSync(place.work)
    place.giveToPlainUser()
    const holder = place.start()
    await place.holder()
    signal(holder.pid, 'SIGKILL')
    await holder.ended
    const next = await place.process([], { by: asPlainUser! })
    expect(next.exit, next.stderr).toBe(0)
    expect(place.shown()).toBe('NEW')
    place.dispose()
  })
})

/** The announcement that a killed run has left. */
async function leftBehind(place: Place, by: readonly string[] = []): Promise<string> {
  const holder = place.start([], { by })
  await place.holder()
  signal(holder.pid, 'SIGKILL')
  await holder.ended
  return announced(place)[0]!
}

function announced(place: Place): string[] {
  return existsSync(place.work) ? readdirSync(place.work).filter((name) => ANNOUNCEMENT.test(name)) : []
}

const ANNOUNCEMENT = /^(lock-[0-9a-f]{10})-([0-9a-f]{8})-.*\.(socket|file)$/

describe.skipIf(!isLinux)('what a killed run has left', () => {
  test('of another kernel, before a restart: it does not block', async () => {
    const place = slow.place()
    const name = await leftBehind(place)
    const other = join(place.work, name.replace(ANNOUNCEMENT, '$1-00000000-a-b-1-c-elsewhere.$3'))
    renameSync(join(place.work, name), other)
    lutimesSync(other, 0, 0)
    expectNew(place, await place.process())
    place.dispose()
  })

  test('of another kernel, since: it is refused with the command that clears it', async () => {
    const place = slow.place()
    const name = await leftBehind(place)
    renameSync(
      join(place.work, name),
      join(place.work, name.replace(ANNOUNCEMENT, '$1-00000000-a-b-1-c-elsewhere.$3')),
    )
    const refused = await place.process()
    expect(refused.exit, refused.stderr).toBe(75)
    expect(refused.stderr).toMatch(/lock_unclear.* process 1 on elsewhere, started \d{4}-/)
    expect([place.shown(), (await place.process()).exit]).toEqual(['OLD', 75])
    const command = /clear it with: (rm '.*')/.exec(refused.stderr)![1]!
    execFileSync('sh', ['-c', command])
    expectNew(place, await place.process())
    place.dispose()
  })

  test.skipIf(!hasStrace)(
    'a record of a process whose number another one has now: it does not block',
    async () => {
      const place = slow.place()
      const name = await leftBehind(place, NO_SOCKETS)
      expect(name).toMatch(/\.file$/)
      const now = name.split('-')
      now[5] = String(process.pid)
      renameSync(join(place.work, name), join(place.work, now.join('-')))
      expectNew(place, await place.process())
      place.dispose()
    },
  )

  test.skipIf(!hasStrace).each(['bind', 'listen', 'link'])(
    'killed in %s: nothing is left',
    async (syscall) => {
      const place = quick.place()
      const inject = `--inject=${syscall}:signal=SIGKILL:when=1`
      const by = ['strace', '-o', '/dev/null', `--trace=${syscall}`, inject]
      expect((await place.process([], { by })).exit).toBe('SIGKILL')
      expect(await place.brokenCleanRun()).toEqual([])
      place.dispose()
    },
  )
})

test.skipIf(!hasStrace)('a run that is suspended while it takes the lock holds it', async () => {
  const place = quick.place()
  const inject = '--inject=link:signal=SIGSTOP:when=1'
  const holder = place.start([], { by: ['strace', '-o', '/dev/null', '--trace=link', inject] })
  await until('a run that is announced', () => announced(place).length > 0)
  const pid = announced(place)[0]!.split('-')[5]
  expectGivesWay(await place.process(), Number(pid))
  signal(holder.pid, 'SIGCONT')
  const ended = await holder.ended
  expect([ended.exit, place.shown(), place.litter()], ended.stderr).toEqual([0, 'NEW', []])
  place.dispose()
})

test.skipIf(!isLinux)('what is planted under such names neither blocks nor is followed', async () => {
  const place = quick.place()
  const victim = join(place.folder, 'victim')
  writeFileSync(victim, 'not yours\n')
  mkdirSync(place.work)
  const planted = Array.from({ length: 8 }, (_, i) => {
    const { name } = newAnnouncement(i % 2 === 0 ? 'socket' : 'file', 1n)
    const path = join(place.work, name)
    if (i < 2) mkdirSync(path)
    else if (i < 4) execFileSync('mkfifo', [path])
    else if (i < 6) symlinkSync(victim, path)
    else symlinkSync(path, path)
    return name
  })
  const plain = newAnnouncement('socket', 1n).name
  writeFileSync(join(place.work, plain), 'a file\n')
  const ended = await place.process()
  expect([ended.exit, ended.stderr, place.shown()]).toEqual([0, '', 'NEW'])
  expect(readdirSync(place.work).sort()).toEqual([...planted, plain].sort())
  expect(readFileSync(victim, 'utf8')).toBe('not yours\n')
  place.dispose()
})

describe('a run that gives way', () => {
  test('leaves nothing behind, and takes nothing away', async () => {
    const place = slow.place()
    const holder = place.start()
    const pid = await place.holder()
    signal(holder.pid, 'SIGSTOP')
    try {
      const before = readdirSync(place.work)
      for (let i = 0; i < 3; i++) expectGivesWay(await place.process(), pid)
      expect(readdirSync(place.work)).toEqual(before)
    } finally {
      signal(holder.pid, 'SIGCONT')
    }
    expect((await holder.ended).exit).toBe(0)
    expect(existsSync(place.work)).toBe(false)
    place.dispose()
  })
})
