import { NumberStore, TextStore } from '../collections/column-store.ts'
import { KeySet } from '../collections/key-set.ts'
import type { Collection, Vector } from '../collections/vectors.ts'
import { shapeOf } from '../lib/shape.ts'
import { dayOf } from '../lib/wall-clock.ts'
import { joinsByKey, type RawTable } from '../raw/define.ts'
import { dedupes, type Rules } from '../rules/rules.ts'
import { Accounting, type Reject } from './accounting.ts'
import { BatchRow } from './batch-row.ts'
import type { Encoders } from './encoders.ts'
import { CONFLICTING, KeyLedger, NEW_KEY } from './key-ledger.ts'
import { BATCH_ROWS, type RecordBatch, type RejectedRecord } from './record-batch.ts'
import type { RowFilter, RowFilters } from './row-filter.ts'
import { FILTERED, fateOf, type LedgerRows, LIVE, RowLedger } from './row-ledger.ts'

export interface TableParserOptions {
  readonly table: RawTable
  /** The columns to keep. */
  readonly keep: ReadonlySet<string>
  readonly encoders: Encoders
  readonly filters: RowFilters
  readonly rules: Rules
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
  readonly onReject: (reject: Reject) => void
  /**
   * Where a history of days is kept: the seed of its key hashes. Filtered rows are then kept, too, those
   * filtered by their own cells with nothing but key and time.
   */
  readonly ledgerSeed: number | undefined
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
export class TableParser {
  readonly accounting = new Accounting()
  readonly #options: TableParserOptions
  readonly #keepers: readonly ColumnKeeper[]
  readonly #moneyColumns: readonly { readonly name: string; readonly column: number }[]
  readonly #keyColumn: number
  readonly #timeColumn: number
  readonly #keyEncoder: TextStore['encoder'] | undefined
  /** Undefined where every row counts, whatever its key. */
  readonly #keys: KeyLedger | undefined
  readonly #ledger: RowLedger | undefined
  /** Of the batch at hand, by row: what is kept of it, if it is kept. */
  #isKept = new Uint8Array(0)
  #fates = new Uint8Array(0)

  constructor(options: TableParserOptions) {
    const { table, encoders, rules, ledgerSeed, keep } = options
    this.#options = options
    const columns = Object.keys(table.columns)
    this.#keepers = [...columns.entries()].flatMap(([column, name]) =>
      keep.has(name) ? [{ name, column, store: storeOf(table, name, encoders) }] : [],
    )
    this.#moneyColumns = [...columns.entries()].flatMap(([column, name]) =>
      table.columns[name]!.kind === 'money' ? [{ name, column }] : [],
    )
    this.#keyColumn = columns.indexOf(table.key)
    this.#timeColumn = table.time === undefined ? -1 : columns.indexOf(table.time)
    this.#keyEncoder = encoders.shared(table.columns[table.key]!.dictionary)
    this.#keys = dedupes(rules, table.name)
      ? new KeyLedger(this.#keyColumn, this.#keyEncoder ?? new KeySet(), table.comparesDuplicates)
      : undefined
    this.#ledger =
      ledgerSeed === undefined ? undefined : new RowLedger(joinsByKey(table) ? undefined : ledgerSeed)
  }

  /** The accepted rows, in file order; with a ledger the filtered ones among them. */
  finish(): { readonly collection: Collection; readonly ledger: LedgerRows | undefined } {
    const columns: Record<string, Vector> = {}
    for (const { name, store } of this.#keepers) columns[name] = store.finish()
    this.accounting.orderNegatives(this.#moneyColumns.map(({ name }) => name))
    const ledger = this.#ledger?.finish()
    return { collection: { rowCount: ledger?.fates.length ?? this.accounting.accepted, columns }, ledger }
  }

  /** Makes room for that many rows in all. */
  expect(rows: number): void {
    this.#keys?.expect(rows)
    for (const { store } of this.#keepers) store.expect(rows)
  }

  /**
   * Takes the next records of the file; the batch is left without the rows that are not kept.
   * SPEC section 1: rejected, duplicate, outside range, filtered, accepted, decided in this order.
   *
   * @param linesBefore how many lines come before that from which the batch counts
   */
  take(batch: RecordBatch, linesBefore: number): void {
    this.accounting.read += batch.read
    this.accounting.rejected += batch.rejected.length
    const row = new BatchRow(batch, this.#options.table)
    const repeated = this.#keys?.judge(batch) ?? 0
    this.#noteRejects(batch, row, linesBefore, repeated)
    const filter = this.#options.filters.forTable(this.#options.table, row)
    if (this.#fates.length < batch.count) {
      this.#fates = new Uint8Array(batch.count)
      this.#isKept = new Uint8Array(batch.count)
    }
    this.#fates.fill(LIVE, 0, batch.count)
    if (repeated > 0 || filter !== undefined || this.#hasRange) this.#leaveOut(batch, row, filter, repeated)
    else this.accounting.accepted += batch.count
    this.#keep(batch, linesBefore)
  }

  /** Tells of rejected records and of conflicting rows, in the order of their lines. */
  #noteRejects(batch: RecordBatch, row: BatchRow, linesBefore: number, repeated: number): void {
    const { table, encoders } = this.#options
    let next = 0
    const noteBefore = (count: number) => {
      for (; next < batch.rejected.length && batch.rejected[next]!.row <= count; next++)
        this.#note(shown(batch.rejected[next]!, table, linesBefore, encoders.hides))
    }
    if (repeated > 0) {
      const { verdicts } = this.#keys!
      this.accounting.duplicate += repeated
      for (row.row = 0; row.row < batch.count; row.row++) {
        if (verdicts[row.row] !== CONFLICTING) continue
        noteBefore(row.row)
        this.accounting.conflicting++
        const line = batch.lines[row.row]! + linesBefore
        const reason = 'conflicting_duplicate'
        this.#note({ table: table.name, line, column: undefined, reason, cell: this.#shownKey(row) })
      }
    }
    noteBefore(batch.count)
  }

  /**
   * The key of a row as it may be shown: its hash, if it is hashed. Where others are, only its shape: under
   * the wrong column it may be one of them.
   */
  #shownKey(row: BatchRow): string {
    const { table, encoders } = this.#options
    if (!encoders.isHashed(table.columns[table.key]!.dictionary)) {
      const key = row.text(this.#keyColumn)
      return encoders.hides ? shapeOf(key) : key
    }
    return this.#keyEncoder!.dictionary.text(this.#keys!.codes[row.row]!)
  }

  get #hasRange(): boolean {
    const { since, until } = this.#options
    return this.#timeColumn >= 0 && (since !== undefined || until !== undefined)
  }

  #leaveOut(batch: RecordBatch, row: BatchRow, filter: RowFilter | undefined, repeated: number): void {
    const isKept = this.#isKept
    const fates = this.#fates
    for (let i = 0; i < batch.count; i++) {
      row.row = i
      isKept[i] = 0
      if (repeated > 0 && this.#keys!.verdicts[i] !== NEW_KEY) continue
      // Asked outside the range, too: what belongs to this row may lie within it.
      const filtered = filter?.judge()
      if (this.#isOutsideRange(batch, i)) this.accounting.outside_range++
      else if (filtered === undefined) {
        this.accounting.accepted++
        isKept[i] = 1
      } else {
        this.accounting.noteFiltered(filtered)
        if (this.#ledger === undefined) continue
        isKept[i] = 1
        fates[i] = filter?.isLeftOutByItself() === true ? FILTERED : fateOf(filtered)
      }
    }
    batch.keepOnly(isKept, this.#keys === undefined ? [fates] : [fates, this.#keys.codes])
  }

  #isOutsideRange(batch: RecordBatch, row: number): boolean {
    if (!this.#hasRange) return false
    const { since, until } = this.#options
    const day = dayOf(batch.numbers[this.#timeColumn]![row]!)
    return (since !== undefined && day < since) || (until !== undefined && day > until)
  }

  #keep(batch: RecordBatch, linesBefore: number): void {
    for (const { name, column } of this.#moneyColumns) this.#noteNegatives(name, batch.numbers[column], batch)
    if (this.#ledger !== undefined) this.#enter(this.#ledger, batch, linesBefore)
    for (const { column, store } of this.#keepers) {
      if (store instanceof NumberStore) store.append(batch.numbers[column] ?? nulls, batch.count)
      else if (batch.starts[column] === undefined) store.append({ ...noTexts, count: batch.count })
      else if (column === this.#keyColumn && this.#keys !== undefined && store.encoder === this.#keyEncoder)
        store.appendCodes(this.#keys.codes, batch.count)
      else store.append(batch.texts(column))
    }
  }

  /** Of the rows that count. */
  #noteNegatives(name: string, amounts: Float64Array | undefined, batch: RecordBatch): void {
    if (amounts === undefined) return
    for (let row = 0; row < batch.count; row++)
      if (amounts[row]! < 0 && this.#fates[row] === LIVE) this.accounting.noteNegative(name, amounts[row]!)
  }

  /** Of a row that its own cells filtered nothing is kept but what tells it apart. */
  #enter(ledger: RowLedger, batch: RecordBatch, linesBefore: number): void {
    const { bytes, starts, ends } = batch.cells(this.#keyColumn)
    for (let row = 0; row < batch.count; row++) {
      const fate = this.#fates[row]!
      ledger.take(fate, batch.lines[row]! + linesBefore, bytes, starts[row]!, ends[row]!)
      if (fate !== FILTERED) continue
      for (const { column } of this.#keepers)
        if (column !== this.#keyColumn && column !== this.#timeColumn) batch.erase(column, row)
    }
  }

  #note(reject: Reject): void {
    this.accounting.note(reject)
    this.#options.onReject(reject)
  }
}

/** The cells of a column that the file does not have. */
const nulls = new Float64Array(BATCH_ROWS).fill(Number.NaN)
const noTexts = {
  bytes: new Uint8Array(0),
  starts: new Int32Array(BATCH_ROWS),
  ends: new Int32Array(BATCH_ROWS),
  hashes: new Int32Array(BATCH_ROWS),
  kinds: new Uint8Array(BATCH_ROWS),
  numbered: undefined,
}

function storeOf(table: RawTable, name: string, encoders: Encoders): TextStore | NumberStore {
  const column = table.columns[name]!
  return column.kind === 'id' || column.kind === 'text'
    ? new TextStore(encoders.of(column))
    : new NumberStore(column.kind)
}

/** A rejected record as it may be told: where ids are hashed, of a cell only its shape. */
function shown(
  { line, column, reason, cell }: RejectedRecord,
  table: RawTable,
  linesBefore: number,
  hides: boolean,
): Reject {
  const told = hides && cell !== undefined ? shapeOf(cell) : cell
  return { table: table.name, line: line + linesBefore, column, reason, cell: told }
}
