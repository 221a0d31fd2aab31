import { figuresOf } from '../../src/checks/table-figures.ts'
import type { Engine, LoadedRun, Verdict } from '../../src/engines/engine.ts'
import { memoryEngine } from '../../src/engines/memory/index.ts'
import type { AggregateTable } from '../../src/tables/aggregate-table.ts'
import type { StreamedTable, TableResult } from '../../src/tables/table-result.ts'
import { csvOf } from './memory-run.ts'

/** Bytes of a piece: fewer than a row, so that rows are cut anywhere. */
const PIECE_BYTES = 7

/**
 * An engine that gives its tables as streams of bytes, as one that computes in a database does. What it
 * computes is the memory engine's; how it comes is not.
 */
export const streamEngine: Engine = {
  name: 'stream',
  async load(options) {
    const run = await memoryEngine.load(options)
    const streamed: LoadedRun = { ...run, aggregate: () => aggregate(run.aggregate()) }
    return streamed
  },
}

async function* aggregate(tables: Generator<AggregateTable, Verdict>): AsyncGenerator<TableResult, Verdict> {
  for (;;) {
    const next = tables.next()
    if (next.done === true) return next.value
    yield streamOf(next.value)
  }
}

/** The same table as a stream. */
export function streamOf(table: AggregateTable): StreamedTable {
  const { name, columns, key, order } = table.definition
  return {
    definition: { name, columns, key, order },
    rowCount: table.rowCount,
    figures: figuresOf(table),
    async *csv(dialect) {
      const bytes = Buffer.from(csvOf(table, dialect), 'utf8')
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        await Promise.resolve()
        yield bytes.subarray(at, at + PIECE_BYTES)
      }
    },
  }
}
