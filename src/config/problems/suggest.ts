import type * as z from 'zod'
import { nearestNames } from '../../lib/texts/nearest.ts'
import { keysAt, placesByKey } from '../schema/schema-keys.ts'

/** The nearest of some names, if one is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  return nearestNames(name, names)[0]
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
