import * as z from 'zod'

type Schema = z.core.$ZodType

/** The schema without what only makes it optional. */
function bare(schema: Schema): Schema {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return bare(schema.unwrap())
  return schema
}

/** The schemas of what a schema holds: by name, or of any item. */
function children(schema: Schema): (readonly [string | undefined, Schema])[] {
  const one = bare(schema)
  if (one instanceof z.ZodObject) return Object.entries(one.shape as Record<string, Schema>)
  if (one instanceof z.ZodArray) return [[undefined, one.element]]
  if (one instanceof z.ZodRecord) return [[undefined, one.valueType]]
  if (one instanceof z.ZodUnion) return one.options.flatMap((option: Schema) => children(option))
  return []
}

/** The settings that may stand at a place. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  const [part, ...rest] = path
  if (part === undefined) return children(schema).flatMap(([name]) => (name === undefined ? [] : [name]))
  const next = children(schema).find(([name]) => name === undefined || name === String(part))
  return next === undefined ? [] : keysAt(next[1], rest)
}

/** Where each setting may stand, nearest to the top first: a dotted path, empty for the top. */
export function placesByKey(schema: Schema): Map<string, string[]> {
  const places = new Map<string, string[]>()
  let level: (readonly [string, Schema])[] = [['', schema]]
  while (level.length > 0) {
    const below: (readonly [string, Schema])[] = []
    for (const [place, one] of level) {
      for (const [name, child] of children(one)) {
        if (name !== undefined) places.set(name, [...(places.get(name) ?? []), place])
        below.push([name === undefined ? place : place === '' ? name : `${place}.${name}`, child])
      }
    }
    level = below
  }
  return places
}

/** The settings that have one value each, in order: objects with fixed names are taken apart. */
export function leafPaths(schema: Schema, path: readonly string[] = []): string[][] {
  const one = bare(schema)
  if (!(one instanceof z.ZodObject)) return [[...path]]
  return Object.entries(one.shape as Record<string, Schema>).flatMap(([name, child]) =>
    leafPaths(child, [...path, name]),
  )
}

/** The schema of the setting at a path of names; undefined where names are the shop's own. */
export function childSchema(schema: Schema, [name, ...rest]: readonly string[]): Schema | undefined {
  if (name === undefined) return schema
  const next = children(schema).find(([one]) => one === name)
  return next === undefined ? undefined : childSchema(next[1], rest)
}

/** What a setting is about. */
export function meaningOf(schema: Schema): string | undefined {
  return z.globalRegistry.get(schema)?.description
}
