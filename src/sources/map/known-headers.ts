/** An export of a known system, which is recognised by its header. */
export interface KnownHeader {
  /** The preset that reads it. */
  readonly name: string
  /** Columns that all of its files have, as its header writes them, and hardly any other file. */
  readonly columns: readonly string[]
}

/** The exports that are known. */
export const KNOWN_HEADERS: readonly KnownHeader[] = []

/** The preset for a header; undefined if none is known. */
export function knownHeader(names: readonly string[], known = KNOWN_HEADERS): string | undefined {
  const all = new Set(names)
  return known.find(({ columns }) => columns.length > 0 && columns.every((name) => all.has(name)))?.name
}
