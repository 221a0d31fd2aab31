import { availableParallelism } from 'node:os'
import { addressSpaceLimit } from './address-space.ts'

/** Most threads that nobody asked for. */
const MOST_THREADS = 4
/** Each thread reserves some hundred MB of addresses; where it gets none, Node ends the whole program. */
const ENOUGH_ADDRESSES = 8e9

/**
 * One for each core, but just one where addresses are scarce. One thread takes all rows that others have read,
 * so that many more than MOST_THREADS would only wait.
 */
export function usualThreads(): number {
  if ((addressSpaceLimit() ?? Number.POSITIVE_INFINITY) < ENOUGH_ADDRESSES) return 1
  return Math.min(availableParallelism(), MOST_THREADS)
}
