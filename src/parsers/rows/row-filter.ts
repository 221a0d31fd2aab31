import { BlockList, isIP } from 'node:net'
import type { Encoder } from '../../collections/texts/dictionary.ts'
import { Growing } from '../../lib/numbers/growing.ts'
import type { RawTable, SharedDictionary } from '../../raw/define.ts'
import { columnTest, type FilterRules, filtersRows, parseIpRange } from '../../rules/filters.ts'
import { tenThousandths } from '../../rules/money.ts'
import type { Rules } from '../../rules/rules.ts'
import { type TextRule, textTest } from '../../rules/text-rule.ts'
import { type FilterReason, NOT_FILTERED, numberOfReason } from '../accounting/accounting.ts'
import { cascadeColumns, ownReason } from '../accounting/filter-columns.ts'
import type { AskedByFilters } from '../batch/batch-layout.ts'
import type { BatchRow } from '../batch/batch-row.ts'
import type { Encoders } from '../keys/encoders.ts'

/** What the cells of a column can be asked. */
interface Question {
  readonly column: number
  /** The number of the reason. */
  readonly reason: number
  readonly leavesOut: (row: BatchRow, column: number) => boolean
}

/** The shop's filters for one run, as far as the cells of a row decide. */
export class RowFilters {
  readonly #rules: FilterRules
  readonly #encoders: Encoders
  readonly #tests: Partial<Record<FilterReason, Question['leavesOut']>>
  /** What single columns of a table are asked, by the name of the table. */
  readonly #ofColumns = new Map<string, readonly Question[]>()

  /** @param negativeOrders refund: amounts below 0 are no orders' (SPEC section 1) */
  constructor(rules: FilterRules, negativeOrders: Rules['negativeOrders'], encoders: Encoders) {
    this.#rules = rules
    this.#encoders = encoders
    const lowest = negativeOrders === 'refund' ? 0 : Number.NEGATIVE_INFINITY
    const users: TextRule[] = [...rules.testUsers.map((equals) => ({ equals })), ...rules.users]
    this.#tests = {
      ...idTest('user_id', 'user', users, 'equals', encoders),
      ...idTest('session_id', 'session', rules.sessions, 'equals', encoders),
      ...idTest('path', 'path', rules.paths, 'prefix', encoders),
      ...addressTest(rules.ips),
      ...amountTest(rules.ordersBelow, lowest),
    }
  }

  /** The filter of one table; undefined if its cells leave nothing out. */
  forTable(table: RawTable, row: BatchRow): RowFilter | undefined {
    const questions = Object.values(table.columns).flatMap((column, place): Question[] => {
      const reason = ownReason(column)
      const leavesOut = reason === undefined ? undefined : this.#tests[reason]
      return leavesOut === undefined ? [] : [{ column: place, reason: numberOfReason(reason!), leavesOut }]
    })
    questions.push(...this.#questionsOf(table))
    return questions.length === 0 ? undefined : new RowFilter(questions, row)
  }

  /** Whether anything can be left out at all. */
  get isActive(): boolean {
    return filtersRows(this.#rules)
  }

  /** The columns of a table that are asked for; undefined if nothing can be left out. */
  asked(table: RawTable): AskedByFilters | undefined {
    if (!this.isActive) return undefined
    return {
      owners: new Set(cascadeColumns(table, this.#rules).map(({ column }) => column)),
      texts: new Set(this.#rules.columns.flatMap((one) => (one.table === table.name ? [one.column] : []))),
    }
  }

  /** What the shop asks of columns by their names. */
  #questionsOf(table: RawTable): readonly Question[] {
    const known = this.#ofColumns.get(table.name)
    if (known !== undefined) return known
    const questions = Object.entries(table.columns).flatMap(([name, column], place): Question[] => {
      const filters = this.#rules.columns.filter((one) => one.table === table.name && one.column === name)
      if (filters.length === 0) return []
      const test = new TextTest(columnTest(filters), this.#encoders.of(column))
      const leavesOut: Question['leavesOut'] = (row, at) => test.leavesOut(row, at)
      return [{ column: place, reason: numberOfReason('column'), leavesOut }]
    })
    this.#ofColumns.set(table.name, questions)
    return questions
  }
}

/** The filter of one table. */
export class RowFilter {
  readonly #questions: readonly Question[]
  readonly #row: BatchRow

  constructor(questions: readonly Question[], row: BatchRow) {
    this.#questions = questions
    this.#row = row
  }

  /** Why the row at hand is left out: the number of the first reason, or NOT_FILTERED. */
  judge(): number {
    for (const { column, reason, leavesOut } of this.#questions)
      if (!this.#row.isNull(column) && leavesOut(this.#row, column)) return reason
    return NOT_FILTERED
  }
}

function addressTest(ips: readonly string[]): Partial<Record<FilterReason, Question['leavesOut']>> {
  if (ips.length === 0) return {}
  const isBlocked = ipTest(ips)
  return { ip: (row, column) => isBlocked(row.text(column)) }
}

/** @param lowest the lowest amount of an order */
function amountTest(
  below: number | undefined,
  lowest: number,
): Partial<Record<FilterReason, Question['leavesOut']>> {
  if (below === undefined) return {}
  const least = tenThousandths(below)
  return {
    order_amount: (row, column) => {
      const amount = row.number(column)
      return amount >= lowest && amount < least
    },
  }
}

const UNKNOWN = 0
const FITS = 1
const FITS_NOT = 2

/** Tests each text of a dictionary once. */
class TextTest {
  readonly #fits: (text: string) => boolean
  readonly #encoder: Encoder
  readonly #verdicts = new Growing(Uint8Array)

  constructor(fits: (text: string) => boolean, encoder: Encoder) {
    this.#fits = fits
    this.#encoder = encoder
  }

  leavesOut(row: BatchRow, column: number): boolean {
    const code = this.#encoder.encode(row.bytes, row.start(column), row.end(column))
    this.#verdicts.reserve(code + 1)
    const { values } = this.#verdicts
    // The cell is asked, not the dictionary, which may hold hashes.
    if (values[code] === UNKNOWN) values[code] = this.#fits(row.text(column)) ? FITS : FITS_NOT
    return values[code] === FITS
  }
}

function idTest(
  dictionary: SharedDictionary,
  reason: FilterReason,
  rules: readonly TextRule[],
  plain: 'equals' | 'prefix',
  encoders: Encoders,
): Partial<Record<FilterReason, Question['leavesOut']>> {
  const encoder = encoders.shared(dictionary)
  if (rules.length === 0 || encoder === undefined) return {}
  const test = new TextTest(textTest(rules, plain), encoder)
  return { [reason]: (row: BatchRow, column: number) => test.leavesOut(row, column) }
}

/** Whether a text is an address in one of the ranges; a text that is none is not. */
function ipTest(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseIpRange(text)!
    if ('network' in range) list.addSubnet(range.network, range.prefix, range.family)
    else list.addRange(range.first, range.last, range.family)
  }
  return (address) => {
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}
