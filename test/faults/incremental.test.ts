import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KnownError } from '../../src/lib/errors.ts'
import { rulesSchema } from '../../src/rules/rules.ts'
import { runOnce } from '../../src/run/process.ts'
import { Random, seedOf } from '../support/random.ts'
import { changed, shopDays } from '../support/shop-days.ts'
import { bytesBelow, type Slice, SliceWorkspace } from '../support/slice-workspace.ts'
import { Bench, type Place } from './bench.ts'
import {
  type Call,
  CHANGING,
  type Changing,
  changesElsewhere,
  hasStrace,
  LANES,
  runInjected,
  runTraced,
} from './tracing.ts'

/** Dates 1, 2 and 3 are published one by one; then 3 comes again with an order more, and 4 with it. */
const BEFORE = [shopDays(1), shopDays(2), shopDays(3)]
const NEXT = withNewOrder(shopDays(3, 4))
const WHOLE = withNewOrder(shopDays(1, 2, 3, 4))

function withNewOrder(slice: Slice): Slice {
  const order = 'visitor-2,beta-2,order-new,2024-03-03 18:00:00,7.25,,,NEW'
  return changed(slice, 'order_table', { plus: [order] })
}

function withEarlySession(slice: Slice): Slice {
  const session = 'customer-one,alpha-early,2024-03-02 06:00:00,mobile,NA,,203.0.113.9,bing,organic'
  return changed(slice, 'session_table', { plus: [session] })
}

const writer = (slice: Slice) => (folder: string) => {
  mkdirSync(folder, { recursive: true })
  for (const [table, text] of Object.entries(slice)) writeFileSync(join(folder, `${table}.csv`), text)
}

let bench: Bench
const numbers = { kills: 0, mixed: 0, rolledForward: 0, errors: 0, damages: 0, refused: 0 }

beforeAll(async () => {
  const slices = { before: BEFORE.map(writer), next: writer(NEXT), whole: writer(WHOLE) }
  bench = await Bench.make({ slices })
})

afterAll(() => {
  bench?.dispose()
  const { kills, mixed, rolledForward, errors, damages, refused } = numbers
  console.info(
    `kill points tried ${kills}; killed between renames ${mixed}, rolled forward ${rolledForward}; errors tried ${errors}; damages tried ${damages}, refused ${refused}`,
  )
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
    await atEach(isOfPublish, async (point, place, lane) => {
      const { ended, struck } = await runInjected(place, { ...point, fault: 'signal=SIGKILL' }, { lane })
      const found: string[] = []
      if (struck === undefined) found.push(`not reached: exit ${ended.exit}`)
      numbers.kills++
      if (place.shown() === 'mixed') numbers.mixed++
      if (place.hasJournal()) numbers.rolledForward++
      else if (!['OLD', 'NEW'].includes(place.shown())) found.push(`the set is ${place.shown()}`)
      found.push(...place.tornSet(), ...(await place.brokenHealing()))
      broken.push(...found.map((what) => `kill at ${where(place, struck)}: ${what}`))
    })
    expect(broken).toEqual([])
    expect(numbers.mixed).toBeGreaterThan(0)
  })
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
      await atEach(isMeant, async (point, place, lane) => {
        const { ended, struck } = await runInjected(place, { ...point, fault: `error=${error}` }, { lane })
        numbers.errors++
        const found = [...place.brokenPromises(ended)]
        if (struck === undefined) found.push('not reached')
        else if (ended.exit !== 0) {
          const allowed = struck.syscall === 'mkdir' || struck.syscall === 'openat' ? [73, 74] : [74]
          if (!allowed.includes(Number(ended.exit))) found.push(`exit ${ended.exit}: ${ended.stderr}`)
          // The log is written a little more or less often from run to run: then one of its calls is struck.
          const folder = isOfHistory(struck) ? place.output : place.logs
          if (!ended.stderr.includes(folder)) found.push(`no path is named: ${ended.stderr}`)
          if (!ended.stderr.includes(error)) found.push(`the error is not named: ${ended.stderr}`)
        }
        found.push(...(await place.brokenHealing()))
        broken.push(...found.map((what) => `${error} at ${where(place, struck)}: ${what}`))
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

interface Point {
  readonly syscall: Changing
  readonly number: number
}

/** Tries something at each system call of a run that is meant, each in a place of its own, two at a time. */
async function atEach(
  isMeant: (call: Call, place: Place) => boolean,
  attempt: (point: Point, place: Place, lane: number) => Promise<void>,
): Promise<void> {
  const traced = bench.place()
  const calls = await runTraced(traced)
  const counts = new Map<string, number>()
  const points = calls.flatMap((call): Point[] => {
    const syscall = call.syscall as Changing
    const number = (counts.get(syscall) ?? 0) + 1
    counts.set(syscall, number)
    return isMeant(call, traced) ? [{ syscall, number }] : []
  })
  traced.dispose()
  expect(points.length).toBeGreaterThan(5)
  const rest = points[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      for (let next = rest.next(); next.done !== true; next = rest.next()) {
        const place = bench.place()
        await attempt(next.value, place, lane)
        place.dispose()
      }
    }),
  )
}

/** Calls that change a file of the history, or the folder that it is in. */
function isOfHistory({ syscall, line, paths }: Call): boolean {
  if (!(syscall in CHANGING) || (syscall === 'openat' && !line.includes('O_CREAT'))) return false
  return paths.some((path) => /\.ecomagg\/(?:staging-[^/]+\/)?history(?:\/|$)/.test(path))
}

/** Those, and all by which a set is put in place; how CSVs are staged is the matter of kill-points.test.ts. */
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

function where(place: Place, struck: Call | undefined): string {
  if (struck === undefined) return 'none'
  const shorter = struck.paths.map((path) =>
    path.replace(place.folder, '').replaceAll(/\d{6}-\d{8}T\d{6}Z-\w{4}/g, 'RUN'),
  )
  return `${struck.syscall} ${shorter.join(' ')}`
}

/**
 * What is damaged is refused, or does no harm: neither to this run, nor, carried on, to the next one. These
 * runs are made without a process of their own, so that there can be many.
 */
describe('a damaged history', () => {
  const { seed } = seedOf(1)
  /** Another slice, which changes dates that the first left alone: later sessions of one user get other numbers. */
  const AFTER = withEarlySession(shopDays(2, 5))
  const ALL = withEarlySession(withNewOrder(shopDays(1, 2, 3, 4, 5)))
  let shop: SliceWorkspace
  let slices: readonly [string, string]
  let expected: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>]
  let rowsByDate: unknown
  let places = 0

  beforeAll(async () => {
    shop = new SliceWorkspace()
    for (const slice of BEFORE) await add(shop.slice(slice), shop.output)
    slices = [shop.slice(NEXT), shop.slice(AFTER)]
    const whole = [shop.slice(WHOLE), shop.slice(ALL)] as const
    expected = [await shop.plainResults(whole[0]), await shop.plainResults(whole[1])]
    const output = join(shop.folder, 'all at once')
    await add(whole[1], output, 'plain')
    rowsByDate = rowsOf(output)
  })
  afterAll(() => shop?.dispose())

  function rowsOf(output: string): unknown {
    const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Record<
      string,
      unknown
    >
    return manifest.rows_by_date
  }

  const files = () => bytesBelow(shop.history)

  test('is none: both slices give the bytes of a full run', async () => {
    expect(await brokenBy(() => {})).toEqual([])
    expect(numbers.refused).toBe(0)
  })

  test('one bit of days and of rows without dates is another', async () => {
    const random = new Random(seed)
    const broken: string[] = []
    for (const [name, bytes] of files()) {
      if (!name.endsWith('.bin')) continue
      for (const at of someOf(random, bytes.length, 60)) {
        const bit = 1 << random.whole(0, 7)
        const found = await brokenBy((history) => flip(join(history, name), at, bit))
        broken.push(...found.map((what) => `byte ${at} of ${name}, bit ${bit}: ${what}`))
      }
    }
    expect(broken).toEqual([])
  })

  test('one bit of the state file is another', async () => {
    const random = new Random(seed)
    const broken: string[] = []
    const text = files().get('state.json')!
    for (const at of someOf(random, text.length, 150)) {
      const found = await brokenBy((history) => flip(join(history, 'state.json'), at, 1))
      const around = text.slice(Math.max(0, at - 30), at + 10)
      broken.push(...found.map((what) => `byte ${at} of state.json (${around}): ${what}`))
    }
    expect(broken).toEqual([])
  })

  test('the seed of the hashes in the state file is another', async () => {
    const output = join(shop.folder, 'another seed')
    const session = (id: string, date: string) =>
      changed(shopDays(), 'session_table', {
        plus: [`browser,${id},${date} 10:00:00,mobile,NA,,203.0.113.9,bing,organic`],
      })
    expect(await add(shop.slice(session('t2', '2024-03-02')), output)).toBeUndefined()
    const state = join(output, '.ecomagg', 'history', 'state.json')
    writeFileSync(state, readFileSync(state, 'utf8').replace(/"seed":\d+/, '"seed":77'))
    const code = await add(shop.slice(session('t1', '2024-03-01')), output)
    if (code === undefined) {
      const rows = readFileSync(join(output, 'session_attribution.csv'), 'utf8')
      // SPEC: session_number is the place among the user's sessions by (time, session_id).
      expect(rows).toMatch(/^t2,.*,Organic Search,,2,$/m)
    } else expect(['history_damaged', 'no_history']).toContain(code)
  })

  test('a file is cut short, longer, empty or gone', async () => {
    const broken: string[] = []
    for (const [name, bytes] of files()) {
      const lengths = [0, 1, 15, 16, 100, Math.floor(bytes.length / 2), bytes.length - 1]
      for (const length of lengths) {
        const found = await brokenBy((history) => truncateSync(join(history, name), length))
        broken.push(...found.map((what) => `${name} cut to ${length}: ${what}`))
      }
      const longer = await brokenBy((history) => writeFileSync(join(history, name), 'more', { flag: 'a' }))
      const gone = await brokenBy((history) => rmSync(join(history, name)))
      broken.push(
        ...longer.map((what) => `${name} longer: ${what}`),
        ...gone.map((what) => `${name} gone: ${what}`),
      )
    }
    expect(broken).toEqual([])
  })

  test('a file is that of another', async () => {
    const broken: string[] = []
    const names = [...files().keys()].filter((name) => name.endsWith('.bin'))
    for (const name of names) {
      for (const other of names.filter((one) => one !== name)) {
        const found = await brokenBy((history) => cpSync(join(history, other), join(history, name)))
        broken.push(...found.map((what) => `${name} is ${other}: ${what}`))
      }
    }
    expect(broken).toEqual([])
  })

  test('does not let a full run lose dates', async () => {
    const output = copyOfOutput()
    truncateSync(join(output, '.ecomagg', 'history', 'state.json'), 100)
    const before = bytesBelow(output)
    expect(await add(shop.slice(shopDays(3)), output, 'full')).toBe('full_loses_dates')
    expect([...bytesBelow(output)]).toEqual([...before])
  })

  test('does not let a plain run lose the history', async () => {
    const output = copyOfOutput()
    truncateSync(join(output, '.ecomagg', 'history', 'state.json'), 100)
    const before = bytesBelow(output)
    expect(await add(shop.slice(shopDays(3)), output, 'plain')).toBe('history_would_be_lost')
    expect([...bytesBelow(output)]).toEqual([...before])
  })

  test('is healed by a full run', async () => {
    const output = copyOfOutput()
    const history = join(output, '.ecomagg', 'history')
    for (const name of readdirSync(history)) flip(join(history, name), 40, 1)
    expect(await add(shop.slice(WHOLE), output, 'full')).toBeUndefined()
    expect(shop.results(output)).toEqual(expected[0])
    expect(await add(slices[1], output)).toBeUndefined()
    expect(shop.results(output)).toEqual(expected[1])
  })

  /** Adds both slices to a history that was damaged. @returns what of the promise does not hold */
  async function brokenBy(damage: (history: string) => void): Promise<string[]> {
    const output = copyOfOutput()
    damage(join(output, '.ecomagg', 'history'))
    numbers.damages++
    try {
      for (const [i, slice] of slices.entries()) {
        const before = bytesBelow(output)
        const code = await add(slice, output)
        if (code !== undefined) {
          numbers.refused++
          if (code !== 'history_damaged' && code !== 'no_history')
            return [`slice ${i + 1} ended with ${code}`]
          const after = bytesBelow(output)
          const isSame =
            before.size === after.size && [...before].every(([name, bytes]) => after.get(name) === bytes)
          return isSame ? [] : [`slice ${i + 1} was refused, and files changed`]
        }
        const wrong = [...shop.results(output)].filter(([name, text]) => expected[i]!.get(name) !== text)
        if (wrong.length > 0) return [`slice ${i + 1} gave wrong ${wrong.map(([name]) => name).join(', ')}`]
      }
      const isRight = JSON.stringify(rowsOf(output)) === JSON.stringify(rowsByDate)
      return isRight ? [] : ['the manifest counts other rows']
    } finally {
      rmSync(output, { recursive: true })
    }
  }

  function copyOfOutput(): string {
    const output = join(shop.folder, `damaged ${++places}`)
    cpSync(shop.output, output, { recursive: true })
    return output
  }

  /** @returns the code of the error, or what else went wrong */
  async function add(input: string, output: string, mode: 'incremental' | 'full' | 'plain' = 'incremental') {
    const { error } = await runOnce({
      command: 'process',
      mode,
      inputFolder: input,
      outputFolder: output,
      logFolder: join(shop.folder, 'logs of damages'),
      rules: rulesSchema.parse({}),
      since: undefined,
      until: undefined,
      asOf: undefined,
      allowMissing: false,
      strict: false,
      escapeFormulas: true,
      bom: false,
      showValues: false,
      keepRuns: 10,
      signal: undefined,
      onProgress() {},
      onPhase() {},
    })
    return error instanceof KnownError ? error.code : error === undefined ? undefined : String(error)
  }
})

function flip(path: string, at: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= bit
  writeFileSync(path, bytes)
}

/** Some numbers below another, in ascending order. */
function someOf(random: Random, below: number, count: number): number[] {
  const all = Array.from({ length: below }, (_, i) => i)
  return random
    .shuffled(all)
    .slice(0, count)
    .sort((a, b) => a - b)
}
