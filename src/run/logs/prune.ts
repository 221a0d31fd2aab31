import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runIds } from './run-files.ts'

/**
 * Removes the files of all but the newest runs, by their numbers, whatever the clock said.
 *
 * @param keep how many runs to keep, the running one included
 * @param running never removed
 * @returns the runs removed
 */
export function pruneRuns(logFolder: string, keep: number, running: string): string[] {
  const ids = runIds(logFolder)
  const old = ids.slice(0, Math.max(0, ids.length - keep)).filter((id) => id !== running)
  if (old.length === 0) return old
  const gone = new Set(old)
  for (const name of readdirSync(logFolder)) {
    if (gone.has(name.slice(0, name.indexOf('.')))) rmSync(join(logFolder, name), { force: true })
  }
  return old
}
