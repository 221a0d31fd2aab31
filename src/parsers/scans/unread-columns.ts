import { isBlank } from '../../lib/texts/blanks.ts'
import { LastWords, sameBytes, wordsOf } from '../../lib/texts/words.ts'

/** Why somebody should know what an unread column holds. */
export type UnreadKind = 'currency' | 'status'

/** What an unread column holds that, by its name, says whether or how a row counts. */
export interface UnreadColumn {
  readonly column: string
  readonly kind: UnreadKind
  /** Rows whose cell is empty. */
  readonly empty: number
  /** Rows whose cell is not. */
  readonly filled: number
  /** Rows by cell, the most frequent first; undefined where there are too many different ones. */
  readonly values: readonly (readonly [value: string, rows: number])[] | undefined
}

/** What was counted of one column; undefined as values once there were too many. */
export interface UnreadTally {
  readonly empty: number
  readonly filled: number
  readonly values: ReadonlyMap<string, number> | undefined
}

/** Most different cells that are told apart; a column of a few statuses has far less. */
const MOST_VALUES = 100
/** Longest part of a cell that is looked at, in bytes. */
const LONGEST = 100

const STATUS =
  /^(?:(?:order|payment|financial|fulfill?ment|transaction|checkout)?status|(?:is)?(?:cancell?ed|voided|refunded|deleted|test|testorder|bot|spam|draft)(?:at|on|date)?|cancell?ation(?:date|reason)|cancelreason)$/

/** By the name of a column, whatever its case and separators; undefined for nearly all. */
function kindOf(name: string): UnreadKind | undefined {
  const plain = name.toLowerCase().replace(/[\s_.-]/g, '')
  if (plain === 'currency') return 'currency'
  return STATUS.test(plain) ? 'status' : undefined
}

class ColumnScan {
  readonly position: number
  readonly column: string
  readonly kind: UnreadKind
  #empty = 0
  #filled = 0
  #values: Map<string, number> | undefined = new Map()
  /** The cell before, since most repeat it. */
  #last = new Uint8Array(0)
  #lastText = ''
  readonly #words = new LastWords()

  constructor(position: number, column: string, kind: UnreadKind) {
    this.position = position
    this.column = column
    this.kind = kind
  }

  get tally(): UnreadTally {
    return { empty: this.#empty, filled: this.#filled, values: this.#values }
  }

  cell(bytes: Uint8Array, from: number, to: number): void {
    let start = from
    let end = to
    while (start < end && isBlank(bytes[start]!)) start++
    while (end > start && isBlank(bytes[end - 1]!)) end--
    if (start === end) {
      this.#empty++
      return
    }
    this.#filled++
    if (this.#values === undefined) return
    end = Math.min(end, start + LONGEST)
    const isLast =
      this.#last.length === end - start &&
      sameBytes(this.#words.of(bytes), start, end, wordsOf(this.#last), 0)
    if (!isLast) {
      this.#last = bytes.slice(start, end)
      this.#lastText = Buffer.from(this.#last).toString('utf8')
    }
    this.#count(this.#lastText, 1)
  }

  add({ empty, filled, values }: UnreadTally): void {
    this.#empty += empty
    this.#filled += filled
    if (values === undefined) this.#values = undefined
    else for (const [value, rows] of values) this.#count(value, rows)
  }

  result(): UnreadColumn {
    const values = this.#values === undefined ? undefined : [...this.#values]
    values?.sort(([a, rowsA], [b, rowsB]) => rowsB - rowsA || (a < b ? -1 : 1))
    return { column: this.column, kind: this.kind, empty: this.#empty, filled: this.#filled, values }
  }

  /** Whether there are too many depends on all cells alone, not on who counted which. */
  #count(value: string, rows: number): void {
    const values = this.#values
    if (values === undefined) return
    values.set(value, (values.get(value) ?? 0) + rows)
    if (values.size > MOST_VALUES) this.#values = undefined
  }
}

/** What is known of a column of one name in two files. */
export function mergeUnread(one: UnreadColumn, other: UnreadColumn): UnreadColumn {
  const scan = new ColumnScan(0, one.column, one.kind)
  for (const { empty, filled, values } of [one, other])
    scan.add({ empty, filled, values: values === undefined ? undefined : new Map(values) })
  return scan.result()
}

/** Counts the values of unread columns whose names say that they may matter. */
export class UnreadScan {
  readonly #columns: readonly ColumnScan[]

  private constructor(columns: readonly ColumnScan[]) {
    this.#columns = columns
  }

  /** @returns undefined if no unread column has such a name */
  static of(names: readonly string[], unknown: readonly string[]): UnreadScan | undefined {
    const columns = unknown.flatMap((name) => {
      const kind = kindOf(name)
      return kind === undefined ? [] : [new ColumnScan(names.indexOf(name), name, kind)]
    })
    return columns.length === 0 ? undefined : new UnreadScan(columns)
  }

  record(bytes: Uint8Array, starts: Int32Array, ends: Int32Array): void {
    for (const column of this.#columns) column.cell(bytes, starts[column.position]!, ends[column.position]!)
  }

  get tallies(): UnreadTally[] {
    return this.#columns.map(({ tally }) => tally)
  }

  add(others: readonly UnreadTally[]): void {
    for (const [i, tally] of others.entries()) this.#columns[i]!.add(tally)
  }

  results(): UnreadColumn[] {
    return this.#columns.map((column) => column.result())
  }
}
