import type { RunOptions, WritingOptions } from '../../config/run-options.ts'
import type { Contract } from '../../custom/contract.ts'
import type { EngineOptions } from '../../engines/engine.ts'
import type { CsvDialect } from '../../tables/table-result.ts'
import type { RejectsFile } from '../logs/rejects-file.ts'

/** What an engine needs to know of a run. */
export function engineOptions(options: RunOptions, contract: Contract, rejects: RejectsFile): EngineOptions {
  return {
    contract,
    inputFolder: options.inputFolder,
    rules: options.rules,
    hashKey: options.hashKey,
    since: options.since,
    until: options.until,
    asOf: options.asOf,
    allowMissing: options.allowMissing,
    findPersonalData: options.command === 'check',
    showValues: options.showValues,
    threads: options.threads,
    onReject: (reject) => rejects.write(reject),
    onProgress: options.onProgress,
    signal: options.signal,
  }
}

export function dialectOf({ bom, escapeFormulas }: WritingOptions): CsvDialect {
  return { bom, escapeFormulas }
}
