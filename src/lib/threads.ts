import { availableParallelism } from 'node:os'

/** Most threads that nobody asked for. */
const MOST_THREADS = 4

/** One for each core; each that reads holds the keys of a table, so there are never many. */
export function usualThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS)
}
