import type { Collections, Needs } from '../collections/vectors.ts'
import type { CouponReview } from '../facts/coupon-review.ts'
import { divideRounded, formatHundredths, formatMoney, multiply, type Whole } from '../lib/numbers/exact.ts'
import { printable } from '../lib/texts/printable.ts'
import { shapeOf } from '../lib/texts/shape.ts'
import type { Accounting } from '../parsers/accounting/accounting.ts'
import type { PersonalDataCount } from '../parsers/scans/personal-data.ts'
import type { ScanResults } from '../parsers/scans/scan-results.ts'
import type { RawTable } from '../raw/define.ts'
import { HASHABLE_IDS } from '../rules/privacy.ts'
import type { Rules } from '../rules/rules.ts'
import type { AggregateTable } from '../tables/aggregate-table.ts'

/** Something about the data that people should know; it warns and does not fail (unless --strict). */
export interface Finding {
  /** Stable, snake_case. */
  readonly code: string
  /** warning: something may be wrong, and --strict fails. information: good to know, nothing is wrong. */
  readonly severity: 'warning' | 'information'
  /** One sentence of what was found. */
  readonly message: string
  /** What to do about it. */
  readonly advice: string
  /** The numbers behind it. */
  readonly details: Readonly<Record<string, string | number>>
}

/** The flags of an aggregate table, which are all that findings look at. */
export interface FlagTable {
  readonly rowCount: number
  readonly flags: Readonly<Record<string, Int8Array>>
}

export function flagsOf({ rowCount, columns }: AggregateTable): FlagTable {
  const flags: Record<string, Int8Array> = {}
  for (const [name, vector] of Object.entries(columns)) if (vector instanceof Int8Array) flags[name] = vector
  return { rowCount, flags }
}

/**
 * Whether a raw table is missing as a whole, so that nothing can be known in it: then one note of the run says so.
 *
 * @param rows how many rows of it count
 */
export function isMissing(table: string, rows: number, inputs: FindingContext['inputs']): boolean {
  return rows === 0 && inputs.get(table)?.files.length === 0
}

/** What is known of a file that was read; in an incremental run, of the slice alone. */
export interface ReadInput {
  readonly definition: RawTable
  /** None if they were missing. */
  readonly files: readonly { readonly name: string }[]
  readonly accounting: Accounting
  readonly found: ScanResults
}

/** What a finding may look at beside the raw tables that it needs. */
export interface FindingContext {
  /** Of all rows that count, those kept by a history too. */
  readonly accounting: ReadonlyMap<string, Accounting>
  /** By raw table, in their order. */
  readonly inputs: ReadonlyMap<string, ReadInput>
  /** What seems to be personal data, by raw table; empty if it was not looked for. */
  readonly personalData: ReadonlyMap<string, readonly PersonalDataCount[]>
  /** The flags of the aggregate tables that findings ask for, by name. */
  readonly flags: ReadonlyMap<string, FlagTable>
  readonly coupons: CouponReview
  readonly rules: Rules
  /** Whether the user has asked to see values of cells. */
  readonly showValues: boolean
}

/** One data-quality finding: what it reads, and what it says; nothing, or more than one. */
export interface FindingRoom<N extends Needs> {
  /** Raw columns, as recorded: discounts are those before any correction. */
  readonly needs: N
  /** Aggregate tables whose flags it reads. */
  readonly flagsOf?: readonly string[]
  find(tables: Collections<N>, context: FindingContext): Finding[]
}

/** A finding as the list sees it, whatever it needs. */
export interface AnyFinding {
  readonly needs: Needs
  readonly flagsOf?: readonly string[]
  find(tables: never, context: FindingContext): Finding[]
}

/** Declares a finding; keeps the exact types of what it needs. */
export function defineFinding<const N extends Needs>(finding: FindingRoom<N>): FindingRoom<N> {
  return finding
}

/** A share of rows or money as a percentage. @example share(1, 3) → '33.33 %' */
export function share(part: Whole, of: Whole): string {
  return of === 0 ? '0.00 %' : `${formatHundredths(divideRounded(multiply(part, 10_000), of))} %`
}

/** An amount of money for people. @example amount(-1234_5000) → '-1,234.50' */
export function amount(tenThousandths: Whole): string {
  return formatMoney(tenThousandths).replace(/\B(?=(\d{3})+\.)/g, ',')
}

/** A coupon or product as a message names it: on one line, and not longer than 40 characters. */
export function nameForPeople(name: string): string {
  const line = printable(name.slice(0, 200))
  const characters = [...line]
  return characters.length <= 40 && name.length <= 200 ? line : `${characters.slice(0, 39).join('')}…`
}

/** Whether the ids of a column are known only by their hashes. */
export function isHashed(column: string, { rules }: Pick<FindingContext, 'rules'>): boolean {
  return HASHABLE_IDS.some((id) => id === column && rules.privacy.hashIds.includes(id))
}

/**
 * An id as a message names it, in quotes: its shape alone, unless the user has asked for values or it is a
 * hash.
 *
 * @example idForPeople('cust-9', 'user_id', context) → "'aaaa-9'"
 */
export function idForPeople(
  id: string,
  column: string,
  context: Pick<FindingContext, 'rules' | 'showValues'>,
): string {
  return `'${context.showValues || isHashed(column, context) ? nameForPeople(id) : shapeOf(id)}'`
}

/**
 * A setting as a message names it, ready to paste into a settings file in YAML, TypeScript or JavaScript.
 *
 * @example setting('nullValues', ['\\N', 'NULL']) → 'nullValues: ["\\\\N", "NULL"]'
 * @example setting('filters', { users: ['0'] }) → 'filters: { users: ["0"] }'
 */
export function setting(name: string, value: Settable): string {
  return `${name}: ${inFlow(value)}`
}

/** What a message may put into a setting. */
type Settable = string | readonly string[] | { readonly [name: string]: Settable }

function inFlow(value: Settable): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
  return `{ ${Object.entries(value)
    .map(([name, inner]) => setting(name, inner))
    .join(', ')} }`
}
