import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { oneOfEach } from '../support/effort.ts'
import type { Slice } from '../support/slice-workspace.ts'
import { Bench, type Place } from './bench.ts'
import { BEFORE, NEXT, WHOLE } from './incremental-slices.ts'
import { type Call, CHANGING, type Changing, eachInLane, kindOf, runTraced } from './tracing.ts'

const writer = (slice: Slice) => (folder: string) => {
  mkdirSync(folder, { recursive: true })
  for (const [table, text] of Object.entries(slice)) writeFileSync(join(folder, `${table}.csv`), text)
}

/** A bench whose OLD was published slice by slice, and whose runs add another slice. */
export function makeIncrementalBench(): Promise<Bench> {
  return Bench.make({ slices: { before: BEFORE.map(writer), next: writer(NEXT), whole: writer(WHOLE) } })
}

/** One system call of a run: which of that name in the main thread, from 1. */
export interface Point {
  readonly syscall: Changing
  readonly number: number
}

/**
 * Tries something at each system call of a run that is meant, each in a place of its own, two at a time; by default
 * at each rename, and the first of other calls that do the same to the same sort of file.
 *
 * @param attempt gives whether the call was struck
 */
export async function atEach(
  bench: Bench,
  isMeant: (call: Call, place: Place) => boolean,
  attempt: (point: Point, place: Place, lane: number) => Promise<boolean>,
): Promise<void> {
  const traced = bench.place()
  const calls = await runTraced(traced)
  const counts = new Map<string, number>()
  const points = calls.flatMap((call) => {
    const syscall = call.syscall as Changing
    const number = (counts.get(syscall) ?? 0) + 1
    counts.set(syscall, number)
    return isMeant(call, traced)
      ? [{ syscall, number, kind: call.syscall === 'rename' ? call.line : kindOf(traced, call) }]
      : []
  })
  traced.dispose()
  expect(points.length).toBeGreaterThan(5)
  const picked = oneOfEach(points, ({ kind }) => kind)
  await eachInLane(picked, async ({ syscall, number, kind }, lane) => {
    // Wake-up calls are writes too, more in one run than in another: where one is struck, one a bit earlier is tried.
    const parts = syscall === 'write' ? Array.from({ length: 16 }, (_, i) => 1 - i / 20) : [1]
    const numbers = new Set(parts.map((part) => Math.ceil(part * number)))
    for (const one of numbers) {
      const place = bench.place()
      const isStruck = await attempt({ syscall, number: one }, place, lane)
      place.dispose()
      if (isStruck) return
    }
    throw new Error(`not reached: ${kind}`)
  })
}

/** Calls that change a file of the history, or the folder that it is in. */
export function isOfHistory({ syscall, line, paths }: Call): boolean {
  if (!(syscall in CHANGING) || (syscall === 'openat' && !line.includes('O_CREAT'))) return false
  return paths.some((path) => /\.ecomagg\/(?:staging-[^/]+\/)?history(?:\/|$)/.test(path))
}

/** What a fault struck, for the message about it: the system call with its paths within the place. */
export function where(place: Place, struck: Call | undefined): string {
  if (struck === undefined) return 'none'
  const shorter = struck.paths.map((path) =>
    path.replace(place.folder, '').replaceAll(/\d{6}-\d{8}T\d{6}Z-\w{4}/g, 'RUN'),
  )
  return `${struck.syscall} ${shorter.join(' ')}`
}
