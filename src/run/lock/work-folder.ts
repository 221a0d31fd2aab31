import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RUN_ID } from '../logs/run-files.ts'

/** The folder inside the output folder that holds what is not published: staging, journal, lock. */
export function workFolder(outputFolder: string): string {
  return join(outputFolder, '.ecomagg')
}

export function stagingFolder(outputFolder: string, runId: string): string {
  return join(workFolder(outputFolder), `staging-${runId}`)
}

/** What is kept of the days that were aggregated, for incremental runs. */
export function historyFolder(outputFolder: string): string {
  return join(workFolder(outputFolder), 'history')
}

/** Where a file of a set is put, by its name in the staging folder. */
export function publishedPath(outputFolder: string, name: string): string {
  return join(name.startsWith('history/') ? workFolder(outputFolder) : outputFolder, name)
}

export function journalPath(outputFolder: string): string {
  return join(workFolder(outputFolder), 'journal.json')
}

const LEFTOVER = new RegExp(`^(?:staging-${RUN_ID}|(?:journal|lock)\\.json\\.\\d+\\.tmp)$`)

/** Removes what killed runs left in the work folder; only names of ours. @returns the names removed */
export function removeLeftovers(outputFolder: string): string[] {
  const folder = workFolder(outputFolder)
  const names = readdirSync(folder).filter((name) => LEFTOVER.test(name))
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true })
  return names
}

/** Removes the work folder if nothing is left in it; an empty one that cannot be removed does no harm. */
export function removeWorkFolder(outputFolder: string): void {
  try {
    rmdirSync(workFolder(outputFolder))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
  }
}
