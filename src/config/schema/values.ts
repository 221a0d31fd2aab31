/** Values of settings as they are given, before they have been checked. */
export type Values = Readonly<Record<string, unknown>>

export function isPlainObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path, if there is one. */
export function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value
}

/** The values with another one at a path. */
export function withValue(values: Values, [name, ...rest]: readonly string[], value: unknown): Values {
  if (name === undefined) return values
  const inner = values[name]
  return {
    ...values,
    [name]: rest.length === 0 ? value : withValue(isPlainObject(inner) ? inner : {}, rest, value),
  }
}

/** The values with texts at some paths changed; nothing is added. */
export function withTexts(
  values: Values,
  paths: readonly (readonly string[])[],
  change: (text: string) => string,
): Values {
  return paths.reduce((all, path) => {
    const value = valueAt(all, path)
    return typeof value === 'string' && value !== '' ? withValue(all, path, change(value)) : all
  }, values)
}
