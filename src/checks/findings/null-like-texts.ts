import { NO_CODE } from '../../collections/texts/dictionary.ts'
import type { TextVector } from '../../collections/vectors.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { mayBeOptional, type RawTable } from '../../raw/define.ts'
import { rawTables } from '../../raw/index.ts'
import { amount, defineFinding, setting } from '../finding.ts'
import { type TextColumn, textColumns } from '../text-columns.ts'
import { type MoneyOfRow, moneyOfRows } from './row-money.ts'

/** What databases and programs write for an empty cell. */
const NULL_LIKE = ['NULL', 'null', 'Null', '\\N', 'None', 'nan', 'NaN', 'undefined', '(not set)']
/** Analytics tools say it of campaigns, and GA4's channel groups know it. */
const NOT_SET = '(not set)'

/** How many places a message names. */
const NAMED = 5

/** Ids and texts that read as an empty cell of a database, and count as a text. */
export const nullLikeTexts = defineFinding({
  needs: {
    user_table: ['user_id'],
    session_table: [
      'user_id',
      'session_id',
      'utm_source',
      'utm_medium',
      'utm_campaign',
      'country',
      'device_type',
      'platform',
      'landing_page',
    ],
    order_table: ['user_id', 'session_id', 'order_id', 'discount_coupon_code', 'total_price'],
    order_line_item_table: ['session_id', 'order_id', 'product_name', 'product_price', 'product_qty'],
    add_to_cart_table: ['session_id', 'product_name'],
    pageview_table: ['user_id', 'session_id', 'path'],
    scroll_table: ['session_id', 'path'],
    click_table: ['session_id', 'path'],
  },
  find(tables, { rules }) {
    const moneyOf = moneyOfRows(tables)
    const places: { column: TextColumn; text: string; rows: number; money: Whole | undefined }[] = []
    for (const [dictionary, columns] of textColumns(tables)) {
      for (const text of NULL_LIKE) {
        const code = dictionary.findText(text)
        if (code === NO_CODE) continue
        for (const column of columns) {
          if (text === NOT_SET && column.column.startsWith('utm_')) continue
          const { rows, money } = rowsWith(column, code, moneyOf(column.table))
          if (rows === 0) continue
          places.push({ column, text, rows, money })
        }
      }
    }
    if (places.length === 0) return []
    places.sort((a, b) => b.rows - a.rows)
    const cells = places.reduce((sum, { rows }) => sum + rows, 0)
    const named = places.map(
      ({ column: { table, column }, text, rows, money }) =>
        [
          `${table}.${column} ${text}`,
          `${plural(rows, 'row')}${money === undefined ? '' : `, ${amount(money)}`}`,
        ] as const,
    )
    const texts = NULL_LIKE.filter((text) => places.some((place) => place.text === text))
    return [
      {
        code: 'null_like_texts',
        severity: 'warning',
        message: `${plural(cells, 'cell')} read like an empty one, and count as a text: ${named
          .slice(0, NAMED)
          .map(([place, what]) => `${place} (${what})`)
          .join('; ')}${named.length > NAMED ? '; …' : ''}`,
        advice: `if they mean that there is nothing: ${[
          setting('nullValues', [...rules.nullValues, ...texts]),
          ...optionalIds(places.map(({ column }) => column)),
        ].join(', and ')}`,
        details: { cells, ...Object.fromEntries(named) },
      },
    ]
  },
})

/** How many rows hold a text, and their money. */
function rowsWith(
  { codes }: TextVector,
  code: number,
  moneyOfRow: MoneyOfRow | undefined,
): { rows: number; money: Whole | undefined } {
  let rows = 0
  let money: Whole | undefined = moneyOfRow === undefined ? undefined : 0
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] !== code) continue
    rows++
    if (moneyOfRow !== undefined) money = add(money!, moneyOfRow(row))
  }
  return { rows, money }
}

/** The setting without which rows would be rejected whose id is then empty; none if no such id is among them. */
function optionalIds(columns: readonly TextColumn[]): string[] {
  const tables: Record<string, { optional: string[] }> = {}
  for (const table of Object.values<RawTable>(rawTables)) {
    const optional = Object.keys(table.columns).filter(
      (id) =>
        mayBeOptional(table, id) && columns.some((one) => one.table === table.name && one.column === id),
    )
    if (optional.length > 0) tables[table.name] = { optional }
  }
  return Object.keys(tables).length === 0 ? [] : [setting('rawTables', tables)]
}
