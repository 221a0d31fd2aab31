import { execFileSync } from 'node:child_process'
import { cpSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chosen } from '../support/effort.ts'
import { canRun, hasTool } from '../support/tools.ts'
import { Bench, type Place } from './bench.ts'
import { inShell, isRoot } from './commands.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make({ next: { variety: 2, sessions: 300, rejects: 100 } })
})

afterAll(() => bench?.dispose())

const canMount =
  hasTool('mounted file systems (root)', isRoot) &&
  canRun('mounted file systems (mount)', ['unshare', '-m', 'mount', '-t', 'tmpfs', 'x', '/mnt'])

const PAGE = 4096

/**
 * Does something while a folder of a place is a file system of its own, with what was in it. It must leave no file
 * open there: the log of a run in the process of the test is closed some time after it.
 */
async function onSmallDisk(path: string, options: string, work: () => Promise<void>): Promise<void> {
  const aside = `${path} aside`
  cpSync(path, aside, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'ecomagg-test', path])
  try {
    cpSync(aside, path, { recursive: true })
    await work()
  } finally {
    execFileSync('umount', [path])
    rmSync(aside, { recursive: true })
  }
}

/** Leaves so many pages free by a file of somebody else's. @returns how to give the room back */
function fill(path: string, freePages: number): () => void {
  const { bfree, bsize } = statfsSync(path)
  const ballast = join(path, 'ballast')
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bfree * bsize - freePages * PAGE)))
  return () => rmSync(ballast)
}

/** What is wrong with a run on a full disk: the old set stays, or the new one is complete. */
async function brokenOnFullDisk(
  place: Place,
  args: readonly string[] = [],
): Promise<{ broken: string[]; exit: number | string }> {
  const ended = await place.process(args)
  const broken = [...place.brokenPromises(ended)]
  if (ended.exit !== 0) {
    if (ended.exit !== 74 && ended.exit !== 73) broken.push(`exit ${ended.exit}: ${ended.stderr}`)
    const isNamed = ended.stderr.includes(place.output) || ended.stderr.includes(place.logs)
    if (!isNamed) broken.push(`no path is named: ${ended.stderr}`)
    if (place.hasJournal()) broken.push('the room ran out after the commit')
    if (/ {4}at /.test(ended.stderr)) broken.push(`a stack instead of a word: ${ended.stderr}`)
  }
  return { broken, exit: ended.exit }
}

/** From no room at all to enough of it. */
async function sweepRoom(
  folder: 'output' | 'logs',
  steps: readonly number[],
  args: readonly string[] = [],
): Promise<void> {
  const exits = new Map<number | string, number>()
  const all: string[] = []
  for (const freePages of steps) {
    const place = bench.place()
    await onSmallDisk(place[folder], 'size=2m,mode=755', async () => {
      const giveBack = fill(place[folder], freePages)
      const { broken, exit } = await brokenOnFullDisk(place, args)
      exits.set(exit, (exits.get(exit) ?? 0) + 1)
      const litter = place.litter().filter((name) => name !== 'ballast' && name !== '.ecomagg')
      if (litter.length > 0) broken.push(`left behind: ${litter.join(', ')}`)
      giveBack()
      // Of the line that no longer fitted, the log holds what did.
      broken.push(...(await place.brokenCleanRun({ logsToo: false, byProcess: folder === 'logs' })))
      all.push(...broken.map((what) => `${freePages} pages free: ${what}`))
    })
    place.dispose()
  }
  console.info(`${folder} with ${steps[0]} to ${steps.at(-1)} free pages: ${JSON.stringify([...exits])}`)
  expect(all).toEqual([])
  expect(exits.get(0), 'the last steps must leave enough room').toBeGreaterThan(0)
  expect(exits.get(74), 'the first steps must leave too little room').toBeGreaterThan(0)
}

describe.skipIf(!canMount)('a disk that is full', () => {
  test('of the output folder, from no room to enough', { timeout: 300_000 }, async () => {
    await sweepRoom('output', some([...range(0, 28, 2), ...range(28, 84, 8)]))
  })

  test('of the output folder, with a thread that writes', { timeout: 300_000 }, async () => {
    await sweepRoom('output', some([...range(0, 28, 4), ...range(28, 84, 16)]), ['--threads=2'])
  })

  test('of the log folder, from no room to enough', { timeout: 300_000 }, async () => {
    await sweepRoom('logs', some([...range(0, 16, 1), 24, 32]))
  })

  test.each(['output', 'logs'] as const)(
    'without room for another file in the %s folder',
    { timeout: 300_000 },
    async (folder) => {
      const exits = new Set<number | string>()
      const all: string[] = []
      for (const free of some(range(0, 18, 1))) {
        const place = bench.place()
        await onSmallDisk(place[folder], 'size=8m,mode=755', async () => {
          // tmpfs counts files apart from their bytes.
          const used = statfsSync(place[folder]).files - statfsSync(place[folder]).ffree
          execFileSync('mount', ['-o', `remount,nr_inodes=${used + free}`, place[folder]])
          const { broken, exit } = await brokenOnFullDisk(place)
          exits.add(exit)
          execFileSync('mount', ['-o', 'remount,nr_inodes=1000', place[folder]])
          broken.push(...(await place.brokenCleanRun({ byProcess: folder === 'logs' })))
          all.push(...broken.map((what) => `${free} files free: ${what}`))
        })
        place.dispose()
      }
      expect(all).toEqual([])
      expect(exits.has(0)).toBe(true)
      expect(exits.size).toBeGreaterThan(1)
    },
  )
})

describe('a limit on the size of files (ulimit -f)', () => {
  const LIMITS = some([1, 4, 8, 16, 24, 32, 48, 64, 128])
  const limited = (place: Place, kilobytes: number, args: readonly string[] = []) =>
    place.process(args, { by: inShell(`ulimit -f ${kilobytes}; exec "$@"`) })

  test('from too small to big enough', { timeout: 300_000 }, async () => {
    const all: string[] = []
    const exits = new Set<number | string>()
    for (const kilobytes of LIMITS) {
      const place = bench.place()
      const ended = await limited(place, kilobytes)
      exits.add(ended.exit)
      const broken = [...place.brokenPromises(ended)]
      if (ended.exit !== 0 && ended.exit !== 74) broken.push(`exit ${ended.exit}: ${ended.stderr}`)
      broken.push(...(await place.brokenCleanRun({ logsToo: false })))
      all.push(...broken.map((what) => `${kilobytes} kB: ${what}`))
      place.dispose()
    }
    expect(all).toEqual([])
    expect([...exits].sort()).toEqual([0, 74])
  })

  test('a thread that writes says the same as none', { timeout: 300_000 }, async () => {
    const exits = new Set<number | string>()
    for (const kilobytes of LIMITS) {
      const said = []
      for (const threads of [1, 2]) {
        const place = bench.place()
        const { exit, stderr } = await limited(place, kilobytes, [`--threads=${threads}`])
        exits.add(exit)
        const names = stderr
          .replaceAll(place.folder, '')
          .replace(/\d{6}-\d{8}T\d{6}Z-\w{4}/g, 'RUN')
          .replace(/\d+\.tmp/g, 'PID.tmp')
          // The record says how long things took, in more digits or fewer.
          .replace(/((?:run record|RUN\.json\.next).* at least )\d+( more bytes)/g, '$1SOME$2')
        said.push({ exit, stderr: names, shown: place.shown(), litter: place.litter() })
        place.dispose()
      }
      expect(said[1], `${kilobytes} kB`).toEqual(said[0])
    }
    expect([...exits].sort()).toEqual([0, 74])
  })
})

test.skipIf(!canMount)('log folder and output folder on different disks', async () => {
  const place = bench.place()
  await onSmallDisk(place.logs, 'size=2m,mode=755', async () => {
    expect(await place.brokenCleanRun({ byProcess: true })).toEqual([])
  })
  place.dispose()
})

/** Of steps from too little to enough every fifth, and the last. */
function some(steps: readonly number[]): readonly number[] {
  return chosen(steps, (_, i) => i % 5 === 0 || i === steps.length - 1)
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
}
