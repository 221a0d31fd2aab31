import { basename } from 'node:path'
import type { GivenExtensions } from '../../custom/declare.ts'
import type { SettingProblem } from '../../custom/setting-problem.ts'

const NAMES = ['extraColumns', 'metrics', 'tables'] as const

/** Declarations of one file: the settings file, or a module that it names. */
export interface Declarations {
  readonly file: string
  readonly given: GivenExtensions
}

/** A problem of the declarations, and the file that it is in. */
export interface DeclarationProblem extends SettingProblem {
  readonly file: string
}

export interface MergedDeclarations {
  readonly given: GivenExtensions
  readonly problems: readonly DeclarationProblem[]
  /** The file that a path of the merged declarations comes from, and the path there. */
  readonly originOf: (path: readonly PropertyKey[]) => { file: string; path: readonly PropertyKey[] }
}

/** What a module declares: named exports, or those in the object that it exports as default. */
export function declarationsOf(exports: Readonly<Record<string, unknown>>): GivenExtensions {
  const whole = isPlain(exports.default) ? exports.default : {}
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = Object.hasOwn(whole, name) ? whole[name] : exports[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Puts declarations together: lists one after the other, objects by name; a name given twice is a problem. */
export function mergeDeclarations(parts: readonly Declarations[]): MergedDeclarations {
  const problems: DeclarationProblem[] = []
  const origins = new Map<string, { file: string; path: readonly PropertyKey[] }>()
  const merge = (
    path: readonly PropertyKey[],
    entries: readonly { file: string; at: readonly PropertyKey[]; value: unknown }[],
    depth: number,
  ): unknown => {
    const [first, ...others] = entries
    if (others.length === 0) {
      origins.set(keyOf(path), { file: first!.file, path: first!.at })
      return first!.value
    }
    if (entries.every(({ value }) => Array.isArray(value))) {
      const items = entries.flatMap(({ file, at, value }) =>
        (value as unknown[]).map((item, i) => ({ file, at: [...at, i], value: item })),
      )
      return items.map((item, i) => merge([...path, i], [item], depth))
    }
    if (depth > 0 && entries.every(({ value }) => isPlain(value))) {
      const names = new Set(entries.flatMap(({ value }) => Object.keys(value as object)))
      return Object.fromEntries(
        [...names].map((name) => [
          name,
          merge(
            [...path, name],
            entries.flatMap(({ file, at, value }) =>
              Object.hasOwn(value as object, name)
                ? [{ file, at: [...at, name], value: (value as Record<string, unknown>)[name] }]
                : [],
            ),
            depth - 1,
          ),
        ]),
      )
    }
    origins.set(keyOf(path), { file: first!.file, path: first!.at })
    for (const { file, at } of others)
      problems.push({ file, path: at, message: `is declared in ${basename(first!.file)} already` })
    return first!.value
  }
  const given = Object.fromEntries(
    NAMES.flatMap((name) => {
      const entries = parts.flatMap(({ file, given: part }) =>
        part[name] === undefined ? [] : [{ file, at: [name], value: part[name] }],
      )
      // Columns are named below their table.
      return entries.length === 0 ? [] : [[name, merge([name], entries, name === 'extraColumns' ? 2 : 1)]]
    }),
  )
  return { given, problems, originOf: (path) => originOf(path, origins, parts[0]?.file ?? '') }
}

function originOf(
  path: readonly PropertyKey[],
  origins: ReadonlyMap<string, { file: string; path: readonly PropertyKey[] }>,
  fallback: string,
): { file: string; path: readonly PropertyKey[] } {
  for (let length = path.length; length > 0; length--) {
    const origin = origins.get(keyOf(path.slice(0, length)))
    if (origin !== undefined) return { file: origin.file, path: [...origin.path, ...path.slice(length)] }
  }
  return { file: fallback, path }
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
