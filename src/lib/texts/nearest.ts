import { createRequire } from 'node:module'

/** The names that are near another, nearest first: at most a third of their letters differ. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const { distance } = library()
  return names
    .map((one) => ({
      one,
      far: distance(folded(name), folded(one)) / Math.max(folded(name).length, folded(one).length),
    }))
    .filter(({ far }) => far <= 1 / 3)
    .sort((a, b) => a.far - b.far)
    .map(({ one }) => one)
}

let loaded: typeof import('fastest-levenshtein') | undefined

/** Read only when a name is wrong. */
function library(): typeof import('fastest-levenshtein') {
  loaded ??= createRequire(import.meta.url)('fastest-levenshtein') as typeof import('fastest-levenshtein')
  return loaded
}

/** So that log_dir and Log-Dir are near logDir. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '')
}
