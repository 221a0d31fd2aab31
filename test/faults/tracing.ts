import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './bench.ts'
import { canRun, type Ended } from './commands.ts'

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

const isPinning = process.platform === 'linux' && canRun('taskset', ['taskset', '-c', '0-1023', 'true'])

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
}

/** A run in which one system call meets a fault. */
export async function runInjected(
  place: Place,
  { syscall, number, fault }: Injection,
  { lane = 0, args = [], by = [] }: InjectedOptions = {},
): Promise<Injected> {
  const names = NAMES[syscall].filter(isKnownHere).join(',')
  const strace = straceFor(place, lane, [`--trace=${names}`, `--inject=${names}:${fault}:when=${number}`])
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

/**
 * Tries a fault at one number after the other, until it no longer strikes, two at a time.
 *
 * @param attempt gives whether the fault struck
 */
export async function sweep(
  from: number,
  attempt: (number: number, lane: number) => Promise<boolean>,
): Promise<void> {
  let next = from
  let missed = 0
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      while (missed < 2) if (!(await attempt(next++, lane))) missed++
    }),
  )
}
