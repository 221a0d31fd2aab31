import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { unneededTables } from '../../raw/index.ts'
import type { RunState } from '../logs/run-state.ts'

/** Tells of raw tables in a folder that nothing needs, so that they are not read. */
export function tellUnneeded(inputFolder: string, state: RunState): void {
  const files = unneededTables
    .flatMap((table) => [`${table}.csv`, `${table}.csv.gz`])
    .filter((file) => existsSync(join(inputFolder, file)))
  if (files.length > 0) state.notice(`not read, since no table needs them: ${files.join(', ')}`)
}
