import { closeSync, lstatSync, readdirSync, readSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { openRegular, readRegular } from '../../lib/files/regular-file.ts'
import { isProcessAlive } from '../../lib/process-alive.ts'
import { journalPath } from '../lock/work-folder.ts'
import { nextRecord, type RunFiles, runFiles, runIds } from './run-files.ts'

/**
 * Removes the files of all but the newest runs, by their numbers, whatever the clock said. Those of runs that
 * still go on stay, and those that a publish cut short has yet to put in place.
 *
 * @param keep how many runs to keep, the running one included
 * @param running never removed
 * @returns the runs removed
 */
export function pruneRuns(logFolder: string, keep: number, running: string): string[] {
  const ids = runIds(logFolder)
  const old = ids
    .slice(0, Math.max(0, ids.length - keep))
    .filter((id) => id !== running && !isNeeded(runFiles(logFolder, id)))
  if (old.length === 0) return old
  const gone = new Set(old)
  for (const name of readdirSync(logFolder)) {
    if (gone.has(name.slice(0, name.indexOf('.')))) rmSync(join(logFolder, name), { force: true })
  }
  return old
}

/** What tells whether a run goes on; the rest of a record may be that of any version. */
const ownerSchema = z.object({
  status: z.string(),
  pid: z.number(),
  host: z.string(),
  options: z.object({ output: z.string() }),
})

function isNeeded(files: RunFiles): boolean {
  const owner = ownerSchema.safeParse(jsonOf(() => readRegular(files.record).toString('utf8'))).data
  // A run writes the first line of its log a moment before its record.
  if (owner === undefined) return isAlive(startSchema.safeParse(jsonOf(() => firstLine(files.log))).data?.pid)
  // Whether a process of another machine still lives cannot be known from here.
  if (owner.status === 'running' && (owner.host !== hostname() || isAlive(owner.pid))) return true
  return isThere(nextRecord(files)) && isThere(journalPath(owner.options.output))
}

const startSchema = z.object({ pid: z.number() })

function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && isProcessAlive(pid)
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** What a file holds as JSON; undefined if it cannot be read, or is none. */
function jsonOf(read: () => string): unknown {
  try {
    return JSON.parse(read())
  } catch {
    return undefined
  }
}

const LONGEST_START = 1 << 20

function firstLine(path: string): string {
  const fd = openRegular(path)
  try {
    const buffer = Buffer.alloc(LONGEST_START)
    return buffer.toString('utf8', 0, readSync(fd, buffer)).split('\n', 1)[0]!
  } finally {
    closeSync(fd)
  }
}
