import type { ConfigProblem } from '../problems/problem.ts'

/** A name that objects of JavaScript cannot hold like others: what it stands for would be lost without a word. */
const FORBIDDEN = '__proto__'

/** Where settings bear a name that cannot be kept. */
export function forbiddenNames(
  value: unknown,
  path: readonly PropertyKey[] = [],
  around: readonly unknown[] = [],
): ConfigProblem[] {
  if (typeof value !== 'object' || value === null || around.includes(value)) return []
  const inside = [...around, value]
  return Object.entries(value).flatMap(([name, one]) => {
    const at = [...path, Array.isArray(value) ? Number(name) : name]
    return name === FORBIDDEN
      ? [{ path: at, message: `${FORBIDDEN} cannot be a name in the settings; leave it out` }]
      : forbiddenNames(one, at, inside)
  })
}
