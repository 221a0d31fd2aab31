import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { BlockState } from '../../history/state.ts'
import { KnownError } from '../../lib/errors.ts'
import { FileSink } from '../../lib/files/file-sink.ts'
import { formatDay } from '../../lib/times/wall-clock.ts'
import { setForm } from '../../outputs/index.ts'
import { RecordCount } from '../../parsers/records/record-count.ts'
import type { WritableTable } from '../../tables/aggregate-table.ts'
import { dateColumn } from '../../tables/date-blocks.ts'
import type { CsvDialect, StreamedTable } from '../../tables/table-result.ts'
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
  const file = setForm.fileOf(table.definition.name)
  const sink = new FileSink(join(staging, file), OUTPUT_MODE)
  const isDated = dateColumn(table.definition) !== undefined
  const blocks: BlockState[] = []
  let start: number | undefined
  let check = 0
  const write = (bytes: Uint8Array) => {
    // The header comes first, and is of no date.
    if (start !== undefined) check = crc32(bytes, check)
    sink.write(bytes)
    start ??= sink.bytes
  }
  try {
    setForm.writeRows(table, dialect, write, ({ day, from, to }) => {
      blocks.push([formatDay(day), to - from, sink.bytes - start!, check])
      start = sink.bytes
      check = 0
    })
    return { file: manifestFile(table, file, sink), blocks: isDated ? blocks : undefined }
  } finally {
    sink.close()
  }
}

/**
 * Writes a table that comes as the bytes of its CSV into the staging folder and forces it to disk.
 *
 * @throws KnownError stream_rows_disagree (internal) if it is not as many records as the engine says
 */
export async function stageStream(
  staging: string,
  table: StreamedTable,
  dialect: CsvDialect,
): Promise<StagedTable> {
  const file = setForm.fileOf(table.definition.name)
  const sink = new FileSink(join(staging, file), OUTPUT_MODE)
  const records = new RecordCount()
  try {
    await setForm.writeStream(table, dialect, (bytes) => {
      records.push(bytes)
      sink.write(bytes)
    })
    const rows = records.finish() - 1
    if (rows !== table.rowCount) throw rowsDisagree(table, rows)
    return { file: manifestFile(table, file, sink), blocks: undefined }
  } finally {
    sink.close()
  }
}

function manifestFile(
  {
    definition,
    rowCount,
  }: Pick<WritableTable, 'rowCount'> & { readonly definition: { readonly name: string } },
  file: string,
  sink: FileSink,
): ManifestFile {
  const sha256 = sink.finish()
  return { table: definition.name, file, rows: rowCount, bytes: sink.bytes, sha256 }
}

function rowsDisagree({ definition, rowCount }: StreamedTable, found: number): KnownError {
  const message = `${definition.name} came as ${found} rows, where ${rowCount} were announced`
  return new KnownError('internal', 'stream_rows_disagree', message, {
    table: definition.name,
    found: String(found),
    allowed: String(rowCount),
    hint: 'this is a fault of ecomagg, nothing was published: please report it with the run record',
  })
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
