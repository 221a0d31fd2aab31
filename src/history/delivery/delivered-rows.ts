import { NumberStore, type TextStore } from '../../collections/column-store.ts'
import { Dictionary } from '../../collections/texts/dictionary.ts'
import type { TextVector, Vector } from '../../collections/vectors.ts'
import type { Whole } from '../../lib/numbers/exact.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import { KeyHash } from '../../lib/texts/key-hash.ts'
import { Accounting, type Reject } from '../../parsers/accounting/accounting.ts'
import { cascadeColumns } from '../../parsers/accounting/filter-columns.ts'
import { BatchRow } from '../../parsers/batch/batch-row.ts'
import type { RecordBatch } from '../../parsers/batch/record-batch.ts'
import { type CompositeKey, compositeKey } from '../../parsers/keys/composite-key.ts'
import type { Shared } from '../../parsers/load-options.ts'
import type { RowTaker } from '../../parsers/rows/row-taker.ts'
import { RowWorth } from '../../parsers/rows/row-worth.ts'
import {
  noTexts,
  noteMoney,
  noteRead,
  nulls,
  ownReasons,
  shownReject,
  storeOf,
} from '../../parsers/table-parser.ts'
import { joinsByKey, type RawTable } from '../../raw/define.ts'
import { type Rules, refundColumn } from '../../rules/rules.ts'
import { KEY_LANES, type KeptRows, PRINT_LANES } from '../format/kept-rows.ts'

/** The acceptable rows of one raw table as they were delivered, in file order. */
export interface DeliveredRows extends KeptRows {
  /** The physical line where each record starts. */
  readonly lines: Int32Array
  /** The files that they come from, with the number of the first row of each. */
  readonly files: readonly { readonly name: string; readonly from: number }[]
  /** The keys of rows that may be told of as conflicting, where the key is not kept. */
  readonly keyTexts: TextVector | undefined
  /** What a row is worth; undefined where rows are worth nothing by themselves. */
  readonly worthOf: ((row: number) => Whole) | undefined
  /** Rejected records by the day of their time, if that can be read. */
  readonly rejectedByDay: ReadonlyMap<number, number>
}

export interface RowKeeperOptions {
  readonly table: RawTable
  /** The columns that are kept. */
  readonly stored: readonly string[]
  readonly shared: Shared
  readonly rules: Rules
  /** Of the key hashes. */
  readonly seed: number
  readonly onReject: (reject: Reject) => void
}

/**
 * Keeps all acceptable rows of a raw table, whatever they are beside others: a history decides that anew
 * in each run. Of a row that its own cells leave out nothing is kept but what tells it apart.
 */
export class RowKeeper implements RowTaker {
  readonly accounting = new Accounting()
  readonly #options: RowKeeperOptions
  readonly #columns: readonly string[]
  readonly #keepers: readonly { readonly column: number; readonly store: TextStore | NumberStore }[]
  /** Columns that also rows keep which their own cells leave out. */
  readonly #telling: ReadonlySet<number>
  readonly #keyColumn: number
  readonly #hash: KeyHash | undefined
  /** Undefined if the key is one column. */
  readonly #composite: CompositeKey | undefined
  /** Undefined where the key is kept, or its rows are never told of. */
  readonly #keyTexts: Dictionary | undefined
  readonly #keyCodes = new Growing(Int32Array)
  readonly #lines = new Growing(Int32Array)
  readonly #files: { readonly name: string; readonly from: number }[] = []
  readonly #keys = new Growing(Int32Array)
  readonly #prints = new Growing(Int32Array)
  readonly #own = new Growing(Uint8Array)
  readonly #rejectedByDay = new Map<number, number>()
  #reasons = new Uint8Array(0)
  readonly #worth: RowWorth | undefined
  /** Of rows whose own cells leave them out, so that their money is not kept. */
  readonly #worthLeftOut = new Map<number, Whole>()

  constructor(options: RowKeeperOptions) {
    const { table, stored, shared, seed } = options
    this.#options = options
    this.#columns = Object.keys(table.columns)
    const place = (column: string | undefined) => (column === undefined ? -1 : this.#columns.indexOf(column))
    this.#keepers = stored.map((name) => ({
      column: place(name),
      store: storeOf(table, name, shared.encoders),
    }))
    this.#keyColumn = place(table.key)
    const owners = cascadeColumns(table, options.rules.filters).map(({ column }) => column)
    // A refund is told apart by its amount.
    const telling = [table.key, table.time, refundColumn(table, options.rules), ...owners]
    this.#telling = new Set(telling.map(place))
    this.#hash = joinsByKey(table) ? undefined : new KeyHash(seed)
    this.#composite = compositeKey(table, shared.encoders)
    this.#worth = RowWorth.of(table)
    this.#keyTexts = table.comparesDuplicates && !joinsByKey(table) ? new Dictionary() : undefined
  }

  expect(rows: number): void {
    this.#lines.reserve(rows)
    if (this.#hash !== undefined) this.#keys.reserve(rows * KEY_LANES)
    for (const { store } of this.#keepers) store.expect(rows)
  }

  take(batch: RecordBatch, linesBefore: number, file: string): void {
    const { table, shared, onReject } = this.#options
    noteRead(this.accounting, batch)
    for (const rejected of batch.rejected) {
      const reject = shownReject(rejected, table, { file, linesBefore }, shared.encoders.hides)
      this.accounting.note(reject, rejected.cell)
      onReject(reject)
      const { day } = rejected
      if (day !== undefined) this.#rejectedByDay.set(day, (this.#rejectedByDay.get(day) ?? 0) + 1)
    }
    if (this.#worth !== undefined) noteMoney(this.accounting, this.#worth, batch)
    this.#takeKeys(batch)
    this.#filter(batch)
    this.#takePrints(batch)
    for (let row = 0; row < batch.count; row++) batch.lines[row]! += linesBefore
    if (this.#files.at(-1)?.name !== file) this.#files.push({ name: file, from: this.#lines.length })
    this.#lines.append(batch.lines, batch.count)
    for (const { column, store } of this.#keepers) {
      if (store instanceof NumberStore) store.append(batch.numbers[column] ?? nulls, batch.count)
      else if (batch.starts[column] === undefined) store.append({ ...noTexts, count: batch.count })
      else store.append(batch.texts(column))
    }
  }

  end(): void {}

  finish(): DeliveredRows {
    const { table, stored } = this.#options
    const columns = Object.fromEntries(
      this.#keepers.map(({ store }, i): [string, Vector] => [stored[i]!, store.finish()]),
    )
    return {
      table,
      collection: { rowCount: this.#lines.length, columns },
      worthOf: this.#worthOf(columns),
      keys: this.#hash === undefined ? undefined : this.#keys.trim(),
      prints: table.comparesDuplicates ? this.#prints.trim() : undefined,
      own: this.#own.length === 0 ? undefined : this.#own.trim(),
      lines: this.#lines.trim(),
      files: this.#files,
      keyTexts:
        this.#keyTexts === undefined
          ? undefined
          : { codes: this.#keyCodes.trim(), dictionary: this.#keyTexts },
      rejectedByDay: this.#rejectedByDay,
    }
  }

  #worthOf(columns: Readonly<Record<string, Vector>>): DeliveredRows['worthOf'] {
    const { worth: names } = this.#options.table
    const worth = this.#worth
    if (worth === undefined) return undefined
    const numbers = (name: string | undefined) =>
      (name === undefined ? [] : columns[name]) as ArrayLike<number>
    const [amounts, times] = [numbers(names!.amount), numbers(names!.times)]
    const leftOut = this.#worthLeftOut
    return (row) => leftOut.get(row) ?? worth.worth(amounts[row]!, times[row] ?? Number.NaN)
  }

  #filter(batch: RecordBatch): void {
    const { table, shared } = this.#options
    const row = new BatchRow(batch, table)
    const filter = shared.filters.forTable(table, row)
    if (filter === undefined) return
    this.#reasons = ownReasons(batch, filter, this.#reasons, row)
    this.#own.append(this.#reasons, batch.count)
    const worth = this.#worth
    for (let i = 0; worth !== undefined && i < batch.count; i++)
      if (this.#reasons[i] !== 0) this.#worthLeftOut.set(this.#lines.length + i, worth.ofRow(batch, i))
    batch.forgetSame()
    for (const { column } of this.#keepers) {
      if (this.#telling.has(column)) continue
      for (let i = 0; i < batch.count; i++) if (this.#reasons[i] !== 0) batch.erase(column, i)
    }
  }

  #takeKeys(batch: RecordBatch): void {
    const hash = this.#hash
    if (hash === undefined) return
    if (this.#composite !== undefined) {
      this.#takeComposite(batch, hash, this.#composite)
      return
    }
    const { bytes, starts, ends, count } = batch.cells(this.#keyColumn)
    const keys = this.#keys
    keys.reserve(keys.length + count * KEY_LANES)
    for (let row = 0, at = keys.length; row < count; row++) {
      hash.take(bytes, starts[row]!, ends[row]!)
      keys.values[at++] = hash.a
      keys.values[at++] = hash.b
      keys.values[at++] = hash.c
      if (this.#keyTexts !== undefined)
        this.#keyCodes.push(this.#keyTexts.encode(bytes, starts[row]!, ends[row]!))
    }
    keys.length += count * KEY_LANES
  }

  #takeComposite(batch: RecordBatch, hash: KeyHash, key: CompositeKey): void {
    const row = new BatchRow(batch, this.#options.table)
    for (row.row = 0; row.row < batch.count; row.row++) {
      key.take(batch, row.row)
      hash.take(key.bytes, 0, key.end)
      for (const lane of [hash.a, hash.b, hash.c]) this.#keys.push(lane)
      if (this.#keyTexts !== undefined) this.#keyCodes.push(this.#keyTexts.encodeText(key.text(row)))
    }
  }

  #takePrints(batch: RecordBatch): void {
    if (!this.#options.table.comparesDuplicates) return
    const prints = this.#prints
    prints.reserve(prints.length + batch.count * PRINT_LANES)
    for (let row = 0, at = prints.length; row < batch.count; row++) {
      prints.values[at++] = batch.highs[row]!
      prints.values[at++] = batch.lows[row]!
    }
    prints.length += batch.count * PRINT_LANES
  }
}
