import { statSync } from 'node:fs'
import { TEXT_SEED } from '../collections/texts/dictionary.ts'
import { KnownError } from '../lib/errors.ts'
import { wallClockIn } from '../lib/times/time-zone.ts'
import type { RawTable } from '../raw/define.ts'
import { findFiles } from '../sources/files/find-files.ts'
import { globsOf, tableSource } from '../sources/table-source.ts'
import { checkFilterColumns } from './headers/filter-columns.ts'
import { FolderFiles } from './headers/folder-files.ts'
import { type Header, readHeader } from './headers/header.ts'
import { Encoders } from './keys/encoders.ts'
import type { LoadOptions, OpenFile, OpenTable, ReadOptions, Shared, TakerFor } from './load-options.ts'
import type { LoadedTable } from './loaded-table.ts'
import { layoutOf, type ReadTable, readTable } from './read-table.ts'
import { openInputs } from './records/input-file.ts'
import { isPlainBytes, recordFormOf } from './records/record-form.ts'
import { Cascades } from './rows/cascade.ts'
import { RowFilters } from './rows/row-filter.ts'
import type { RowTaker } from './rows/row-taker.ts'
import { NOTHING_FOUND } from './scans/scan-results.ts'
import { TableParser } from './table-parser.ts'
import { type PieceFile, PieceThreads } from './threads/piece-threads.ts'
import type { PieceGroup } from './threads/read-piece.ts'

/**
 * Reads the raw tables of a folder into typed collections that share their dictionaries.
 *
 * @throws KnownError as readTables does
 */
export async function loadTables(options: LoadOptions): Promise<LoadedTable[]> {
  let cascades: Cascades | undefined
  const tables = await readTables(options, (table, { encoders, filters }) => {
    const { rules, since, until, onReject } = options
    if (filters.isActive) cascades ??= new Cascades(rules.filters)
    const keep = options.keep.get(table.name) ?? new Set()
    return new TableParser({ table, keep, encoders, filters, cascades, rules, since, until, onReject })
  })
  return tables.map(({ taker, ...report }) => ({ ...report, collection: taker.finish() }))
}

/**
 * Reads the raw tables of a folder in their order; whoever takes their rows decides what becomes of them.
 *
 * @throws KnownError with every problem of every file, if one cannot be opened or its header is wrong;
 *   later the first of unclosed_quote, text_after_quote (data), gzip_broken (data), read_failed (io),
 *   input_changed (retry), interrupted
 */
export async function readTables<T extends RowTaker>(
  options: ReadOptions,
  takerFor: TakerFor<T>,
): Promise<ReadTable<T>[]> {
  const opened = await openTables(options)
  let threads: PieceThreads | undefined
  try {
    const encoders = new Encoders(options.tables, options.rules.privacy.hashIds, options.hashKey)
    const { filters, negativeOrders, timezone } = options.rules
    const toWallClock = wallClockIn(timezone)
    const shared: Shared = {
      encoders,
      filters: new RowFilters(filters, negativeOrders, encoders),
      toWallClock,
    }
    threads = startThreads(opened, shared, options)
    const read: ReadTable<T>[] = []
    for (const table of options.tables) {
      const open = opened.find((candidate) => candidate.table === table)
      const taker = takerFor(table, shared)
      if (open === undefined) read.push(missingTable(table, taker))
      else read.push(await readTable({ open, shared, options, threads }, taker))
    }
    return read
  } finally {
    await threads?.close()
    await closeAll(opened.flatMap(({ files }) => files))
  }
}

async function closeAll(files: readonly OpenFile[]): Promise<void> {
  await Promise.all(files.map(({ input }) => input.handle.close()))
}

/**
 * Unzipping and decoding go through a file from its start, so that nobody can read pieces of it; nor where a record
 * cannot be judged without those before it.
 */
function isInPieces({ source }: OpenTable, { input, form }: OpenFile): boolean {
  return !input.isGzip && !source.isSequential && isPlainBytes(form)
}

function isSameHeader(one: Header, other: Header): boolean {
  return one.names.length === other.names.length && one.names.every((name, i) => name === other.names[i])
}

function startThreads(
  opened: readonly OpenTable[],
  shared: Shared,
  options: ReadOptions,
): PieceThreads | undefined {
  const { rules, findPersonalData } = options
  const groups: PieceGroup[] = []
  const files: PieceFile[] = []
  for (const open of opened) {
    const { table } = open
    for (const { number, input, header, form } of open.files.filter((file) => isInPieces(open, file))) {
      const isSame = (one: PieceGroup) => one.table === table && isSameHeader(one.header, header)
      let group = groups.findIndex(isSame)
      if (group < 0) {
        const layout = layoutOf(open, header, shared, options)
        group = groups.push({ table, header, layout, rules, form, findPersonalData, seed: TEXT_SEED }) - 1
      }
      files.push({ number, group, fd: input.handle.fd, bytes: input.bytes, headerEnd: header.end })
    }
  }
  return PieceThreads.start(groups, files, options.threads)
}

/** Opens every file and checks every header before anything is read, and names all problems at once. */
async function openTables(options: ReadOptions): Promise<OpenTable[]> {
  checkInputFolder(
    options.folder,
    'a folder with the eight raw CSVs',
    'choose it with --input, or try ecomagg with sample data: ecomagg sample',
  )
  const opened: OpenTable[] = []
  const problems: KnownError[] = []
  const others = new FolderFiles(options.folder, options.tables, options.rules)
  let number = 0
  for (const table of options.tables) {
    const files: OpenFile[] = []
    try {
      const globs = globsOf(options.rules, table.name)
      const inputs = await openInputs(options.folder, findFiles(options.folder, globs), table.name)
      if (inputs.length === 0) {
        if (!mayBeMissing(table, options)) problems.push(await missingFile(options, table, others))
        continue
      }
      const [form, source] = [recordFormOf(options.rules, table.name), tableSource(table, options.rules)]
      for (const input of inputs) {
        try {
          const header = await readHeader({ input, table, all: options.tables, source, form })
          checkFilterColumns(header, input, table, options.rules.filters)
          files.push({ number: number++, input, header, form })
        } catch (error) {
          await input.handle.close()
          if (!(error instanceof KnownError)) throw error
          problems.push(error)
        }
      }
      opened.push({ table, source, files })
    } catch (error) {
      await closeAll(files)
      if (!(error instanceof KnownError)) throw error
      problems.push(error)
    }
  }
  if (problems.length === 0) return opened
  await closeAll(opened.flatMap(({ files }) => files))
  throw problems.length === 1 ? problems[0]! : severalProblems(options.folder, problems)
}

/** Whether a missing file is an empty table. */
function mayBeMissing(table: RawTable, { allowMissing }: ReadOptions): boolean {
  return table.isOptional === true || (allowMissing && table.mayBeMissing)
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

async function missingFile(
  { folder, rules }: ReadOptions,
  table: RawTable,
  others: FolderFiles,
): Promise<KnownError> {
  const globs = globsOf(rules, table.name)
  const file = `${folder}/${globs[0]}`
  return new KnownError('input', 'missing_file', `${file} is missing`, {
    table: table.name,
    file,
    found: 'no such file',
    allowed: globs.join(' or '),
    hint: await others.hintFor(table),
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

function missingTable<T extends RowTaker>(table: RawTable, taker: T): ReadTable<T> {
  taker.end()
  return {
    table,
    files: [],
    accounting: taker.accounting,
    missingColumns: [],
    unknownColumns: [],
    found: NOTHING_FOUND,
    seconds: 0,
    taker,
  }
}
