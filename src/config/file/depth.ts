import type { KnownError } from '../../lib/errors.ts'
import { brokenFile, type Position } from '../problems/problem.ts'

/** How many values may lie one within the other; settings need less than ten. */
export const MOST_LEVELS = 100

/** Settings so deep that whatever goes down into them could run out of stack. */
export function nestedTooDeep(file: string, label: string, position?: Position): KnownError {
  const allowed = `at most ${MOST_LEVELS} levels`
  const what = `it is nested too deep; allowed are ${allowed}, one within the other`
  return brokenFile('config_broken', file, label, what, { position, allowed })
}

/** Whether a value is nested too deep; goes down level by level, and rings come to an end. */
export function isTooDeep(value: unknown): boolean {
  const seen = new Set<object>()
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const objects = level.filter((one): one is object => typeof one === 'object' && one !== null)
    const added = objects.filter((one) => !seen.has(one) && seen.add(one))
    if (added.length > 0 && depth >= MOST_LEVELS) return true
    level = added.flatMap((one) => Object.values(one) as unknown[])
  }
  return false
}
