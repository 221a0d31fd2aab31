import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { RawTable, SharedDictionary } from '../raw/define.ts'
import type { Header } from './header.ts'
import type { InputFile } from './input-file.ts'
import type { LoadedTable, LoadOptions, OpenTable, Shared, ThreadedLoad } from './load-tables.ts'
import { type PackedTable, type SharedParts, unpackTable } from './packed-table.ts'

/** One table for a thread to read. */
export interface ThreadJob {
  readonly table: RawTable
  readonly file: Omit<InputFile, 'handle'>
  readonly header: Header
}

/** What a thread is to do. */
export interface ThreadTask {
  readonly jobs: readonly ThreadJob[]
  readonly options: Omit<LoadOptions, 'onReject' | 'onProgress' | 'signal' | 'inThreads'>
}

/** What a thread has read. */
export interface ThreadResult {
  readonly tables: readonly PackedTable[]
  readonly shared: SharedParts
}

type ThreadMessage =
  | { readonly progress: { readonly table: string; readonly bytes: number } }
  | { readonly result: ThreadResult }

/** Beside this file, where the program has been built. */
const ENTRY = new URL('./load-worker.js', import.meta.url)
/** Bytes of raw tables, unzipped, from which on threads pay. */
const WORTHWHILE = 64e6
/** What a gzip'd byte becomes, roughly. */
const UNZIPPED = 6

/**
 * Reads the raw tables in worker threads, each of which reads whole files. What each finds is put together
 * as if one had read all: in the order of tables. Whatever goes wrong in a thread is left to be done, and
 * told, without threads.
 *
 * @param threads how many threads there may be
 * @param isAsked whether somebody asked for that many: then threads also read small tables
 */
export function loadInThreads(threads: number, isAsked: boolean): ThreadedLoad {
  return async (opened, shared, options) => {
    const bytes = opened.reduce((sum, { input }) => sum + weight(input), 0)
    if (opened.length < 2 || threads < 2 || !(isAsked || bytes >= WORTHWHILE)) return undefined
    // Filters look at what they left out of earlier tables; hashed ids want the key; a history its ledger.
    if (shared.filters.isActive || shared.encoders.hides || options.ledgerSeed !== undefined) return undefined
    if (options.signal?.aborted === true || !existsSync(fileURLToPath(ENTRY))) return undefined
    const results = await runAll(deal(opened, threads), options)
    return results === undefined ? undefined : putTogether(results, opened, shared, options)
  }
}

function weight({ bytes, isGzip }: InputFile): number {
  return isGzip ? bytes * UNZIPPED : bytes
}

/** The files of each thread: the largest first, each to the thread that has least to do. */
function deal(opened: readonly OpenTable[], threads: number): OpenTable[][] {
  const hands = Array.from({ length: Math.min(threads, opened.length) }, () => ({
    weight: 0,
    files: [] as OpenTable[],
  }))
  for (const one of [...opened].sort((a, b) => weight(b.input) - weight(a.input))) {
    const least = hands.reduce((a, b) => (b.weight < a.weight ? b : a))
    least.weight += weight(one.input)
    least.files.push(one)
  }
  return hands.map(({ files }) => files)
}

/** Undefined as soon as one thread fails. */
async function runAll(
  hands: readonly (readonly OpenTable[])[],
  options: LoadOptions,
): Promise<readonly ThreadResult[] | undefined> {
  const ofBytes = hands.flat().reduce((sum, { input }) => sum + input.bytes, 0)
  const read = new Map<string, number>()
  const onProgress = (table: string, bytes: number) => {
    read.set(table, bytes)
    const sum = [...read.values()].reduce((a, b) => a + b, 0)
    options.onProgress({ table: `${hands.flat().length} tables`, bytes: sum, ofBytes })
  }
  const stop = new AbortController()
  const cancel = () => stop.abort()
  options.signal?.addEventListener('abort', cancel)
  try {
    const results = await Promise.all(
      hands.map((files) => runOne(files, options, onProgress, stop.signal)),
    ).catch(() => undefined)
    return results
  } finally {
    stop.abort()
    options.signal?.removeEventListener('abort', cancel)
  }
}

/** Runs one thread to its end. Rejects if it fails, or is stopped; it has ended by then. */
function runOne(
  files: readonly OpenTable[],
  { onReject: _r, onProgress: _p, signal: _s, inThreads: _t, ...options }: LoadOptions,
  onProgress: (table: string, bytes: number) => void,
  stop: AbortSignal,
): Promise<ThreadResult> {
  const jobs = files.map(
    ({ table, header, input: { handle: _, ...file } }): ThreadJob => ({ table, header, file }),
  )
  return new Promise((resolve, reject) => {
    const task: ThreadTask = { jobs, options }
    const worker = new Worker(ENTRY, { workerData: task })
    const terminate = () => worker.terminate()
    stop.addEventListener('abort', terminate)
    worker.on('message', (message: ThreadMessage) => {
      if ('progress' in message) onProgress(message.progress.table, message.progress.bytes)
      else resolve(message.result)
    })
    worker.on('error', reject)
    worker.on('messageerror', reject)
    worker.on('exit', () => {
      stop.removeEventListener('abort', terminate)
      reject(new Error('the thread ended'))
    })
  })
}

/** One dictionary of each name, rejects in order, and the tables with the codes of these dictionaries. */
function putTogether(
  results: readonly ThreadResult[],
  opened: readonly OpenTable[],
  { encoders }: Shared,
  { onReject }: LoadOptions,
): ReadonlyMap<string, LoadedTable> {
  const dictionaryOf = (name: SharedDictionary) => encoders.shared(name)!.dictionary
  const loaded = new Map<string, LoadedTable>()
  const rejects = new Map<string, PackedTable['rejects']>()
  for (const { tables, shared } of results) {
    const recodings = new Map([...shared].map(([name, parts]) => [name, dictionaryOf(name).absorb(parts)]))
    for (const packed of tables) {
      const { table } = opened.find((one) => one.table.name === packed.name)!
      loaded.set(packed.name, unpackTable(packed, table, dictionaryOf, recodings))
      rejects.set(packed.name, packed.rejects)
    }
  }
  for (const { table } of opened) for (const reject of rejects.get(table.name)!) onReject(reject)
  return loaded
}
