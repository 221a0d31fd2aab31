import { dayOf } from '../../lib/times/wall-clock.ts'
import type { RawTable } from '../../raw/define.ts'
import { dedupes, keepsLast, type Rules } from '../../rules/rules.ts'
import { type Accounting, NOT_FILTERED, reasonOfNumber } from '../accounting/accounting.ts'
import { CONFLICTING, IDENTICAL, KeyLedger, NEW_KEY } from '../keys/key-ledger.ts'
import { RefundKeys, refundsApart } from '../keys/refund-keys.ts'
import type { Cascades, TableCascade } from './cascade.ts'

/** What became of an acceptable row, beside IDENTICAL and CONFLICTING. */
export const ACCEPTED = NEW_KEY
const OUTSIDE_RANGE = 3
/** And the number of the reason. */
const FILTERED = 16

/** What must be known of acceptable rows of one table to judge them, row by row. */
export interface RowFacts {
  readonly count: number
  /** The codes of their keys; of no use where every row counts, whatever its key. */
  readonly keys: Int32Array
  /** The halves of their fingerprints, where a repeated key is compared. */
  readonly highs: Int32Array
  readonly lows: Int32Array
  /** Why their own cells leave them out, as numbers of reasons; undefined if they leave none out. */
  readonly own: Uint8Array | undefined
  /** By cascade column: the codes of the rows to which they belong. Empty unless the shop filters rows. */
  readonly owners: readonly Int32Array[]
  /** Wall-clock times; undefined where the table has none. */
  readonly times: Float64Array | undefined
  /** The amounts that tell refunds from orders; undefined where no row can be a refund. */
  readonly amounts: Float64Array | undefined
}

export interface RowJudgeOptions {
  readonly table: RawTable
  readonly rules: Rules
  /** Of the run; undefined if the shop leaves no row out. */
  readonly cascades: Cascades | undefined
  /** First and last day that count, inclusive. */
  readonly since: number | undefined
  readonly until: number | undefined
}

/**
 * Decides what each acceptable row of one table is beside all others, whatever brought the rows
 * (SPEC section 1: duplicate, outside range, filtered, accepted, in this order). Knows no table by name.
 */
export class RowJudge {
  /** Of the rows judged last: ACCEPTED, IDENTICAL, CONFLICTING, or something else that is left out. */
  fates = new Uint8Array(0)
  /** Undefined where every row counts, whatever its key. */
  readonly #keys: KeyLedger | undefined
  readonly #refunds: KeyLedger
  readonly #refundKeys = new RefundKeys()
  readonly #keepsLast: boolean
  readonly #cascade: TableCascade | undefined
  readonly #since: number
  readonly #until: number
  readonly #hasRange: boolean

  constructor({ table, rules, cascades, since, until }: RowJudgeOptions) {
    this.#keys = dedupes(rules, table.name) ? new KeyLedger(table.comparesDuplicates) : undefined
    this.#refunds = new KeyLedger(table.comparesDuplicates)
    this.#keepsLast = this.#keys !== undefined && keepsLast(rules, table.name)
    this.#cascade = cascades?.forTable(table)
    this.#since = since ?? Number.NEGATIVE_INFINITY
    this.#until = until ?? Number.POSITIVE_INFINITY
    this.#hasRange = table.time !== undefined && (since !== undefined || until !== undefined)
  }

  /** Whether it looks at keys at all. */
  get looksAtKeys(): boolean {
    return this.#keys !== undefined
  }

  /** Whether all rows of the table must be judged at once: any row may stand aside for a later one. */
  get needsAllRows(): boolean {
    return this.#keepsLast
  }

  /** Makes room for that many rows in all. */
  expect(rows: number): void {
    this.#keys?.expect(rows)
  }

  /** Judges the next rows, in the order that decides which duplicate stays. @returns how many are left out */
  judge(rows: RowFacts): number {
    const { count } = rows
    if (this.fates.length < count) this.fates = new Uint8Array(count)
    const { fates } = this
    let leftOut = 0
    if (this.#keys === undefined) fates.fill(ACCEPTED, 0, count)
    else leftOut = this.#judgeKeys(this.#keys, rows)
    const mayBeFiltered = this.#cascade !== undefined && (rows.own !== undefined || rows.owners.length > 0)
    if (!mayBeFiltered && !this.#hasRange) return leftOut
    for (let row = 0; row < count; row++) {
      if (fates[row] !== ACCEPTED) continue
      // Asked outside the range, too: what belongs to this row may lie within it.
      const reason = mayBeFiltered
        ? this.#cascade!.judge(rows.own?.[row] ?? NOT_FILTERED, rows.owners, row, rows.keys[row]!)
        : NOT_FILTERED
      if (this.#isOutside(rows.times, row)) fates[row] = OUTSIDE_RANGE
      else if (reason !== NOT_FILTERED) fates[row] = FILTERED + reason
      else continue
      leftOut++
    }
    return leftOut
  }

  #judgeKeys(ledger: KeyLedger, rows: RowFacts): number {
    const { count, keys, highs, lows, times, amounts } = rows
    const { refunds, others } = amounts === undefined ? NONE : refundsApart(amounts, count)
    if (refunds.length === 0) return this.#judgeBy(ledger, count, keys, highs, lows, this.fates)
    const numbers = refunds.map((row) => this.#refundKeys.numberOf(keys[row]!, times![row]!, amounts![row]!))
    const ofOthers = others.map((row) => keys[row]!)
    return (
      this.#judgeSome(ledger, others, ofOthers, rows) + this.#judgeSome(this.#refunds, refunds, numbers, rows)
    )
  }

  /** Judges some of the rows. @param keys of each of these */
  #judgeSome(ledger: KeyLedger, places: Int32Array, keys: Int32Array, { highs, lows }: RowFacts): number {
    const fates = new Uint8Array(places.length)
    const of = (values: Int32Array) => (values.length === 0 ? values : places.map((row) => values[row]!))
    const repeated = this.#judgeBy(ledger, places.length, keys, of(highs), of(lows), fates)
    for (let i = 0; i < places.length; i++) this.fates[places[i]!] = fates[i]!
    return repeated
  }

  #judgeBy(
    ledger: KeyLedger,
    count: number,
    keys: Int32Array,
    highs: Int32Array,
    lows: Int32Array,
    fates: Uint8Array,
  ): number {
    return this.#keepsLast
      ? ledger.judgeLast(count, keys, fates)
      : ledger.judge(count, keys, highs, lows, fates)
  }

  #isOutside(times: Float64Array | undefined, row: number): boolean {
    if (!this.#hasRange) return false
    const day = dayOf(times![row]!)
    return day < this.#since || day > this.#until
  }
}

const NONE = { refunds: new Int32Array(0), others: new Int32Array(0) }

/** Counts rows by what became of them. */
export function countFates(accounting: Accounting, fates: Uint8Array, count: number): void {
  let accepted = 0
  for (let row = 0; row < count; row++) {
    if (fates[row] === ACCEPTED) accepted++
    else countLeftOut(accounting, fates[row]!)
  }
  accounting.accepted += accepted
}

/** Counts a row that was not accepted. */
export function countLeftOut(accounting: Accounting, fate: number): void {
  if (fate === IDENTICAL) accounting.duplicate++
  else if (fate === CONFLICTING) {
    accounting.duplicate++
    accounting.conflicting++
  } else if (fate === OUTSIDE_RANGE) accounting.outside_range++
  else accounting.noteFiltered(reasonOfNumber(fate - FILTERED))
}
