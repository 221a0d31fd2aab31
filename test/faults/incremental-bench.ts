import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Slice } from '../support/slice-workspace.ts'
import { Bench, type Place } from './bench.ts'
import { BEFORE, NEXT, WHOLE } from './incremental-slices.ts'
import { type Call, CHANGING, type Changing, LANES, runTraced } from './tracing.ts'

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

/** Tries something at each system call of a run that is meant, each in a place of its own, two at a time. */
export async function atEach(
  bench: Bench,
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
