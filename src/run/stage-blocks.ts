import { dirname, join } from 'node:path'
import type { ComputedTable } from '../engines/incremental/compute.ts'
import type { BlockState } from '../history/state.ts'
import { FileSink } from '../lib/file-sink.ts'
import { formatDay, parseDay } from '../lib/wall-clock.ts'
import { type CsvDialect, CsvRows, csvHeader } from '../tables/write-csv.ts'
import { otherVersion } from './history-folder.ts'
import type { ManifestFile } from './manifest.ts'
import { OldCsv } from './old-csv.ts'
import { OUTPUT_MODE } from './stage.ts'

/** A table that was written date by date. */
export interface StagedBlocks {
  readonly file: ManifestFile
  readonly blocks: BlockState[]
  /** The dates whose bytes differ from what was published, or that came or went. */
  readonly changed: number[]
}

/** The published CSV that dates are taken over from. */
export interface PublishedBlocks {
  readonly path: string
  readonly file: ManifestFile
  readonly blocks: readonly BlockState[]
}

/**
 * Writes a table into the staging folder: the rows of some dates as computed, those of all others as they
 * were published.
 *
 * @throws KnownError set_not_whole (data) if the published file is not what its manifest says;
 *   history_version (data) if it has other columns
 */
export function stageBlocks(
  staging: string,
  { table, dates }: ComputedTable,
  dialect: CsvDialect,
  published: PublishedBlocks | undefined,
): StagedBlocks {
  const { name } = table.definition
  const { replaced, blocks: computed, remains } = dates!
  const sink = new FileSink(join(staging, `${name}.csv`), OUTPUT_MODE)
  const old = published === undefined ? undefined : new OldCsv(published.path, published.file)
  try {
    const header = csvHeader(table.definition, dialect)
    sink.write(header)
    if (old !== undefined && !old.take(header.length).equals(header))
      throw otherVersion(dirname(published!.path), `other columns in ${name}.csv`)
    const rows = new RowRenderer(table, dialect)
    const before = new Map(published?.blocks.map((block) => [parseDay(block.date)!, block]))
    const after = new Map(computed.map((block) => [block.day, block]))
    const days = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)
    const blocks: BlockState[] = []
    const changed: number[] = []
    for (const day of days) {
      const was = before.get(day)
      if (was !== undefined && remains(day)) {
        old!.copy(was.bytes, (bytes) => sink.write(bytes))
        blocks.push(was)
        continue
      }
      const block = replaced.has(day) ? after.get(day) : undefined
      const bytes = block === undefined ? Buffer.alloc(0) : rows.render(block.from, block.to)
      const oldBytes = was === undefined ? undefined : old!.take(was.bytes)
      if (oldBytes === undefined || !oldBytes.equals(bytes)) changed.push(day)
      if (block === undefined) continue
      sink.write(bytes)
      const { from, to, sides } = block
      blocks.push({ date: formatDay(day), rows: to - from, bytes: bytes.length, sides: { ...sides } })
    }
    old?.finish()
    const sha256 = sink.finish()
    const count = blocks.reduce((sum, block) => sum + block.rows, 0)
    return {
      file: { table: name, file: `${name}.csv`, rows: count, bytes: sink.bytes, sha256 },
      blocks,
      changed,
    }
  } finally {
    old?.close()
    sink.close()
  }
}

/** Renders rows of one table, some at a time. */
class RowRenderer {
  #chunks: Buffer[] = []
  readonly #rows: CsvRows

  constructor(table: ComputedTable['table'], dialect: CsvDialect) {
    this.#rows = new CsvRows(table, dialect, (bytes) => this.#chunks.push(Buffer.from(bytes)))
  }

  render(from: number, to: number): Buffer {
    this.#chunks = []
    this.#rows.write(from, to)
    this.#rows.flush()
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
  }
}
