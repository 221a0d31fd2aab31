import { statSync } from 'node:fs'
import type { Collection } from '../collections/vectors.ts'
import { KnownError } from '../lib/errors.ts'
import type { RawTable } from '../raw/define.ts'
import type { Rules } from '../rules/rules.ts'
import type { Accounting, Reject } from './accounting.ts'
import { Encoders } from './encoders.ts'
import { grammarError, type Header, readHeader } from './header.ts'
import { checkUnchanged, DiskHash, type InputFile, openInput, readChunks } from './input-file.ts'
import type { LoadProgress } from './load-progress.ts'
import { type PersonalDataCount, PersonalDataScan } from './personal-data.ts'
import { RecordReader } from './record-reader.ts'
import { GrammarFault } from './record-scanner.ts'
import { RowFilters } from './row-filter.ts'
import type { LedgerRows } from './row-ledger.ts'
import { TableParser } from './table-parser.ts'

export interface LoadOptions {
  readonly folder: string
  readonly tables: readonly RawTable[]
  /** The columns to keep of each table. */
  readonly keep: ReadonlyMap<string, ReadonlySet<string>>
  readonly rules: Rules
  /** The key that ids are hashed with, if the rules say so. */
  readonly hashKey: Uint8Array | undefined
  readonly since: number | undefined
  readonly until: number | undefined
  readonly allowMissing: boolean
  /** Look for what seems to be personal data; takes time. */
  readonly findPersonalData: boolean
  /** Where a history of days is kept: the seed of its key hashes. Filtered rows are then kept, too. */
  readonly ledgerSeed?: number | undefined
  /** Reads the files in several threads, if it can; asked once all are open. */
  readonly inThreads?: ThreadedLoad | undefined
  readonly onReject: (reject: Reject) => void
  readonly onProgress: (progress: LoadProgress) => void
  readonly signal: AbortSignal | undefined
}

/** One raw table that has been read. */
export interface LoadedTable {
  readonly table: RawTable
  /** The file read, with the bytes it has on disk; undefined if it was missing and may be. */
  readonly file: { readonly path: string; readonly bytes: number; readonly sha256: string } | undefined
  readonly accounting: Accounting
  readonly missingColumns: readonly string[]
  readonly unknownColumns: readonly string[]
  /** Empty unless it was looked for. */
  readonly personalData: readonly PersonalDataCount[]
  readonly seconds: number
  readonly collection: Collection
  /** Beside each row of the collection, if it was asked for. */
  readonly ledger: LedgerRows | undefined
}

/**
 * Reads all opened files at once, with the rejects in the order of tables and rows.
 *
 * @returns the tables by name; undefined if that did not go without trouble, and nothing has been done
 */
export type ThreadedLoad = (
  opened: readonly OpenTable[],
  shared: Shared,
  options: LoadOptions,
) => Promise<ReadonlyMap<string, LoadedTable> | undefined>

/** What the tables of one run have in common. */
export interface Shared {
  readonly encoders: Encoders
  readonly filters: RowFilters
}

/** A raw table whose file has been opened. */
export interface OpenTable {
  readonly table: RawTable
  readonly input: InputFile
  readonly header: Header
}

/**
 * Reads the raw tables of a folder into typed collections that share their dictionaries.
 *
 * @throws KnownError with every problem of every file, if one cannot be opened or its header is wrong;
 *   later the first of unclosed_quote, text_after_quote (data), gzip_broken (data), read_failed (io),
 *   input_changed (retry), interrupted
 */
export async function loadTables(options: LoadOptions): Promise<LoadedTable[]> {
  const opened = await openTables(options)
  try {
    const encoders = new Encoders(options.tables, options.rules.privacy.hashIds, options.hashKey)
    const shared: Shared = { encoders, filters: new RowFilters(options.rules.filters, encoders) }
    const inThreads = await options.inThreads?.(opened, shared, options)
    const loaded: LoadedTable[] = []
    for (const table of options.tables) {
      const open = opened.find((candidate) => candidate.table === table)
      if (open === undefined) loaded.push(emptyTable(table, shared, options))
      else loaded.push(inThreads?.get(table.name) ?? (await loadTable(open, shared, options)))
    }
    return loaded
  } finally {
    await Promise.all(opened.map(({ input }) => input.handle.close()))
  }
}

/** Opens every file and checks every header before anything is read, and names all problems at once. */
async function openTables(options: LoadOptions): Promise<OpenTable[]> {
  checkInputFolder(
    options.folder,
    'a folder with the eight raw CSVs',
    'choose it with --input, or try ecomagg with sample data: ecomagg sample',
  )
  const opened: OpenTable[] = []
  const problems: KnownError[] = []
  for (const table of options.tables) {
    try {
      const input = await openInput(options.folder, table.name)
      if (input === undefined) {
        if (!(options.allowMissing && table.mayBeMissing)) problems.push(missingFile(options.folder, table))
        continue
      }
      try {
        opened.push({ table, input, header: await readHeader(input, table, options.tables) })
      } catch (error) {
        await input.handle.close()
        throw error
      }
    } catch (error) {
      if (!(error instanceof KnownError)) throw error
      problems.push(error)
    }
  }
  if (problems.length === 0) return opened
  await Promise.all(opened.map(({ input }) => input.handle.close()))
  throw problems.length === 1 ? problems[0]! : severalProblems(options.folder, problems)
}

/** @throws KnownError missing_folder (input) */
export function checkInputFolder(folder: string, allowed: string, hint: string): void {
  const status = statSync(folder, { throwIfNoEntry: false })
  if (status?.isDirectory() === true) return
  const found = status === undefined ? 'no such folder' : 'not a folder'
  throw new KnownError('input', 'missing_folder', `the input folder ${folder} cannot be used: ${found}`, {
    file: folder,
    found,
    allowed,
    hint,
  })
}

function missingFile(folder: string, table: RawTable): KnownError {
  const file = `${folder}/${table.name}.csv`
  return new KnownError('input', 'missing_file', `${file} is missing`, {
    table: table.name,
    file,
    found: 'no such file',
    allowed: `${table.name}.csv or ${table.name}.csv.gz`,
    hint: table.mayBeMissing
      ? 'export it, choose the folder with --input, or treat missing tables as empty with --allow-missing'
      : 'export it, or choose the folder with --input; this table can never be missing',
  })
}

/** One error for all: its kind is that of the gravest, a file that is missing or cannot be opened. */
function severalProblems(folder: string, problems: readonly KnownError[]): KnownError {
  const gravest = problems.find(({ failure }) => failure === 'input') ?? problems[0]!
  const list = problems.map(({ message }) => message).join('; ')
  return new KnownError(
    gravest.failure,
    'input_problems',
    `${problems.length} problems in ${folder}: ${list}`,
    {
      file: folder,
      ...(gravest.hint === undefined ? {} : { hint: gravest.hint }),
      problems,
    },
  )
}

function parserFor(table: RawTable, header: Header, shared: Shared, options: LoadOptions): TableParser {
  const { rules, since, until, onReject } = options
  const personalData = options.findPersonalData ? new PersonalDataScan(header.names) : undefined
  const keep = options.keep.get(table.name) ?? new Set()
  const { ledgerSeed } = options
  return new TableParser({
    table,
    header,
    keep,
    ...shared,
    personalData,
    rules,
    since,
    until,
    onReject,
    ledgerSeed,
  })
}

function emptyTable(table: RawTable, shared: Shared, options: LoadOptions): LoadedTable {
  const positions = new Int32Array(Object.keys(table.columns).length).fill(-1)
  const header: Header = { names: [], fieldCount: 0, positions, missing: [], unknown: [] }
  const parser = parserFor(table, header, shared, options)
  return {
    table,
    file: undefined,
    accounting: parser.accounting,
    missingColumns: [],
    unknownColumns: [],
    personalData: [],
    seconds: 0,
    ...parser.finish(),
  }
}

/** Fewest bytes of a row that are counted on: room must not be made for rows that will hardly come. */
const LEAST_ROW_BYTES = 64

/** How many rows a file should have, a few more than by its first bytes. */
function rowsExpected(rows: number, ofBytes: number, { bytes }: InputFile): number {
  return Math.ceil(Math.min((rows / ofBytes) * bytes * 1.03, bytes / LEAST_ROW_BYTES))
}

/** Reads one table. @throws KnownError as loadTables does */
export async function loadTable(
  { table, input, header }: OpenTable,
  shared: Shared,
  options: LoadOptions,
): Promise<LoadedTable> {
  const started = performance.now()
  const parser = parserFor(table, header, shared, options)
  const reader = new RecordReader(header.fieldCount, parser)
  const hash = new DiskHash()
  let isExpected = false
  const report = (bytes: number) => options.onProgress({ table: table.name, bytes, ofBytes: input.bytes })
  try {
    for await (const chunk of readChunks(input, table.name, report, hash)) {
      options.signal?.throwIfAborted()
      reader.push(chunk)
      if (!isExpected && !input.isGzip)
        parser.expect(rowsExpected(parser.accounting.read, chunk.length, input))
      isExpected = true
    }
    reader.finish()
  } catch (error) {
    // What was read of a file that changed meanwhile proves nothing against it.
    if (error instanceof GrammarFault || (error as KnownError).failure === 'data')
      await checkUnchanged(input, table.name)
    throw error instanceof GrammarFault ? grammarError(error, input, table) : error
  }
  return {
    table,
    file: { path: input.path, bytes: input.bytes, sha256: await hash.finish(input, table.name) },
    accounting: parser.accounting,
    missingColumns: header.missing,
    unknownColumns: header.unknown,
    personalData: parser.personalData?.results() ?? [],
    seconds: (performance.now() - started) / 1000,
    ...parser.finish(),
  }
}
