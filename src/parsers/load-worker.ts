// The entry of a thread that reads raw tables.
import { parentPort, workerData } from 'node:worker_threads'
import type { SharedDictionary } from '../raw/define.ts'
import type { Reject } from './accounting.ts'
import { Encoders } from './encoders.ts'
import { openAgain } from './input-file.ts'
import type { ThreadResult, ThreadTask } from './load-in-threads.ts'
import { loadTable } from './load-tables.ts'
import { buffersOf, type PackedTable, packTable } from './packed-table.ts'
import { RowFilters } from './row-filter.ts'

/** Most rejects that a thread keeps, by a rough measure of their bytes. */
const MOST_REJECTS = 64 << 20
const REJECT_BYTES = 200

/** Reads the tables of a task, one after the other. @throws whatever stands against one of them */
async function readTables({
  jobs,
  options,
}: ThreadTask): Promise<ThreadResult & { memory: ArrayBufferLike[] }> {
  const encoders = new Encoders(options.tables, [], undefined)
  const shared = { encoders, filters: new RowFilters(options.rules.filters, encoders) }
  const tables: PackedTable[] = []
  let room = MOST_REJECTS
  for (const { table, file, header } of jobs) {
    const rejects: Reject[] = []
    const onReject = (reject: Reject) => {
      rejects.push(reject)
      room -= REJECT_BYTES + (reject.cell?.length ?? 0)
      if (room < 0) throw new Error('too many rejects to keep')
    }
    const onProgress = ({ bytes }: { readonly bytes: number }) =>
      parentPort?.postMessage({ progress: { table: table.name, bytes } })
    const input = await openAgain(file, table.name)
    try {
      const limits = { ...options, onReject, onProgress, signal: undefined }
      tables.push(packTable(await loadTable({ table, input, header }, shared, limits), rejects))
    } finally {
      await input.handle.close()
    }
  }
  const names = new Set(
    options.tables.flatMap(({ columns }) => Object.values(columns)).map((one) => one.dictionary),
  )
  const known = [...names].filter((name): name is SharedDictionary => name !== undefined)
  const parts = new Map(known.map((name) => [name, encoders.shared(name)!.dictionary.parts()]))
  return { tables, shared: parts, memory: buffersOf(tables, parts) }
}

const { memory, ...result } = await readTables(workerData as ThreadTask)
parentPort?.postMessage({ result }, memory as ArrayBuffer[])
