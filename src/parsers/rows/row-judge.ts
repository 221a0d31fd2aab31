import { dayOf } from '../../lib/times/wall-clock.ts'
import type { RawTable } from '../../raw/define.ts'
import { dedupes, keepsLast, type Rules } from '../../rules/rules.ts'
import { type Accounting, NOT_FILTERED, reasonOfNumber } from '../accounting/accounting.ts'
import { CONFLICTING, IDENTICAL, KeyLedger, NEW_KEY } from '../keys/key-ledger.ts'
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
  readonly #keepsLast: boolean
  readonly #cascade: TableCascade | undefined
  readonly #since: number
  readonly #until: number
  readonly #hasRange: boolean

  constructor({ table, rules, cascades, since, until }: RowJudgeOptions) {
    this.#keys = dedupes(rules, table.name) ? new KeyLedger(table.comparesDuplicates) : undefined
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
    else if (this.#keepsLast) leftOut = this.#keys.judgeLast(count, rows.keys, fates)
    else leftOut = this.#keys.judge(count, rows.keys, rows.highs, rows.lows, fates)
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

  #isOutside(times: Float64Array | undefined, row: number): boolean {
    if (!this.#hasRange) return false
    const day = dayOf(times![row]!)
    return day < this.#since || day > this.#until
  }
}

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
