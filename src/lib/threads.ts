import { availableParallelism } from 'node:os'

/** Most threads that nobody asked for. */
const MOST_THREADS = 4

/** One for each core. One thread takes all rows that others have read, so that many more would only wait. */
export function usualThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS)
}
