import { isUtf8 } from 'node:buffer'
import { NumberStore, TextStore } from '../collections/column-store.ts'
import { KeySet } from '../collections/key-set.ts'
import type { Collection, Vector } from '../collections/vectors.ts'
import { shapeOf } from '../lib/shape.ts'
import { dayOf } from '../lib/wall-clock.ts'
import { joinsByKey, type RawTable } from '../raw/define.ts'
import { dedupes, type Rules } from '../rules/rules.ts'
import { Accounting, type RecordReason, type Reject } from './accounting.ts'
import { decodeRecord } from './decode-record.ts'
import type { Encoders } from './encoders.ts'
import type { Header } from './header.ts'
import { KeyLedger } from './key-ledger.ts'
import type { PersonalDataScan } from './personal-data.ts'
import { RecordCells } from './record-cells.ts'
import { MAX_RECORD_BYTES, type RecordHandler } from './record-reader.ts'
import type { RecordScanner } from './record-scanner.ts'
import type { RowFilter, RowFilters } from './row-filter.ts'
import { FILTERED, fateOf, type LedgerRows, LIVE, RowLedger } from './row-ledger.ts'

export interface TableParserOptions {
  readonly table: RawTable
  readonly header: Header
  /** The columns to keep; all declared ones are checked. */
  readonly keep: ReadonlySet<string>
  readonly encoders: Encoders
  readonly filters: RowFilters
  readonly rules: Rules
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
  readonly onReject: (reject: Reject) => void
  /** Looks at every record that can be split, if it is there. */
  readonly personalData: PersonalDataScan | undefined
  /**
   * Where a history of days is kept: the seed of its key hashes. Filtered rows are then kept, too, those
   * filtered by their own cells with nothing but key and time.
   */
  readonly ledgerSeed: number | undefined
}

/** Where the cells of a column go. */
interface ColumnKeeper {
  readonly isMoney: boolean
  readonly name: string
  readonly texts: TextStore | undefined
  readonly numbers: NumberStore | undefined
}

/**
 * One raw table on its way from records to a typed collection: every record is checked, counted, and kept
 * if it is accepted. Knows no table by name.
 */
export class TableParser implements RecordHandler {
  readonly accounting = new Accounting()
  readonly #options: TableParserOptions
  readonly #cells: RecordCells
  readonly #keepers: readonly ColumnKeeper[]
  /** The numbers of the plans whose cells are kept, or counted if they are negative. */
  readonly #keptPlans: Int32Array
  readonly #keyPlan: number
  readonly #timePlan: number
  /** Undefined where every row counts, whatever its key. */
  readonly #keys: KeyLedger | undefined
  readonly #filter: RowFilter | undefined
  readonly #ledger: RowLedger | undefined
  #sawHeader = false

  constructor(options: TableParserOptions) {
    const { table, header, encoders, filters, rules } = options
    this.#options = options
    this.#cells = new RecordCells(table, header, rules, (column) => isOfUse(column, options))
    this.#keepers = columnKeepers(options)
    this.#keptPlans = Int32Array.from(this.#keepers.keys()).filter((plan) => isKept(this.#keepers[plan]!))
    this.#keyPlan = this.#cells.indexOf(table.key)
    this.#timePlan = this.#cells.indexOf(table.time)
    const keyEncoder = encoders.shared(table.columns[table.key]!.dictionary) ?? new KeySet()
    this.#keys = dedupes(rules, table.name)
      ? new KeyLedger(this.#cells, this.#keyPlan, keyEncoder, table.comparesDuplicates)
      : undefined
    this.#filter = filters.forTable(table, this.#cells)
    const { ledgerSeed } = options
    this.#ledger =
      ledgerSeed === undefined ? undefined : new RowLedger(joinsByKey(table) ? undefined : ledgerSeed)
  }

  get personalData(): PersonalDataScan | undefined {
    return this.#options.personalData
  }

  /** The accepted rows, in file order; with a ledger the filtered ones among them. */
  finish(): { readonly collection: Collection; readonly ledger: LedgerRows | undefined } {
    const columns: Record<string, Vector> = {}
    for (const { name, texts, numbers } of this.#keepers) {
      const store = texts ?? numbers
      if (store !== undefined) columns[name] = store.finish()
    }
    const ledger = this.#ledger?.finish()
    return { collection: { rowCount: ledger?.fates.length ?? this.accounting.accepted, columns }, ledger }
  }

  /** Makes room for that many rows in all. */
  expect(rows: number): void {
    this.#keys?.expect(rows)
    for (const { texts, numbers } of this.#keepers) (texts ?? numbers)?.expect(rows)
  }

  oversized(line: number): boolean {
    this.accounting.read++
    this.#rejectRecord('record_too_long', line)
    return true
  }

  record(bytes: Uint8Array, start: number, scanner: RecordScanner, line: number): boolean {
    if (!this.#sawHeader) {
      this.#sawHeader = true
      return true
    }
    this.accounting.read++
    const end = scanner.recordEnd
    if (end - start > MAX_RECORD_BYTES) this.#rejectRecord('record_too_long', line)
    else if (scanner.hasNul) this.#rejectRecord('nul_byte', line)
    else if (scanner.hasHigh && !isUtf8(bytes.subarray(start, end))) this.#rejectRecord('invalid_utf8', line)
    else if (scanner.hasStrayQuote || scanner.hasDoubledQuote) this.#decoded(bytes.subarray(start, end), line)
    else this.#fields(bytes, scanner.starts, scanner.ends, scanner.fieldCount, line)
    return true
  }

  /** A record that is not plainly split: csv-parse decides what its fields are. */
  #decoded(record: Uint8Array, line: number): void {
    const fields = decodeRecord(Buffer.from(record).toString('utf8'))
    if (fields === undefined) {
      this.#rejectRecord('quote_in_unquoted_cell', line)
      return
    }
    const bytes = Buffer.from(fields.join(''), 'utf8')
    const starts = new Int32Array(fields.length)
    const ends = new Int32Array(fields.length)
    for (let i = 0, at = 0; i < fields.length; i++) {
      starts[i] = at
      at += Buffer.byteLength(fields[i]!, 'utf8')
      ends[i] = at
    }
    this.#fields(bytes, starts, ends, fields.length, line)
  }

  /** SPEC section 1: rejected, duplicate, outside range, filtered, accepted, checked in this order. */
  #fields(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number, line: number): void {
    const { header, table, personalData } = this.#options
    personalData?.record(bytes, starts, ends, count)
    if (count !== header.fieldCount) {
      this.#rejectRecord(count < header.fieldCount ? 'too_few_fields' : 'too_many_fields', line)
      return
    }
    const fault = this.#cells.read(bytes, starts, ends)
    if (fault !== undefined) {
      const cell = this.#options.encoders.hides ? shapeOf(fault.cell) : fault.cell
      this.accounting.rejected++
      this.#note({ table: table.name, line, ...fault, cell })
      return
    }
    if (this.#keys !== undefined && this.#isDuplicate(this.#keys, line)) return
    // Asked outside the range, too: what belongs to this row may lie within it.
    const filtered = this.#filter?.judge()
    if (this.#isOutsideRange()) this.accounting.outside_range++
    else if (filtered !== undefined) {
      this.accounting.noteFiltered(filtered)
      if (this.#ledger !== undefined)
        this.#keepFiltered(this.#filter?.isLeftOutByItself() === true ? FILTERED : fateOf(filtered), line)
    } else {
      this.accounting.accepted++
      this.#keep(line)
    }
  }

  #isDuplicate(keys: KeyLedger, line: number): boolean {
    const verdict = keys.take()
    if (verdict === 'new') return false
    this.accounting.duplicate++
    if (verdict === 'conflicting') {
      this.accounting.conflicting++
      const { table } = this.#options
      const cell = this.#shownKey()
      this.#note({ table: table.name, line, column: undefined, reason: 'conflicting_duplicate', cell })
    }
    return true
  }

  /**
   * The key of the row at hand as it may be shown: its hash, if it is hashed. Where others are, only its
   * shape: under the wrong column it may be one of them.
   */
  #shownKey(): string {
    const { table, encoders } = this.#options
    const { dictionary } = table.columns[table.key]!
    if (!encoders.isHashed(dictionary)) {
      const key = this.#cells.text(this.#keyPlan)
      return encoders.hides ? shapeOf(key) : key
    }
    const encoder = encoders.shared(dictionary)!
    const { bytes, starts, ends } = this.#cells
    return encoder.dictionary.text(encoder.encode(bytes, starts[this.#keyPlan]!, ends[this.#keyPlan]!))
  }

  #isOutsideRange(): boolean {
    const { since, until } = this.#options
    if (this.#timePlan < 0 || (since === undefined && until === undefined)) return false
    const day = dayOf(this.#cells.numbers[this.#timePlan]!)
    return (since !== undefined && day < since) || (until !== undefined && day > until)
  }

  #keep(line: number): void {
    const { starts, ends, numbers } = this.#cells
    const kept = this.#keptPlans
    for (let next = 0; next < kept.length; next++) {
      const i = kept[next]!
      const keeper = this.#keepers[i]!
      const value = numbers[i]!
      if (value < 0 && keeper.isMoney) this.accounting.noteNegative(keeper.name, value)
      this.#push(i, starts[i] === ends[i])
    }
    this.#enter(LIVE, line)
  }

  /** Of a row that its own cells filtered nothing is kept but what tells it apart. */
  #keepFiltered(fate: number, line: number): void {
    const { starts, ends } = this.#cells
    for (let i = 0; i < this.#keepers.length; i++) {
      const isBare = fate === FILTERED && i !== this.#keyPlan && i !== this.#timePlan
      this.#push(i, isBare || starts[i] === ends[i])
    }
    this.#enter(fate, line)
  }

  #push(plan: number, isNull: boolean): void {
    const { texts, numbers } = this.#keepers[plan]!
    const { bytes, starts, ends } = this.#cells
    if (texts === undefined) numbers?.push(isNull ? Number.NaN : this.#cells.numbers[plan]!)
    else if (isNull) texts.pushNull()
    else texts.push(bytes, starts[plan]!, ends[plan]!)
  }

  #enter(fate: number, line: number): void {
    const { bytes, starts, ends } = this.#cells
    this.#ledger?.take(fate, line, bytes, starts[this.#keyPlan]!, ends[this.#keyPlan]!)
  }

  #rejectRecord(reason: RecordReason, line: number): void {
    this.accounting.rejected++
    this.#note({ table: this.#options.table.name, line, column: undefined, reason, cell: undefined })
  }

  #note(reject: Reject): void {
    this.accounting.note(reject)
    this.#options.onReject(reject)
  }
}

/** Whether anybody looks at the cells of a text column that may be null. */
function isOfUse(column: string, { table, keep }: TableParserOptions): boolean {
  const { dictionary, role } = table.columns[column]!
  return keep.has(column) || table.comparesDuplicates || dictionary !== undefined || role !== undefined
}

function isKept({ isMoney, texts, numbers }: ColumnKeeper): boolean {
  return isMoney || texts !== undefined || numbers !== undefined
}

/** In the order of the declared columns, as the cells of a record are. */
function columnKeepers({ table, keep, encoders }: TableParserOptions): ColumnKeeper[] {
  return Object.entries(table.columns).map(([name, column]) => {
    const { kind } = column
    const isMoney = kind === 'money'
    if (!keep.has(name)) return { name, isMoney, texts: undefined, numbers: undefined }
    return kind === 'id' || kind === 'text'
      ? { name, isMoney, texts: new TextStore(encoders.of(column)), numbers: undefined }
      : { name, isMoney, texts: undefined, numbers: new NumberStore(kind) }
  })
}
