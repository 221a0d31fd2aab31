import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { readRegular } from '../../lib/files/regular-file.ts'
import { workFolder } from './work-folder.ts'

/** Who holds the lock, for the message to others; it proves nothing. */
const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  run_id: z.string(),
  started_at: z.string(),
  /** The name of its announcement; none on Windows. */
  announcement: z.string().optional(),
})
export type LockHolder = z.infer<typeof holderSchema>

export function holderPath(outputFolder: string): string {
  return join(workFolder(outputFolder), 'lock.json')
}

export function readHolder(outputFolder: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readRegular(holderPath(outputFolder)).toString('utf8')))
  } catch {
    return undefined
  }
}

/** Puts the holder's name in place whole; it need not outlive the machine, so nothing is forced to disk. */
export function nameHolder(outputFolder: string, holder: LockHolder): void {
  const path = holderPath(outputFolder)
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) rmSync(path, { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  try {
    writeFileSync(temporary, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: 0o644 })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
