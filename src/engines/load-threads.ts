import { availableParallelism } from 'node:os'
import type { LoadThreads } from '../parsers/piece-threads.ts'

/** Most threads that nobody asked for. */
const MOST_THREADS = 4

/** As many as asked for, or one for each core. One thread takes all rows, so that many more would only wait. */
export function loadThreads(asked: number | undefined): LoadThreads {
  return asked === undefined
    ? { count: Math.min(availableParallelism(), MOST_THREADS), isAsked: false }
    : { count: asked, isAsked: true }
}
