import { BlockList, isIP } from 'node:net'
import type { Encoder } from '../collections/dictionary.ts'
import { Growing } from '../lib/growing.ts'
import type { RawTable, SharedDictionary } from '../raw/define.ts'
import { type FilterRules, parseIpRange } from '../rules/filters.ts'
import { tenThousandths } from '../rules/money.ts'
import { type TextRule, textTest } from '../rules/text-rule.ts'
import type { FilterReason } from './accounting.ts'
import type { BatchRow } from './batch-row.ts'
import type { Encoders } from './encoders.ts'

/** The ids whose rows are left out together with the row that bears the id as its key. */
export const CASCADES: Partial<Record<SharedDictionary, FilterReason>> = {
  session_id: 'of_filtered_session',
  order_id: 'of_filtered_order',
}

/** What the rows of one table are asked, each by the number of a column. */
interface Question {
  readonly column: number
  /** Whether it looks at the row itself, not at what the row belongs to. */
  readonly isOwn: boolean
  readonly ask: (row: BatchRow, column: number) => FilterReason | undefined
}

/**
 * The shop's filters for one run. What they leave out of one table decides about later ones: tables must be
 * read in order, those that others refer to first.
 */
export class RowFilters {
  readonly #rules: FilterRules
  readonly #encoders: Encoders
  readonly #isBlockedIp: (address: string) => boolean
  readonly #idTests: Partial<Record<SharedDictionary, IdTest>>
  readonly #excluded = new Map<SharedDictionary, Growing<Uint8Array>>()

  constructor(rules: FilterRules, encoders: Encoders) {
    this.#rules = rules
    this.#encoders = encoders
    this.#isBlockedIp = ipTest(rules.ips)
    const users: TextRule[] = [...rules.testUsers.map((equals) => ({ equals })), ...rules.users]
    this.#idTests = {
      ...idTest('user_id', 'user', users, 'equals', encoders),
      ...idTest('session_id', 'session', rules.sessions, 'equals', encoders),
      ...idTest('path', 'path', rules.paths, 'prefix', encoders),
    }
  }

  /** The filter of one table; undefined if nothing can be left out of it. */
  forTable(table: RawTable, row: BatchRow): RowFilter | undefined {
    const questions = Object.entries(table.columns).flatMap(([name, { dictionary, role }]): Question[] => {
      const column = row.indexOf(name)
      const asked: Question[] = []
      const test = dictionary === undefined ? undefined : this.#idTests[dictionary]
      if (test !== undefined) asked.push({ column, isOwn: true, ask: (of, at) => test.ask(of, at) })
      if (role === 'ip_address' && this.#rules.ips.length > 0)
        asked.push({
          column,
          isOwn: true,
          ask: (of, at) => (this.#isBlockedIp(of.text(at)) ? 'ip' : undefined),
        })
      const { ordersBelow } = this.#rules
      if (role === 'order_amount' && ordersBelow !== undefined) {
        const least = tenThousandths(ordersBelow)
        asked.push({
          column,
          isOwn: true,
          ask: (of, at) => (of.number(at) < least ? 'order_amount' : undefined),
        })
      }
      const cascade = dictionary === undefined ? undefined : CASCADES[dictionary]
      if (cascade !== undefined && dictionary !== undefined && name !== table.key && this.isActive)
        asked.push({
          column,
          isOwn: false,
          ask: (of, at) => (this.#isExcluded(dictionary, of, at) ? cascade : undefined),
        })
      return asked
    })
    if (questions.length === 0) return undefined
    const keyDictionary = table.columns[table.key]?.dictionary
    const cascades = keyDictionary !== undefined && CASCADES[keyDictionary] !== undefined
    const exclude = cascades ? () => this.#exclude(keyDictionary, row, row.indexOf(table.key)) : undefined
    return new RowFilter(questions, row, exclude)
  }

  /** Whether anything can be left out at all. */
  get isActive(): boolean {
    const { ips, ordersBelow } = this.#rules
    return Object.keys(this.#idTests).length > 0 || ips.length > 0 || ordersBelow !== undefined
  }

  #exclude(dictionary: SharedDictionary, row: BatchRow, column: number): void {
    const code = codeOf(this.#encoders.shared(dictionary)!, row, column)
    const excluded = this.#excluded.get(dictionary) ?? new Growing(Uint8Array)
    this.#excluded.set(dictionary, excluded)
    excluded.reserve(code + 1)
    excluded.values[code] = 1
  }

  #isExcluded(dictionary: SharedDictionary, row: BatchRow, column: number): boolean {
    const excluded = this.#excluded.get(dictionary)
    if (excluded === undefined) return false
    return excluded.values[codeOf(this.#encoders.shared(dictionary)!, row, column)] === 1
  }
}

/** The filter of one table. */
export class RowFilter {
  readonly #questions: readonly Question[]
  readonly #row: BatchRow
  readonly #exclude: (() => void) | undefined

  constructor(questions: readonly Question[], row: BatchRow, exclude: (() => void) | undefined) {
    this.#questions = questions
    this.#row = row
    this.#exclude = exclude
  }

  /** Why the row at hand is left out, undefined if it is not; rows that belong to it will be, too. */
  judge(): FilterReason | undefined {
    for (const { column, ask } of this.#questions) {
      if (this.#row.isNull(column)) continue
      const reason = ask(this.#row, column)
      if (reason === undefined) continue
      this.#exclude?.()
      return reason
    }
    return undefined
  }

  /** Whether the row at hand would be left out even if it belonged to nothing. */
  isLeftOutByItself(): boolean {
    return this.#questions.some(
      ({ column, isOwn, ask }) => isOwn && !this.#row.isNull(column) && ask(this.#row, column) !== undefined,
    )
  }
}

function codeOf(encoder: Encoder, row: BatchRow, column: number): number {
  return encoder.encode(row.bytes, row.start(column), row.end(column))
}

const UNKNOWN = 0
const FITS = 1
const FITS_NOT = 2

/** Tests each id or path of a shared dictionary once. */
class IdTest {
  readonly #reason: FilterReason
  readonly #fits: (text: string) => boolean
  readonly #encoder: Encoder
  readonly #verdicts = new Growing(Uint8Array)

  constructor(reason: FilterReason, fits: (text: string) => boolean, encoder: Encoder) {
    this.#reason = reason
    this.#fits = fits
    this.#encoder = encoder
  }

  ask(row: BatchRow, column: number): FilterReason | undefined {
    const code = codeOf(this.#encoder, row, column)
    this.#verdicts.reserve(code + 1)
    const { values } = this.#verdicts
    // The cell is asked, not the dictionary, which may hold hashes.
    if (values[code] === UNKNOWN) values[code] = this.#fits(row.text(column)) ? FITS : FITS_NOT
    return values[code] === FITS ? this.#reason : undefined
  }
}

function idTest(
  dictionary: SharedDictionary,
  reason: FilterReason,
  rules: readonly TextRule[],
  plain: 'equals' | 'prefix',
  encoders: Encoders,
): Partial<Record<SharedDictionary, IdTest>> {
  const encoder = encoders.shared(dictionary)
  if (rules.length === 0 || encoder === undefined) return {}
  return { [dictionary]: new IdTest(reason, textTest(rules, plain), encoder) }
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
