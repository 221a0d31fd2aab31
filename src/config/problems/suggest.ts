import { distance } from 'fastest-levenshtein'
import type * as z from 'zod'
import { keysAt, placesByKey } from '../schema/schema-keys.ts'

/** The nearest of some names, if one is near: at most a third of its letters differ. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((one) => ({
      one,
      far: distance(folded(name), folded(one)) / Math.max(folded(name).length, folded(one).length),
    }))
    .filter(({ far }) => far <= 1 / 3)
    .sort((a, b) => a.far - b.far)
  return best?.one
}

/** So that log_dir and Log-Dir are near logDir. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

/**
 * What may be meant by a setting that is unknown at its place.
 *
 * @example 'did you mean productView?'
 * @example 'productView belongs to funnel'
 */
export function suggestion(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  key: string,
): string | undefined {
  const here = nearest(key, keysAt(schema, path))
  if (here !== undefined) return `did you mean ${here}?`
  const places = placesByKey(schema)
  const elsewhere = places.has(key) ? key : nearest(key, [...places.keys()])
  if (elsewhere === undefined) return undefined
  const [first, second, ...more] = places
    .get(elsewhere)!
    .map((place) => (place === '' ? 'the top level' : place))
  const where =
    second === undefined
      ? first
      : more.length > 0
        ? `${first}, ${second} and others`
        : `${first} and ${second}`
  return elsewhere === key
    ? `${key} belongs to ${where}`
    : `did you mean ${elsewhere}, which belongs to ${where}?`
}
