import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canRun, hasTool } from '../support/tools.ts'
import { Bench, expectNew, expectOld, hashes } from './bench.ts'
import { isRoot, plainUser } from './commands.ts'
import { expectMended, expectRefusal } from './refusals.ts'

let bench: Bench
const asPlainUser = plainUser()

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

describe('an output that cannot be put in place is refused before any input is read', () => {
  test('the output folder is a file', async () => {
    const place = bench.place()
    rmSync(place.output, { recursive: true })
    writeFileSync(place.output, 'a file\n')
    await expectRefusal(bench, place, place.output)
    expect(readFileSync(place.output, 'utf8')).toBe('a file\n')
    place.dispose()
  })

  test('the output folder is below a file', async () => {
    const place = bench.place()
    place.output = join(place.output, 'manifest.json', 'deeper')
    await expectRefusal(bench, place, place.output)
    place.dispose()
  })

  test('the output folder is a link to nowhere', async () => {
    const place = bench.place()
    rmSync(place.output, { recursive: true })
    symlinkSync(join(place.folder, 'gone'), place.output)
    await expectRefusal(bench, place, place.output)
    expect(existsSync(join(place.folder, 'gone'))).toBe(false)
    place.dispose()
  })

  test.each(['session_funnel.csv', 'manifest.json'])('%s is a folder', async (name) => {
    const place = bench.place()
    const target = join(place.output, name)
    rmSync(target)
    mkdirSync(target)
    writeFileSync(join(target, 'precious'), 'kept')
    await expectRefusal(bench, place, target)
    expect(readFileSync(join(target, 'precious'), 'utf8')).toBe('kept')
    rmSync(target, { recursive: true })
    await expectMended(place)
  })

  test.each(['coupon_performance.csv', 'manifest.json'])('%s is a planted link', async (name) => {
    const place = bench.place()
    const victim = join(place.folder, 'victim')
    writeFileSync(victim, 'not yours\n')
    const target = join(place.output, name)
    rmSync(target)
    symlinkSync(victim, target)
    await expectRefusal(bench, place, target)
    expect(readFileSync(victim, 'utf8')).toBe('not yours\n')
    expect(lstatSync(target).isSymbolicLink()).toBe(true)
    rmSync(target)
    await expectMended(place)
  })

  test('a target is a link to nowhere', async () => {
    const place = bench.place()
    const target = join(place.output, 'daily_business_metrics.csv')
    rmSync(target)
    symlinkSync(join(place.folder, 'victim'), target)
    await expectRefusal(bench, place, target)
    expect(existsSync(join(place.folder, 'victim'))).toBe(false)
    rmSync(target)
    await expectMended(place)
  })

  test('several targets are wrong: all of them are named', async () => {
    const place = bench.place()
    const targets = ['session_funnel.csv', 'coupon_performance.csv'].map((name) => join(place.output, name))
    for (const target of targets) {
      rmSync(target)
      mkdirSync(target)
    }
    const { stderr } = await expectRefusal(bench, place, targets[0]!)
    expect(stderr).toContain(targets[1])
    for (const target of targets) rmSync(target, { recursive: true })
    await expectMended(place)
  })

  test('.ecomagg is a link to a folder of somebody else', async () => {
    const place = bench.place()
    const victim = join(place.folder, 'victim')
    mkdirSync(victim)
    writeFileSync(join(victim, 'journal.json'), 'not a journal')
    symlinkSync(victim, place.work)
    await expectRefusal(bench, place, place.work)
    expect(readdirSync(victim)).toEqual(['journal.json'])
    rmSync(place.work)
    await expectMended(place)
  })

  test('.ecomagg is a file', async () => {
    const place = bench.place()
    writeFileSync(place.work, 'a file\n')
    await expectRefusal(bench, place, place.work)
    expect(readFileSync(place.work, 'utf8')).toBe('a file\n')
    rmSync(place.work)
    await expectMended(place)
  })
})

const hasOtherUsers = hasTool('other users (root)', isRoot)
const hasImmutable = hasOtherUsers && canRunChattr()

function canRunChattr(): boolean {
  const probe = 'f=$(mktemp) && chattr +i "$f" && chattr -i "$f" && rm "$f"'
  return canRun('immutable files (chattr)', ['bash', '-c', probe])
}

describe.skipIf(!hasImmutable)('what nobody may change (chattr)', () => {
  test.each([
    ['+i', 'page_engagement_metrics.csv'],
    ['+a', 'page_engagement_metrics.csv'],
    ['+i', 'manifest.json'],
  ])('%s %s: exit 73 before any input is read', async (flag, name) => {
    const place = bench.place()
    const target = join(place.output, name)
    await withAttribute(flag, target, async () => {
      await expectRefusal(bench, place, target)
    })
    await expectMended(place)
  })

  test('+i on the output folder: exit 73 before any input is read', async () => {
    const place = bench.place()
    await withAttribute('+i', place.output, async () => {
      await expectRefusal(bench, place, place.output)
    })
    await expectMended(place)
  })

  test('+i on the output folder, which holds a leftover: exit 73 before any input is read', async () => {
    const place = bench.place()
    mkdirSync(place.work)
    await withAttribute('+i', place.output, async () => {
      await expectRefusal(bench, place, place.output)
    })
    await expectMended(place)
  })
})

async function withAttribute(flag: string, path: string, work: () => Promise<void>): Promise<void> {
  execFileSync('chattr', [flag, path])
  try {
    await work()
  } finally {
    execFileSync('chattr', [flag.replace('+', '-'), path])
  }
}

const canMount =
  hasOtherUsers &&
  canRun('mounted file systems (mount)', ['unshare', '-m', 'mount', '-t', 'tmpfs', 'x', '/mnt'])

test.skipIf(!canMount)('a work folder on another file system: exit 73 before any input is read', async () => {
  const place = bench.place()
  mkdirSync(place.work)
  execFileSync('mount', ['-t', 'tmpfs', 'ecomagg-test', place.work])
  try {
    await expectRefusal(bench, place, place.output)
    const ended = await place.process()
    expect([ended.exit, place.shown(), place.hasJournal()]).toEqual([73, 'OLD', false])
  } finally {
    execFileSync('umount', [place.work])
  }
  await expectMended(place)
})

test.skipIf(!canMount)(
  'a target over which another file is mounted: exit 73 before any input is read',
  async () => {
    const place = bench.place()
    const target = join(place.output, 'session_funnel.csv')
    const other = join(place.folder, 'other.csv')
    writeFileSync(other, readFileSync(target))
    execFileSync('mount', ['--bind', other, target])
    try {
      const { stderr } = await expectRefusal(bench, place, target)
      expect(stderr).toContain('mounted over it')
    } finally {
      execFileSync('umount', [target])
    }
    await expectMended(place)
  },
)

describe.skipIf(asPlainUser === undefined)('permissions', () => {
  const by = asPlainUser ?? []

  test('a read-only output folder: exit 73, nothing changes', async () => {
    const place = bench.place()
    place.giveToPlainUser()
    chmodSync(place.output, 0o555)
    expectOld(place, await expectRefusal(bench, place, place.output, { by }))
    chmodSync(place.output, 0o755)
    await expectMended(place)
  })

  test('a read-only output folder that holds a leftover of a killed run: exit 73, nothing changes', async () => {
    const place = bench.place()
    mkdirSync(place.work)
    place.giveToPlainUser()
    chmodSync(place.output, 0o555)
    await expectRefusal(bench, place, place.output, { by })
    place.input = bench.input
    const ended = await place.process([], { by })
    expect([ended.exit, place.shown(), place.hasJournal()]).toEqual([73, 'OLD', false])
    chmodSync(place.output, 0o755)
    await expectMended(place)
  })

  test('a leftover work folder of another user: exit 73, nothing changes', async () => {
    const place = bench.place()
    place.giveToPlainUser()
    mkdirSync(place.work, { mode: 0o555 })
    await expectRefusal(bench, place, place.output, { by })
    chmodSync(place.work, 0o755)
    await expectMended(place)
  })

  test('an output folder that cannot be made: exit 73', async () => {
    const place = bench.place()
    place.giveToPlainUser()
    const parent = join(place.folder, 'read-only')
    mkdirSync(parent, { mode: 0o555 })
    const { output } = place
    place.output = join(parent, 'aggregated_data')
    await expectRefusal(bench, place, place.output, { by })
    expect(readdirSync(parent)).toEqual([])
    chmodSync(parent, 0o755)
    place.output = output
    await expectMended(place)
  })

  test('read-only files in a folder that may be written to are no obstacle', async () => {
    const place = bench.place()
    place.giveToPlainUser()
    for (const name of hashes(place.output).keys()) chmodSync(join(place.output, name), 0o444)
    expectNew(place, await place.process([], { by }))
    place.dispose()
  })

  test.skipIf(!hasOtherUsers)(
    'files of another user in a sticky folder: exit 73, nothing changes',
    async () => {
      const place = bench.place()
      place.giveToPlainUser()
      chownSync(place.output, 0, 0)
      chmodSync(place.output, 0o1777)
      const target = join(place.output, 'session_funnel.csv')
      chownSync(target, 0, 0)
      await expectRefusal(bench, place, target, { by })
      await expectMended(place)
    },
  )
})

describe('an output folder where nothing was published before', () => {
  test('is made, with its parents, and filled', async () => {
    const place = bench.place()
    place.output = join(place.folder, 'deep', 'er', 'aggregated_data')
    const ended = await place.process()
    expect(ended.exit, ended.stderr).toBe(0)
    expect([place.shown(), place.manifestFits()]).toEqual(['NEW', true])
    place.dispose()
  })

  test('is empty after a run that failed', async () => {
    const place = bench.place()
    rmSync(place.output, { recursive: true })
    mkdirSync(place.output)
    place.input = bench.nowhere
    const ended = await place.process()
    expect(ended.exit, ended.stderr).toBe(66)
    expect(readdirSync(place.output)).toEqual([])
    place.dispose()
  })
})
