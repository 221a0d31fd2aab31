import { setImmediate as nextTurn } from 'node:timers/promises'
import { arrayOfKind } from '../collections/column-store.ts'
import { Dictionary } from '../collections/texts/dictionary.ts'
import { TextPool } from '../collections/texts/text-pool.ts'
import type { TextVector, Vector } from '../collections/vectors.ts'
import { Accounting, NOT_FILTERED } from '../parsers/accounting/accounting.ts'
import { cascadeColumns } from '../parsers/accounting/filter-columns.ts'
import { IDENTICAL } from '../parsers/keys/key-ledger.ts'
import type { LoadedTable } from '../parsers/loaded-table.ts'
import { Cascades } from '../parsers/rows/cascade.ts'
import { ACCEPTED, countFates, RowJudge } from '../parsers/rows/row-judge.ts'
import { NOTHING_FOUND } from '../parsers/scans/scan-results.ts'
import { moneyColumns } from '../parsers/table-parser.ts'
import { joinsByKey, type RawTable } from '../raw/define.ts'
import { filtersRows } from '../rules/filters.ts'
import { keepsLast, type Rules, refundColumn, refundSigns } from '../rules/rules.ts'
import type { DayReader } from './format/day-reader.ts'
import { KEY_LANES, PRINT_LANES } from './format/kept-rows.ts'
import { numberKeys } from './hashed-keys.ts'
import type { Piece } from './state.ts'
import { type HistoryStore, reusedMemory } from './store.ts'

/** The kept rows of one day; undefined of those without dates. */
export interface DayPiece {
  readonly day: number | undefined
  readonly piece: Piece
}

export interface LoadKeptOptions {
  /** In the order in which rows of one hang on those of another. */
  readonly tables: readonly RawTable[]
  /** The columns to fill of each table; all of them must be stored. */
  readonly keep: ReadonlyMap<string, ReadonlySet<string>>
  readonly rules: Rules
  readonly store: HistoryStore
  /** Ascending. */
  readonly days: readonly DayPiece[]
  readonly undated: DayPiece
  /** Told what became of each kept row of a table and day; the array is valid only during the call. */
  readonly onJudged: (table: RawTable, day: number | undefined, fates: Uint8Array) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Fills typed collections from kept rows. Rows stand in the order of (day, place in the delivery of that
 * day); what each is beside others (a repeated key, filtered) is decided as for rows of raw files.
 *
 * @throws HistoryDamage if the history is not what was written
 */
export async function loadKept(options: LoadKeptOptions): Promise<LoadedTable[]> {
  const { tables, store, days, undated, signal } = options
  // What was read is copied out of it before anything else is read.
  const memory = reusedMemory()
  const pools = textPools(tables)
  const [withoutDates, ...readers] = [undated, ...days].map(({ day, piece }) => {
    const reader = store.open(day, piece, memory)
    for (const pool of pools) pool.take(reader)
    reader.forgetTexts()
    return reader
  }) as [DayReader, ...DayReader[]]
  const dictionaries = new Map(pools.map((pool) => [pool.name, pool.finish()]))
  const { filters } = options.rules
  const cascades = filtersRows(filters) ? new Cascades(filters) : undefined
  const loaded: LoadedTable[] = []
  for (const table of tables) {
    const of = table.time === undefined ? [withoutDates] : readers
    const filler = new TableFiller(table, of, dictionaries, cascades, options)
    for (const [i, reader] of of.entries()) {
      filler.read(reader)
      // Signals are heard now and then.
      if (i % 32 === 0) await nextTurn()
      signal?.throwIfAborted()
    }
    loaded.push(filler.finish())
  }
  return loaded
}

/** One for each dictionary that tables share. */
function textPools(tables: readonly RawTable[]): DayTextPool[] {
  const names = tables.flatMap(({ columns }) =>
    Object.values(columns).flatMap(({ dictionary }) => dictionary ?? []),
  )
  return [...new Set(names)].map((name) => new DayTextPool(name))
}

/** The texts that all days have in one dictionary. */
class DayTextPool {
  readonly name: string
  readonly #pool = new TextPool()
  readonly #readers: DayReader[] = []

  constructor(name: string) {
    this.name = name
  }

  take(reader: DayReader): void {
    const texts = reader.texts(this.name)
    if (texts === undefined) return
    this.#pool.add(texts.lengths, texts.bytes)
    this.#readers.push(reader)
  }

  finish(): Dictionary {
    const { dictionary, codes } = this.#pool.finish()
    for (const [i, reader] of this.#readers.entries()) reader.setCodes(this.name, codes[i]!)
    return dictionary
  }
}

/** One raw table on its way from kept days to a typed collection. */
class TableFiller {
  readonly #table: RawTable
  readonly #options: LoadKeptOptions
  readonly #columns: Readonly<Record<string, Vector>>
  readonly #money: readonly string[]
  /** Of the numbers whose signs tell the rows of refunds. */
  readonly #signs: readonly string[]
  readonly #owners: readonly string[]
  /** All columns that are read of each day. */
  readonly #read: readonly string[]
  readonly #judge: RowJudge
  /** KEY_LANES numbers a row; empty where the key is a column, or nobody looks at keys. */
  readonly #keys: Int32Array
  /** Empty where repeated keys are not compared. */
  readonly #highs: Int32Array
  readonly #lows: Int32Array
  #own: Uint8Array | undefined
  readonly #days: { readonly day: number | undefined; readonly from: number; readonly to: number }[] = []
  readonly #total: number
  #rows = 0

  constructor(
    table: RawTable,
    readers: readonly DayReader[],
    dictionaries: ReadonlyMap<string, Dictionary>,
    cascades: Cascades | undefined,
    options: LoadKeptOptions,
  ) {
    this.#table = table
    this.#options = options
    const total = readers.reduce((sum, reader) => sum + reader.rowCount(table.name), 0)
    this.#money = moneyColumns(table).map(({ name }) => name)
    const { filters } = options.rules
    this.#owners = cascades === undefined ? [] : cascadeColumns(table, filters).map(({ column }) => column)
    const keep = options.keep.get(table.name) ?? new Set()
    const key = joinsByKey(table) ? [table.key] : []
    this.#signs = refundSigns(table, options.rules)
    const time = refundColumn(table, options.rules) === undefined ? [] : [table.time!]
    this.#read = [...new Set([...keep, ...key, ...this.#owners, ...this.#money, ...this.#signs, ...time])]
    this.#columns = Object.fromEntries(
      this.#read.map((column) => [column, emptyVector(table, column, total, dictionaries)]),
    )
    this.#judge = new RowJudge({
      table,
      rules: options.rules,
      cascades,
      since: undefined,
      until: undefined,
    })
    this.#total = total
    const isHashed = this.#judge.looksAtKeys && !joinsByKey(table)
    this.#keys = new Int32Array(isHashed ? total * KEY_LANES : 0)
    this.#highs = new Int32Array(table.comparesDuplicates ? total : 0)
    this.#lows = new Int32Array(table.comparesDuplicates ? total : 0)
    this.#judge.expect(total)
  }

  read(reader: DayReader): void {
    const count = reader.rowCount(this.#table.name)
    if (count === 0) return
    const rows = reader.table(this.#table, this.#read)
    const from = this.#rows
    for (const [column, vector] of Object.entries(this.#columns)) {
      if ('codes' in vector) rows.codes(column, vector.dictionary, vector.codes, from)
      else rows.numbers(column, vector, from)
    }
    if (this.#keys.length > 0) this.#keys.set(rows.keys, from * KEY_LANES)
    if (this.#highs.length > 0) this.#takePrints(rows.prints, from)
    const { own } = rows
    if (own !== undefined) {
      this.#own ??= new Uint8Array(this.#total)
      this.#own.set(own, from)
    }
    this.#rows += count
    this.#days.push({ day: reader.day, from, to: this.#rows })
  }

  /** Judges all rows that were read. */
  finish(): LoadedTable {
    const { keep, onJudged } = this.#options
    const amounts = refundColumn(this.#table, this.#options.rules)
    const keyCodes = this.#keyCodes()
    const leftOut = this.#judge.judge({
      count: this.#total,
      keys: keyCodes,
      highs: this.#highs,
      lows: this.#lows,
      own: this.#own,
      owners: this.#owners.map((column) => (this.#columns[column] as TextVector).codes),
      times: amounts === undefined ? undefined : (this.#columns[this.#table.time!] as Float64Array),
      amounts: amounts === undefined ? undefined : (this.#columns[amounts] as Float64Array),
    })
    const { fates } = this.#judge
    for (const { day, from, to } of this.#days) onJudged(this.#table, day, fates.subarray(from, to))
    const accounting = new Accounting()
    accounting.read = this.#total
    countFates(accounting, fates, this.#total)
    // Where the last row of a key counts, those before it are expected to differ.
    const mayTellOfThem = !this.#table.comparesDuplicates && !keepsLast(this.#options.rules, this.#table.name)
    if (mayTellOfThem && accounting.duplicate > 0)
      accounting.differing = this.#countDiffering(keyCodes, fates)
    const rowCount = this.#total - leftOut
    if (leftOut > 0) for (const vector of Object.values(this.#columns)) closeUp(vector, fates, this.#total)
    const signs = this.#signs.map((column) => this.#columns[column] as Float64Array)
    for (const column of this.#money)
      accounting.noteNegatives(column, this.#columns[column] as Float64Array, rowCount, signs)
    const kept = Object.entries(this.#columns)
      .filter(([column]) => keep.get(this.#table.name)?.has(column) === true)
      .map(([column, vector]) => [column, firstOf(vector, rowCount)] as const)
    return {
      table: this.#table,
      files: [],
      accounting,
      missingColumns: [],
      unknownColumns: [],
      found: NOTHING_FOUND,
      seconds: 0,
      collection: { rowCount, columns: Object.fromEntries(kept) },
    }
  }

  /** As many as a plain run would find: duplicates that differ from an accepted row in what is kept of both. */
  #countDiffering(keys: Int32Array, fates: Uint8Array): number {
    const keep = this.#options.keep.get(this.#table.name)
    const columns = Object.entries(this.#columns)
      .filter(([name]) => keep?.has(name) === true)
      .map(([, vector]) => ('codes' in vector ? vector.codes : vector))
    const acceptedRow = new Map<number, number>()
    const repeated: number[] = []
    const isRepeated = new Set<number>()
    for (let row = 0; row < this.#total; row++)
      if (fates[row] === IDENTICAL) {
        repeated.push(row)
        isRepeated.add(keys[row]!)
      }
    for (let row = 0; row < this.#total; row++)
      if (fates[row] === ACCEPTED && isRepeated.has(keys[row]!)) acceptedRow.set(keys[row]!, row)
    let count = 0
    for (const row of repeated) {
      const first = acceptedRow.get(keys[row]!)
      if (first === undefined) continue
      // What leaves one row out and not the other is a cell of theirs, of which nothing is kept.
      const isLeftOut = this.#own !== undefined && this.#own[row] !== NOT_FILTERED
      if (isLeftOut || columns.some((values) => !isSame(values[row]!, values[first]!))) count++
    }
    return count
  }

  #keyCodes(): Int32Array {
    if (joinsByKey(this.#table)) return (this.#columns[this.#table.key] as TextVector).codes
    return this.#judge.looksAtKeys ? numberKeys(this.#keys) : this.#keys
  }

  #takePrints(prints: Int32Array, from: number): void {
    for (let row = 0; row * PRINT_LANES < prints.length; row++) {
      this.#highs[from + row] = prints[row * PRINT_LANES]!
      this.#lows[from + row] = prints[row * PRINT_LANES + 1]!
    }
  }
}

/** A null may be NaN. */
function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}

/** Closes the gaps that rows leave which do not count. */
function closeUp(vector: Vector, fates: Uint8Array, count: number): void {
  const values = 'codes' in vector ? vector.codes : vector
  let to = 0
  for (let row = 0; row < count; row++) if (fates[row] === ACCEPTED) values[to++] = values[row]!
}

function emptyVector(
  table: RawTable,
  column: string,
  rows: number,
  dictionaries: ReadonlyMap<string, Dictionary>,
): Vector {
  const { kind, dictionary } = table.columns[column]!
  if (kind !== 'id' && kind !== 'text') return arrayOfKind(kind, rows)
  const known = dictionary === undefined ? new Dictionary() : dictionaries.get(dictionary)!
  return { codes: new Int32Array(rows), dictionary: known }
}

/** The first rows of a column; memory that is hardly larger is not copied for them. */
function firstOf(vector: Vector, rows: number): Vector {
  if ('codes' in vector) return { ...vector, codes: firstValues(vector.codes, rows) }
  return firstValues(vector, rows)
}

function firstValues<A extends Float64Array | Int32Array | Int8Array>(values: A, rows: number): A {
  if (values.length === rows) return values
  return (values.length - rows <= rows / 16 ? values.subarray(0, rows) : values.slice(0, rows)) as A
}
