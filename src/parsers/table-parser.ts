import { NumberStore, TextStore } from '../collections/column-store.ts'
import { selectRows } from '../collections/select-rows.ts'
import { NO_CODE } from '../collections/texts/dictionary.ts'
import type { Collection, Vector } from '../collections/vectors.ts'
import { Growing } from '../lib/numbers/growing.ts'
import { shapeOf } from '../lib/texts/shape.ts'
import type { RawTable } from '../raw/define.ts'
import { type Rules, refundColumn, refundSigns } from '../rules/rules.ts'
import { Accounting, type Reject } from './accounting/accounting.ts'
import { cascadeColumns } from './accounting/filter-columns.ts'
import { BatchRow } from './batch/batch-row.ts'
import { BATCH_ROWS, type RecordBatch, type RejectedRecord } from './batch/record-batch.ts'
import type { Encoders } from './keys/encoders.ts'
import { CONFLICTING } from './keys/key-ledger.ts'
import { RowKeys } from './keys/row-keys.ts'
import type { Cascades } from './rows/cascade.ts'
import { GatheredRows } from './rows/gathered-rows.ts'
import { RepeatedRows } from './rows/repeated-rows.ts'
import type { RowFilter, RowFilters } from './rows/row-filter.ts'
import { ACCEPTED, countFates, type RowFacts, RowJudge } from './rows/row-judge.ts'
import type { RowTaker } from './rows/row-taker.ts'
import { RowWorth } from './rows/row-worth.ts'

export interface TableParserOptions {
  readonly table: RawTable
  /** The columns to keep. */
  readonly keep: ReadonlySet<string>
  readonly encoders: Encoders
  readonly filters: RowFilters
  /** Of the run; undefined if the shop leaves no row out. */
  readonly cascades: Cascades | undefined
  readonly rules: Rules
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
  readonly onReject: (reject: Reject) => void
}

/** Where the cells of a kept column go. */
interface ColumnKeeper {
  readonly name: string
  readonly column: number
  readonly store: TextStore | NumberStore
}

/**
 * One raw table on its way from checked records to a typed collection: every record is counted, and kept if
 * it is accepted. Takes batches in file order. Knows no table by name.
 */
export class TableParser implements RowTaker {
  readonly accounting = new Accounting()
  readonly #options: TableParserOptions
  readonly #keepers: readonly ColumnKeeper[]
  readonly #moneyColumns: readonly { readonly name: string; readonly column: number }[]
  readonly #timeColumn: number
  /** Of the amounts that tell refunds from orders; -1 where no row can be a refund. */
  readonly #amountColumn: number
  /** Of the numbers whose signs tell the rows of refunds. */
  readonly #signColumns: readonly number[]
  readonly #owners: readonly { readonly column: number; readonly encoder: TextStore['encoder'] }[]
  readonly #worth: RowWorth | undefined
  readonly #keys: RowKeys
  readonly #judge: RowJudge
  /** Undefined where each batch is judged when it comes. */
  readonly #gathered: GatheredRows | undefined
  /** Where rows are gathered: of money columns and of those whose signs tell refunds, the numbers of all rows. */
  readonly #numbers = new Map<number, Growing<Float64Array>>()
  /** Undefined where repeated keys are compared as a whole, or nobody looks at keys. */
  readonly #repeated: RepeatedRows | undefined
  /** Of the batch at hand. */
  #isKept = new Uint8Array(0)
  #own = new Uint8Array(0)

  constructor(options: TableParserOptions) {
    const { table, encoders, cascades, keep } = options
    this.#options = options
    const columns = Object.keys(table.columns)
    this.#keepers = [...columns.entries()].flatMap(([column, name]) =>
      keep.has(name) ? [{ name, column, store: storeOf(table, name, encoders) }] : [],
    )
    this.#moneyColumns = moneyColumns(table)
    this.#timeColumn = table.time === undefined ? -1 : columns.indexOf(table.time)
    this.#amountColumn = columns.indexOf(refundColumn(table, options.rules) ?? '')
    this.#signColumns = refundSigns(table, options.rules).map((name) => columns.indexOf(name))
    this.#owners =
      cascades === undefined
        ? []
        : cascadeColumns(table, options.rules.filters).map(({ column, dictionary }) => ({
            column: columns.indexOf(column),
            encoder: encoders.shared(dictionary)!,
          }))
    this.#worth = RowWorth.of(table)
    this.#keys = new RowKeys(table, encoders)
    this.#judge = new RowJudge(options)
    this.#gathered = this.#judge.needsAllRows ? new GatheredRows(this.#owners.length) : undefined
    for (const column of [...this.#moneyColumns.map((money) => money.column), ...this.#signColumns])
      this.#numbers.set(column, new Growing(Float64Array))
    const countsKeys = this.#judge.looksAtKeys && this.#keys.encoder === undefined
    const comparesRepeated = countsKeys && !table.comparesDuplicates && this.#gathered === undefined
    this.#repeated = comparesRepeated ? new RepeatedRows(this.#keepers) : undefined
  }

  end(): void {
    if (this.#gathered === undefined) return
    const { facts } = this.#gathered
    this.#judge.judge(facts)
    const { fates } = this.#judge
    countFates(this.accounting, fates, facts.count)
    const acceptedOf = (column: number) =>
      this.#numbers
        .get(column)!
        .values.subarray(0, facts.count)
        .filter((_, row) => fates[row] === ACCEPTED)
    const signs = this.#signColumns.map(acceptedOf)
    for (const { name, column } of this.#moneyColumns)
      this.accounting.noteNegatives(name, acceptedOf(column), this.accounting.accepted, signs)
  }

  /** The accepted rows, in file order. */
  finish(): Collection {
    const columns: Record<string, Vector> = {}
    for (const { name, store } of this.#keepers) columns[name] = store.finish()
    this.accounting.orderNegatives(this.#moneyColumns.map(({ name }) => name))
    const { accepted } = this.accounting
    if (this.#gathered === undefined) return { rowCount: accepted, columns }
    const { count } = this.#gathered.facts
    const rows = new Int32Array(accepted)
    for (let row = 0, to = 0; row < count; row++) if (this.#judge.fates[row] === ACCEPTED) rows[to++] = row
    return accepted === count ? { rowCount: count, columns } : selectRows({ rowCount: count, columns }, rows)
  }

  expect(rows: number): void {
    if (this.#judge.looksAtKeys) this.#keys.expect(rows)
    this.#judge.expect(rows)
    for (const { store } of this.#keepers) store.expect(rows)
  }

  /** The batch is left with the rows that are kept. */
  take(batch: RecordBatch, linesBefore: number, file: string): void {
    noteRead(this.accounting, batch)
    if (this.#worth !== undefined) noteMoney(this.accounting, this.#worth, batch)
    const row = new BatchRow(batch, this.#options.table)
    const facts = this.#factsOf(batch, row)
    if (this.#gathered !== undefined) {
      this.#noteRejects(batch, row, { file, linesBefore }, false)
      this.#gather(batch, facts, this.#gathered)
      return
    }
    const leftOut = this.#judge.judge(facts)
    const { fates } = this.#judge
    this.#noteRejects(batch, row, { file, linesBefore }, leftOut > 0)
    if (leftOut === 0) {
      this.accounting.accepted += batch.count
      this.#repeated?.tookAll(batch.count)
    } else {
      this.#repeated?.take(batch, fates, this.#keys.codes, facts.own)
      countFates(this.accounting, fates, batch.count)
      if (this.#isKept.length < batch.count) this.#isKept = new Uint8Array(batch.count)
      for (let i = 0; i < batch.count; i++) this.#isKept[i] = fates[i] === ACCEPTED ? 1 : 0
      batch.keepOnly(this.#isKept, this.#judge.looksAtKeys ? [this.#keys.codes] : [])
    }
    const signs = this.#signColumns.flatMap((column) => batch.numbers[column] ?? [])
    for (const { name, column } of this.#moneyColumns)
      this.accounting.noteNegatives(name, batch.numbers[column], batch.count, signs)
    this.#keep(batch)
    if (leftOut > 0 && this.#repeated !== undefined)
      this.accounting.differing += this.#repeated.differing(batch.bytes)
  }

  #gather(batch: RecordBatch, facts: RowFacts, gathered: GatheredRows): void {
    gathered.add(facts)
    for (const [column, numbers] of this.#numbers) numbers.append(batch.numbers[column] ?? nulls, batch.count)
    this.#keep(batch)
  }

  #factsOf(batch: RecordBatch, row: BatchRow): RowFacts {
    const filter = this.#options.filters.forTable(this.#options.table, row)
    if (this.#judge.looksAtKeys) this.#keys.lookUp(batch)
    if (filter !== undefined) this.#own = ownReasons(batch, filter, this.#own, row)
    return {
      count: batch.count,
      keys: this.#keys.codes,
      highs: batch.highs,
      lows: batch.lows,
      own: filter === undefined ? undefined : this.#own,
      owners: this.#owners.map(({ column, encoder }) => ownerCodes(batch, column, encoder)),
      times: this.#timeColumn < 0 ? undefined : batch.numbers[this.#timeColumn],
      amounts: this.#amountColumn < 0 ? undefined : batch.numbers[this.#amountColumn],
    }
  }

  /** Tells of rejected records and of conflicting rows, in the order of their lines. */
  #noteRejects(batch: RecordBatch, row: BatchRow, place: BatchPlace, mayConflict: boolean): void {
    const { table, encoders } = this.#options
    let next = 0
    const noteBefore = (count: number) => {
      for (; next < batch.rejected.length && batch.rejected[next]!.row <= count; next++)
        this.#note(
          shownReject(batch.rejected[next]!, table, place, encoders.hides),
          batch.rejected[next]!.cell,
        )
    }
    for (row.row = 0; mayConflict && row.row < batch.count; row.row++) {
      if (this.#judge.fates[row.row] !== CONFLICTING) continue
      noteBefore(row.row)
      if (this.#worth !== undefined) this.accounting.noteConflictingMoney(this.#worth.ofRow(batch, row.row))
      this.#note({
        table: table.name,
        file: place.file,
        line: batch.lines[row.row]! + place.linesBefore,
        column: undefined,
        reason: 'conflicting_duplicate',
        cell: this.#keys.shown(row),
      })
    }
    noteBefore(batch.count)
  }

  #keep(batch: RecordBatch): void {
    for (const { column, store } of this.#keepers) {
      if (store instanceof NumberStore) store.append(batch.numbers[column] ?? nulls, batch.count)
      else if (batch.starts[column] === undefined) store.append({ ...noTexts, count: batch.count })
      else if (
        column === this.#keys.column &&
        this.#judge.looksAtKeys &&
        store.encoder === this.#keys.encoder
      )
        store.appendCodes(this.#keys.codes, batch.count)
      else store.append(batch.texts(column))
    }
  }

  #note(reject: Reject, cell?: string): void {
    this.accounting.note(reject, cell)
    this.#options.onReject(reject)
  }
}

/** Where the records of a batch stand. */
export interface BatchPlace {
  readonly file: string
  /** How many lines of the file come before that from which the batch counts. */
  readonly linesBefore: number
}

/** The cells of a column that the file does not have. */
export const nulls = new Float64Array(BATCH_ROWS).fill(Number.NaN)
export const noTexts = {
  bytes: new Uint8Array(0),
  starts: new Int32Array(BATCH_ROWS),
  ends: new Int32Array(BATCH_ROWS),
  hashes: new Int32Array(BATCH_ROWS),
  kinds: new Uint8Array(BATCH_ROWS),
  numbered: undefined,
}

export function storeOf(table: RawTable, name: string, encoders: Encoders): TextStore | NumberStore {
  const column = table.columns[name]!
  return column.kind === 'id' || column.kind === 'text'
    ? new TextStore(encoders.of(column))
    : new NumberStore(column.kind)
}

/** The money columns of a table whose amounts below 0 are told of, by name and number. */
export function moneyColumns(table: RawTable): { readonly name: string; readonly column: number }[] {
  return Object.entries(table.columns).flatMap(([name, { kind, mayBeNegative }], column) =>
    kind === 'money' && mayBeNegative !== true ? [{ name, column }] : [],
  )
}

/** Counts the records of a batch, and those that are no rows. */
export function noteRead(accounting: Accounting, { read, rejected, leftOut }: RecordBatch): void {
  accounting.read += read
  accounting.rejected += rejected.length
  for (const [reason, records] of leftOut) accounting.noteFiltered(reason, records)
}

/** Counts what the records of a batch are worth, rejected ones too. */
export function noteMoney(accounting: Accounting, worth: RowWorth, batch: RecordBatch): void {
  accounting.noteMoney(worth.ofAll(batch))
  for (const rejected of batch.rejected) accounting.noteRejectedMoney(rejected.worth)
}

/** Why the own cells of each row of a batch leave it out. @param used an array that may be used again */
export function ownReasons(
  batch: RecordBatch,
  filter: RowFilter,
  used: Uint8Array<ArrayBuffer>,
  row: BatchRow,
): Uint8Array<ArrayBuffer> {
  const reasons = used.length < batch.count ? new Uint8Array(batch.count) : used
  for (row.row = 0; row.row < batch.count; row.row++) reasons[row.row] = filter.judge()
  return reasons
}

/** A rejected record as it may be told: where ids are hashed, of a cell only its shape. */
export function shownReject(
  { line, column, target, reason, cell }: RejectedRecord,
  table: RawTable,
  { file, linesBefore }: BatchPlace,
  hides: boolean,
): Reject {
  const told = hides && cell !== undefined ? shapeOf(cell) : cell
  const reject: Reject = { table: table.name, file, line: line + linesBefore, column, reason, cell: told }
  return target === undefined ? reject : { ...reject, target }
}

function ownerCodes(batch: RecordBatch, column: number, encoder: TextStore['encoder']): Int32Array {
  const codes = new Int32Array(batch.count).fill(NO_CODE)
  if (batch.starts[column] !== undefined) encoder.encodeCells(batch.texts(column), codes, 0)
  return codes
}
