import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { BlockState } from '../../history/state.ts'
import { FileSink } from '../../lib/files/file-sink.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { type CsvDialect, CsvRows, csvHeader } from '../../outputs/csv/write-csv.ts'
import type { WritableTable } from '../../tables/aggregate-table.ts'
import { dateBlocks } from '../../tables/date-blocks.ts'
import type { RunRecord } from '../logs/record.ts'
import { MANIFEST_NAME, type ManifestFile, manifestOf, type SetFacts } from './manifest.ts'
import type { StagedFile } from './publish.ts'

export const OUTPUT_MODE = 0o644

/** A table in the staging folder. */
export interface StagedTable {
  readonly file: ManifestFile
  /** Its rows by date; undefined if it is not ordered by date. */
  readonly blocks: readonly BlockState[] | undefined
}

/** Writes a table into the staging folder and forces it to disk. */
export function stageTable(staging: string, table: WritableTable, dialect: CsvDialect): StagedTable {
  const { name } = table.definition
  const sink = new FileSink(join(staging, `${name}.csv`), OUTPUT_MODE)
  let check = 0
  try {
    sink.write(csvHeader(table.definition, dialect))
    const rows = new CsvRows(table, dialect, (bytes) => {
      check = crc32(bytes, check)
      sink.write(bytes)
    })
    const blocks = dateBlocks(table)?.map(({ day, from, to }): BlockState => {
      const start = sink.bytes
      check = 0
      rows.write(from, to)
      rows.flush()
      return [formatDay(day), to - from, sink.bytes - start, check]
    })
    if (blocks === undefined) rows.write(0, table.rowCount)
    rows.flush()
    const sha256 = sink.finish()
    const file = { table: name, file: `${name}.csv`, rows: table.rowCount, bytes: sink.bytes, sha256 }
    return { file, blocks }
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
