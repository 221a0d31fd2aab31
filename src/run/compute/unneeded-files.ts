import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Contract } from '../../custom/contract.ts'
import type { RunState } from '../logs/run-state.ts'

/** Tells of raw tables in a folder that nothing needs, so that they are not read. */
export function tellUnneeded(inputFolder: string, { unreadTables }: Contract, state: RunState): void {
  const files = unreadTables
    .flatMap(({ name }) => [`${name}.csv`, `${name}.csv.gz`])
    .filter((file) => existsSync(join(inputFolder, file)))
  if (files.length > 0) state.notice(`not read, since no table needs them: ${files.join(', ')}`)
}
