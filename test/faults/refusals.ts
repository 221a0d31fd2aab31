import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Bench, hashes, type Place } from './bench.ts'
import type { Ended } from './commands.ts'

/** Expects a refusal before any input was read: the run would otherwise complain of the input that is not there. */
export async function expectRefusal(
  bench: Bench,
  place: Place,
  named: string,
  options: { by?: readonly string[] } = {},
): Promise<Ended> {
  const before = listing(place.output)
  place.input = bench.nowhere
  const ended = await place.process([], options)
  expect(ended.exit, ended.stderr).toBe(73)
  expect(ended.stderr).toContain(named)
  expect(ended.stderr).not.toContain('unexpected')
  expect(listing(place.output)).toEqual(before)
  place.input = bench.input
  return ended
}

/** Everything in an output folder as it is, links not followed. */
function listing(folder: string): string[] {
  if (!existsSync(folder) || !lstatSync(folder).isDirectory()) return ['(no folder)']
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const sums = [...hashes(folder)].map(([name, hash]) => `${name} ${hash}`)
  return [...names.map((name) => `${name} ${lstatSync(join(folder, name)).mode.toString(8)}`), ...sums]
}

/** After what was in the way is gone, a run does what it always does. */
export async function expectMended(place: Place): Promise<void> {
  expect(await place.brokenCleanRun()).toEqual([])
  place.dispose()
}
