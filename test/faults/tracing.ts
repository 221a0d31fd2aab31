import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isThorough, oneOfEach } from '../support/effort.ts'
import { canRun, succeeds } from '../support/tools.ts'
import type { Place } from './bench.ts'
import type { Ended } from './commands.ts'

/**
 * strace without -f sees the main thread alone, on which everything happens that changes a file; that makes
 * the number of a system call the same in each run. `changesElsewhere` proves that nothing is missed.
 */
export const hasStrace = canRun('strace', ['strace', '-o', '/dev/null', 'true'])

/** Without helper threads of V8, whose wake-up calls would be counted among the writes. */
const STEADY = ['--single-threaded']

/** The system calls by which a run changes something; both names of one, for other processors. */
export const CHANGING = {
  mkdir: ['mkdir', 'mkdirat'],
  openat: ['openat'],
  write: ['write', 'pwrite64', 'writev'],
  fsync: ['fsync', 'fdatasync'],
  rename: ['rename', 'renameat', 'renameat2'],
  unlink: ['unlink', 'unlinkat'],
  rmdir: ['rmdir'],
} as const
export type Changing = keyof typeof CHANGING

/** Other system calls that a test may strike. */
const OTHER = { rt_sigaction: ['rt_sigaction'] } as const
export type Syscall = Changing | keyof typeof OTHER
const NAMES: Readonly<Record<Syscall, readonly string[]>> = { ...CHANGING, ...OTHER }

/** One system call of the main thread, as strace writes it. */
export interface Call {
  readonly syscall: Syscall
  /** Paths in it, those of open files too. */
  readonly paths: readonly string[]
  readonly line: string
}

/** Runs can be traced many times faster if they stay on one processor with their tracer. */
const processors = allowedProcessors()

/** How many runs can be traced at a time without slowing each other down. */
export const LANES = Math.min(2, processors.length)

const isPinning = process.platform === 'linux' && succeeds(['taskset', '-c', '0-1023', 'true'])

function allowedProcessors(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readStatus())?.[1] ?? '0'
  return list.split(',').flatMap((part) => {
    const [from, to] = part.split('-').map(Number) as [number, number?]
    return Array.from({ length: (to ?? from) - from + 1 }, (_, i) => from + i)
  })
}

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8')
  } catch {
    return ''
  }
}

function straceFor(place: Place, lane: number, options: readonly string[]): string[] {
  const pin = isPinning ? ['taskset', '-c', String(processors[lane % processors.length])] : []
  return [...pin, 'strace', '-y', '-s', '16', '-o', traceFile(place), ...options]
}

function traceFile(place: Place): string {
  return join(place.folder, 'trace')
}

export interface Injection {
  readonly syscall: Syscall
  /** Which call of that name in the main thread, from 1. */
  readonly number: number
  /** What strace shall do to it. @example signal=SIGKILL */
  readonly fault: string
}

export interface Injected {
  readonly ended: Ended
  /** The call that the fault struck, undefined if there were not as many calls. */
  readonly struck: Call | undefined
}

interface InjectedOptions {
  /** Which of the runs that are traced at a time it is, from 0. */
  readonly lane?: number
  readonly args?: readonly string[]
  readonly by?: readonly string[]
  /** Counts only calls about this temporary file of the run; the process's id and an ending follow its name. */
  readonly temporary?: string
}

/** A run in which one system call meets a fault. */
export async function runInjected(
  place: Place,
  { syscall, number, fault }: Injection,
  { lane = 0, args = [], by = [], temporary }: InjectedOptions = {},
): Promise<Injected> {
  const names = NAMES[syscall].filter(isKnownHere).join(',')
  const what = [`--trace=${names}`, `--inject=${names}:${fault}:when=${number}`]
  const strace =
    temporary === undefined
      ? straceFor(place, lane, what)
      : // With -D the program takes the place, and so the process id, of the shell that starts strace.
        ['sh', '-c', 'path=$1.$$.tmp; shift; exec strace -D -P "$path" "$@"', 'sh', temporary].concat(
          straceFor(place, lane, what).slice(straceFor(place, lane, what).indexOf('strace') + 1),
        )
  const ended = await place.process(args, { by: [...by, ...strace], nodeFlags: STEADY })
  const calls = readTrace(place)
  const isKill = fault.startsWith('signal=SIGKILL')
  const isStruck = isKill
    ? ended.exit === 'SIGKILL' || ended.exit === 137
    : calls.some(({ line }) => line.includes('(INJECTED)')) || calls.length >= number
  return { ended, struck: isStruck ? calls.find((call, i) => isThis(call, i)) : undefined }

  function isThis(call: Call, i: number): boolean {
    return isKill ? i === calls.length - 1 : call.line.includes('(INJECTED)') || i === number - 1
  }
}

/** strace refuses names that this processor does not know. */
function isKnownHere(name: string): boolean {
  const found =
    known.get(name) ?? spawnSync('strace', ['-o', '/dev/null', `--trace=${name}`, 'true']).status === 0
  known.set(name, found)
  return found
}
const known = new Map<string, boolean>()

/** Whether there is a system call of that kind; some processors know only the newer of two names. */
export function isTraceable(syscall: Syscall): boolean {
  return hasStrace && NAMES[syscall].some(isKnownHere)
}

/** A run without a fault, with every system call of the main thread that changes something, or the one named. */
export async function runTraced(place: Place, only?: Syscall): Promise<readonly Call[]> {
  const wanted = only === undefined ? Object.values(CHANGING).flat() : NAMES[only]
  const names = wanted.filter(isKnownHere).join(',')
  await place.process([], { by: straceFor(place, 0, [`--trace=${names}`]), nodeFlags: STEADY })
  return readTrace(place)
}

/** For each system call the number of the first that can touch this place; those before load the program. */
export function firstNumbers(place: Place, calls: readonly Call[]): ReadonlyMap<Changing, number> {
  const begin = calls.findIndex(({ paths }) => paths.some((path) => path.startsWith(place.folder)))
  if (begin < 0) throw new Error('the traced run touched nothing')
  const before = calls.slice(0, begin)
  return new Map(
    (Object.keys(CHANGING) as Changing[]).map((syscall) => {
      const count = before.filter((call) => call.syscall === syscall).length
      return [syscall, Math.max(1, count + 1 - SLACK)]
    }),
  )
}

/** By how much the calls of two runs may differ while the program is loaded. */
const SLACK = 2

/** Calls that change something in this place and are made by another thread than the main one. */
export async function changesElsewhere(place: Place): Promise<string[]> {
  const names = Object.values(CHANGING).flat().filter(isKnownHere).join(',')
  const by = ['strace', '-f', '-y', '-s', '16', '-o', traceFile(place), `--trace=${names}`]
  await place.process([], { by })
  const lines = readFileSync(traceFile(place), 'utf8').split('\n')
  const mainThread = /^\d+/.exec(lines[0]!)![0]
  return lines.filter(
    (line) =>
      !line.startsWith(mainThread) &&
      line.includes(place.folder) &&
      (!/^\d+ +openat\(/.test(line) || line.includes('O_CREAT')) &&
      // pino forces its log to disk in the background when it closes it; the log is checked before.
      !/^\d+ +fsync\(\d+<[^>]*\.jsonl>/.test(line),
  )
}

const OF_NAME = new Map<string, Syscall>(
  (Object.keys(NAMES) as Syscall[]).flatMap((syscall) =>
    NAMES[syscall].map((name) => [name, syscall] as const),
  ),
)

function readTrace(place: Place): Call[] {
  const calls: Call[] = []
  for (const line of readFileSync(traceFile(place), 'utf8').split('\n')) {
    const syscall = OF_NAME.get(/^(\w+)\(/.exec(line)?.[1] ?? '')
    if (syscall === undefined) continue
    const open = [...line.matchAll(/^\w+\(\d+<([^>]+)>/g)].map((match) => match[1]!)
    const named = syscall === 'write' ? [] : [...line.matchAll(/"([^"]*)"/g)].map((match) => match[1]!)
    calls.push({ syscall, paths: [...open, ...named], line })
  }
  rmSync(traceFile(place), { force: true })
  return calls
}

/** Tries a fault at one system call, by its number. @returns whether the fault struck */
type Attempt = (number: number, lane: number) => Promise<boolean>

/** Tries a fault at every so many-th number until it no longer strikes, two at a time. */
async function sweep(from: number, step: number, attempt: Attempt): Promise<void> {
  let next = from
  let missed = 0
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      while (missed < 2) {
        const number = next
        next += step
        if (!(await attempt(number, lane))) missed++
      }
    }),
  )
}

/** Every so many-th write is struck by default; how many wake-up calls are among them differs from run to run. */
const WRITES = 23

/**
 * Tries a fault at the system calls of one name that a run makes in a place: at each if there is time. By default
 * at the first of each kind, which is what is done to a file of that sort; of writes at every so many-th.
 *
 * @param calls of a run in that place without a fault
 * @param isEach whether each call counts as a kind of its own
 */
export async function strikeEach(
  { place, calls, isEach = false }: { place: Place; calls: readonly Call[]; isEach?: boolean },
  syscall: Changing,
  attempt: Attempt,
): Promise<void> {
  const first = firstNumbers(place, calls).get(syscall)!
  if (isThorough || syscall === 'write') {
    await sweep(first, isThorough ? 1 : WRITES, attempt)
    return
  }
  const points = calls
    .filter((call) => call.syscall === syscall)
    .map((call, i) => ({ number: i + 1, call }))
    .filter(({ call }) => call.paths.some((path) => path.startsWith(place.folder)))
  const picked = isEach ? points : oneOfEach(points, ({ call }) => kindOf(place, call))
  if (picked.length === 0) throw new Error(`the traced run has no ${syscall} in its place`)
  await eachInLane(picked, async ({ number }, lane) => void (await attempt(number, lane)))
}

/** Does a task for each item, as many at a time as runs can be traced. */
export async function eachInLane<T>(
  items: Iterable<T>,
  task: (item: T, lane: number) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      for (let next = rest.next(); next.done !== true; next = rest.next()) await task(next.value, lane)
    }),
  )
}

/** What a system call does to which sort of file: the same for all tables, and for files of history. */
export function kindOf(place: Place, { syscall, line, paths }: Call): string {
  const sorts = paths.map((path) =>
    path
      .replace(place.folder, '')
      .replaceAll(/\d{6}-\d{8}T\d{6}Z-\w{4}/g, 'RUN')
      .replace(/\d+\.tmp$/, 'PID.tmp')
      .replace(/[a-z_]+\.csv$/, 'TABLE.csv')
      .replace(/[\w-]+\.bin(?=$|\.)/, 'HISTORY.bin'),
  )
  return [syscall, line.includes('O_CREAT'), ...sorts].join(' ')
}
