import { add, quotient, type Whole } from '../../lib/numbers/exact.ts'
import type { CellReason } from '../../raw/kinds.ts'
import { CellSamples } from './cell-samples.ts'

/**
 * Why a filter of the shop leaves a row out: by its own cells, or because it belongs to a row that is left
 * out. Histories on disk hold their numbers: new ones come last.
 */
const FILTER_REASONS = [
  'user',
  'session',
  'ip',
  'path',
  'order_amount',
  'of_filtered_session',
  'of_filtered_order',
  'of_filtered_user',
  'column',
  'where',
  'one_row_per',
  'after_end',
] as const
export type FilterReason = (typeof FILTER_REASONS)[number]

/** In the place of the number of a reason. */
export const NOT_FILTERED = 0

/** The number of a reason, from 1. */
export function numberOfReason(reason: FilterReason): number {
  return FILTER_REASONS.indexOf(reason) + 1
}

export function reasonOfNumber(number: number): FilterReason {
  return FILTER_REASONS[number - 1]!
}

/** Why a whole record is rejected, whatever its cells. */
export type RecordReason =
  | 'too_few_fields'
  | 'too_many_fields'
  | 'quote_in_unquoted_cell'
  | 'invalid_utf8'
  | 'nul_byte'
  | 'record_too_long'

/** Why a cell is rejected that is made from others. */
export type MappingReason = 'unknown_currency' | 'cell_too_long'

export type RejectReason =
  | RecordReason
  | CellReason
  | MappingReason
  | 'required_cell_empty'
  | 'conflicting_duplicate'

/** A rejected or conflicting row, as it goes to rejects.csv. */
export interface Reject {
  readonly table: string
  /** The source file, relative to the input folder. */
  readonly file: string
  /** The physical line of the file where the record starts. */
  readonly line: number
  /** As the file names it. */
  readonly column: string | undefined
  /** The declared column, if the file names it otherwise. */
  readonly target?: string | undefined
  readonly reason: RejectReason
  readonly cell: string | undefined
}

/** How often a reason was met in a column, with the first example. */
export interface ReasonCount {
  readonly reason: RejectReason
  readonly column: string | undefined
  /** The declared column; undefined if all of the record is meant. */
  readonly target: string | undefined
  count: number
  readonly example: { readonly file: string; readonly line: number; readonly cell: string | undefined }
  /** Of cells that are there and not acceptable. */
  readonly samples: CellSamples
}

/** Negative amounts of a money column among the accepted rows. */
export interface NegativeAmounts {
  count: number
  /** Their sum in ten-thousandths. */
  sum: Whole
}

/**
 * What became of each record of one raw table. Every record is exactly one of rejected, duplicate,
 * outside_range, filtered and accepted, and `read` is their sum.
 */
export class Accounting {
  read = 0
  rejected = 0
  duplicate = 0
  /** Those among the duplicates whose values differ from the record that stays. */
  conflicting = 0
  /**
   * Duplicates of a table that compares none as a whole, and that yet differ from an accepted row in what is
   * kept of both.
   */
  differing = 0
  outside_range = 0
  filtered = 0
  /** The filtered rows by what left them out. */
  readonly filteredBy = new Map<FilterReason, number>()
  accepted = 0
  /** What all records are worth, as far as it can be read, in ten-thousandths without signs. */
  moneyRead: Whole = 0
  /** What the rejected and conflicting ones among them are worth. */
  moneyRejected: Whole = 0
  readonly reasons = new Map<string, ReasonCount>()
  readonly negatives = new Map<string, NegativeAmounts>()

  /** How many rows became what, as a run's record has them. */
  get counts() {
    const { read, rejected, duplicate, conflicting, outside_range, filtered, accepted } = this
    return { read, rejected, duplicate, conflicting, outside_range, filtered, accepted }
  }

  noteFiltered(reason: FilterReason, rows = 1): void {
    this.filtered += rows
    this.filteredBy.set(reason, (this.filteredBy.get(reason) ?? 0) + rows)
  }

  /**
   * Counts a reason; the caller counts the row itself.
   *
   * @param cell as it stands in the file, for advice: only what it is like is ever told
   */
  note(reject: Reject, cell = reject.cell): void {
    const { reason, column, file, line } = reject
    const key = column === undefined ? reason : `${reason} ${column}`
    let known = this.reasons.get(key)
    if (known === undefined) {
      const example = { file, line, cell: reject.cell }
      known = {
        reason,
        column,
        target: reject.target ?? column,
        count: 0,
        example,
        samples: new CellSamples(),
      }
      this.reasons.set(key, known)
    }
    known.count++
    if (column !== undefined && cell !== undefined && cell !== '')
      known.samples.add(cell, reason === 'invalid_timestamp')
  }

  /**
   * Notes the amounts below zero among the first of a column; undefined if the file has no such column.
   *
   * @param signs columns whose product is below 0 where a row is a refund, whose amounts are not noted
   */
  noteNegatives(
    column: string,
    amounts: ArrayLike<number> | undefined,
    count: number,
    signs: readonly ArrayLike<number>[] = [],
  ): void {
    for (let row = 0; amounts !== undefined && row < count; row++)
      if (amounts[row]! < 0 && !isRefund(signs, row)) this.#noteNegative(column, amounts[row]!)
  }

  #noteNegative(column: string, amount: number): void {
    const known = this.negatives.get(column)
    if (known === undefined) this.negatives.set(column, { count: 1, sum: amount })
    else {
      known.count++
      known.sum = add(known.sum, amount)
    }
  }

  /** Puts the columns with negative amounts in the order given, whichever came first in the file. */
  orderNegatives(columns: readonly string[]): void {
    for (const column of columns) {
      const amounts = this.negatives.get(column)
      if (amounts === undefined) continue
      this.negatives.delete(column)
      this.negatives.set(column, amounts)
    }
  }

  /** Counts what some records are worth that are neither rejected nor, as far as is known, conflicting. */
  noteMoney(worth: Whole): void {
    this.moneyRead = add(this.moneyRead, worth)
  }

  /** Counts what a rejected record is worth, as far as it can be read. */
  noteRejectedMoney(worth: Whole): void {
    this.noteMoney(worth)
    this.noteConflictingMoney(worth)
  }

  /** Counts what a row is worth, counted already, that turns out to be conflicting. */
  noteConflictingMoney(worth: Whole): void {
    this.moneyRejected = add(this.moneyRejected, worth)
  }

  /** (rejected + conflicting) ÷ read; 0 for an empty table. */
  get rejectRate(): number {
    return this.read === 0 ? 0 : (this.rejected + this.conflicting) / this.read
  }

  /** The same of money; 0 where there is none. */
  get moneyRejectRate(): number {
    return this.moneyRead === 0 ? 0 : quotient(this.moneyRejected, this.moneyRead)
  }

  /** The greater of the shares of rows and of money. */
  get lossRate(): number {
    return Math.max(this.rejectRate, this.moneyRejectRate)
  }
}

function isRefund(signs: readonly ArrayLike<number>[], row: number): boolean {
  let sign = signs.length === 0 ? 0 : 1
  for (const values of signs) sign *= Math.sign(values[row]!)
  return sign < 0
}
