import { knownCodes } from '../../collections/known-codes.ts'
import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { TextVector } from '../../collections/vectors.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { grouped, plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding, type Finding, type FindingContext, isHashed } from '../finding.ts'
import { knownOtherwise, usualShape } from '../id-spellings.ts'
import { type MoneyOfRow, moneyOfRows } from './row-money.ts'

/** In a smaller table ids may lack by chance. */
const ENOUGH_ROWS = 100
/** Fewer than one of so many ids known is none to speak of. */
const ONE_OF = 100

/** Tables whose ids are hardly ever known where they should be: they are written otherwise there. */
export const idsNeverMeet = defineFinding({
  needs: {
    user_table: ['user_id'],
    session_table: ['user_id', 'session_id'],
    order_table: ['user_id', 'session_id', 'order_id', 'total_price'],
    order_line_item_table: ['session_id', 'order_id', 'product_price', 'product_qty'],
    add_to_cart_table: ['session_id'],
    pageview_table: ['session_id'],
    scroll_table: ['session_id'],
    click_table: ['session_id'],
  },
  find(tables, context) {
    const { user_table, session_table, order_table, order_line_item_table: lines } = tables
    const { add_to_cart_table, pageview_table, scroll_table, click_table } = tables
    const moneyOf = moneyOfRows(tables)
    const findings: Finding[] = []
    /** @param ofTables the tables whose ids of this kind should be among those of the table `known` */
    function look(
      column: string,
      known: string,
      knownIds: TextVector,
      ofTables: Readonly<Record<string, TextVector>>,
    ): void {
      const isKnown = knownCodes(knownIds)
      for (const [table, ids] of Object.entries(ofTables)) {
        if (ids.codes.length < ENOUGH_ROWS || oftenKnown(ids, isKnown)) continue
        const strangers = strangersAmong(ids, isKnown, moneyOf(table))
        if (strangers === undefined || !isKnown.includes(1)) continue
        findings.push(finding({ table, column, ids, known, knownIds, isKnown, ...strangers }, context))
      }
    }
    look('session_id', 'session_table', session_table.session_id, {
      order_table: order_table.session_id,
      order_line_item_table: lines.session_id,
      add_to_cart_table: add_to_cart_table.session_id,
      pageview_table: pageview_table.session_id,
      scroll_table: scroll_table.session_id,
      click_table: click_table.session_id,
    })
    look('user_id', 'user_table', user_table.user_id, { order_table: order_table.user_id })
    look('user_id', 'session_table', session_table.user_id, { order_table: order_table.user_id })
    look('order_id', 'order_table', order_table.order_id, { order_line_item_table: lines.order_id })
    return findings
  },
})

/** Whether at least one of a hundred ids is known. Where ids are as they should be, few rows tell it. */
function oftenKnown({ codes, dictionary }: TextVector, isKnown: Uint8Array): boolean {
  // There are no more ids than rows.
  const enough = codes.length / ONE_OF
  const seen = new Uint8Array(dictionary.size)
  let known = 0
  for (let row = 0; row < codes.length; row++) {
    const id = codes[row]!
    if (id === NO_CODE || isKnown[id] !== 1 || seen[id] === 1) continue
    seen[id] = 1
    known++
    if (known >= enough) return true
  }
  return false
}

/** The ids that are not known where they should be. */
interface Strangers {
  /** All ids of the column. */
  readonly different: number
  /** Codes. */
  readonly unknown: readonly number[]
  readonly rows: number
  readonly money: Whole | undefined
}

/** Undefined if at least one of a hundred ids is known, or if there is none. */
function strangersAmong(
  ids: TextVector,
  isKnown: Uint8Array,
  moneyOfRow: MoneyOfRow | undefined,
): Strangers | undefined {
  const { codes } = ids
  const here = knownCodes(ids)
  const unknown: number[] = []
  let different = 0
  for (let id = 0; id < here.length; id++) {
    if (here[id] !== 1) continue
    different++
    if (isKnown[id] !== 1) unknown.push(id)
  }
  if (different === 0 || (different - unknown.length) * ONE_OF >= different) return undefined
  let rows = 0
  let money: Whole = 0
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] === NO_CODE || isKnown[codes[row]!] === 1) continue
    rows++
    money = add(money, moneyOfRow?.(row) ?? 0)
  }
  return { different, unknown, rows, money: moneyOfRow === undefined ? undefined : money }
}

interface Meeting extends Strangers {
  readonly table: string
  readonly column: string
  readonly ids: TextVector
  /** The table in which they should be known. */
  readonly known: string
  readonly knownIds: TextVector
  readonly isKnown: Uint8Array
}

function finding(meeting: Meeting, context: FindingContext): Finding {
  const { table, column, ids, known, knownIds, isKnown, different, unknown, rows, money } = meeting
  const isHidden = isHashed(column, context)
  const shapes = isHidden ? undefined : ([`'${usualShape(ids)}'`, `'${usualShape(knownIds)}'`] as const)
  const otherwise = isHidden ? undefined : knownOtherwise(ids.dictionary, unknown, isKnown)
  return {
    code: 'ids_never_meet',
    severity: 'warning',
    message: `${grouped(unknown.length)} of ${plural(different, 'id')} in ${table}.${column} (${plural(rows, 'row')}${money === undefined ? '' : `, ${amount(money)}`}) are not known in ${known}${shapes === undefined ? '' : `: most read like ${shapes[0]} here, and like ${shapes[1]} there`}`,
    advice: `${otherwise ?? 'the two tables seem to hold ids of different kinds'}: export ${column} in one form in both tables`,
    details: {
      column: `${table}.${column}`,
      known_in: known,
      ids: different,
      unknown_ids: unknown.length,
      rows,
      ...(money === undefined ? {} : { money: amount(money) }),
      ...(shapes === undefined ? {} : { usual_shape: shapes[0], usual_shape_where_known: shapes[1] }),
    },
  }
}
