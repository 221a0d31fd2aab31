import { usualThreads } from '../lib/threads/threads.ts'
import type { LoadThreads } from '../parsers/threads/piece-threads.ts'

/** As many as asked for, or one for each core. */
export function loadThreads(asked: number | undefined): LoadThreads {
  return { count: asked ?? usualThreads(), isAsked: asked !== undefined }
}
