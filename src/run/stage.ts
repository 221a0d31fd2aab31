import { join } from 'node:path'
import { FileSink } from '../lib/file-sink.ts'
import type { WritableTable } from '../tables/aggregate-table.ts'
import { type CsvDialect, writeCsv } from '../tables/write-csv.ts'
import { MANIFEST_NAME, type ManifestFile, manifestOf, type SetFacts } from './manifest.ts'
import type { StagedFile } from './publish.ts'
import type { RunRecord } from './record.ts'

export const OUTPUT_MODE = 0o644

/** Writes a table into the staging folder and forces it to disk. */
export function stageTable(staging: string, table: WritableTable, dialect: CsvDialect): ManifestFile {
  const { name } = table.definition
  const sink = new FileSink(join(staging, `${name}.csv`), OUTPUT_MODE)
  try {
    writeCsv(table, dialect, (bytes) => sink.write(bytes))
    const sha256 = sink.finish()
    return { table: name, file: `${name}.csv`, rows: table.rowCount, bytes: sink.bytes, sha256 }
  } finally {
    sink.close()
  }
}

/** Writes the manifest of a run into the staging folder and forces it to disk. */
export function stageManifest(staging: string, record: RunRecord, facts: SetFacts): StagedFile {
  const sink = new FileSink(join(staging, MANIFEST_NAME), OUTPUT_MODE)
  try {
    sink.write(Buffer.from(`${JSON.stringify(manifestOf(record, facts), null, 2)}\n`, 'utf8'))
    return { name: MANIFEST_NAME, sha256: sink.finish(), bytes: sink.bytes }
  } finally {
    sink.close()
  }
}

export function stagedFile({ file, bytes, sha256 }: ManifestFile): StagedFile {
  return { name: file, bytes, sha256 }
}
