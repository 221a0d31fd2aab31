import { type Dictionary, NO_CODE } from '../../collections/texts/dictionary.ts'
import { add, type Whole } from '../../lib/numbers/exact.ts'
import { plural } from '../../lib/texts/grouped.ts'
import { amount, defineFinding, idForPeople } from '../finding.ts'
import { textColumns } from '../text-columns.ts'
import { moneyOfRows } from './row-money.ts'

const SCIENTIFIC = /^[+-]?\d(?:[.,]\d+)?e\+\d{2,3}$/i
const PLUS = '+'.charCodeAt(0)
const SHORTEST = '1E+12'.length

/** Ids that a spreadsheet has shortened: several of them may have become one. */
export const idsInScientificNotation = defineFinding({
  needs: {
    user_table: ['user_id'],
    session_table: ['user_id', 'session_id'],
    order_table: ['user_id', 'session_id', 'order_id', 'total_price'],
    order_line_item_table: ['session_id', 'order_id', 'product_price', 'product_qty'],
    add_to_cart_table: ['session_id'],
    pageview_table: ['user_id', 'session_id'],
    scroll_table: ['session_id'],
    click_table: ['session_id'],
  },
  find(tables, context) {
    const moneyOf = moneyOfRows(tables)
    const places: [place: string, what: string][] = []
    let cells = 0
    let ids = 0
    let example: string | undefined
    for (const [dictionary, columns] of textColumns(tables)) {
      const found = scientificIds(dictionary)
      if (found === undefined) continue
      const seen = new Set<number>()
      for (const { table, column, codes } of columns) {
        const moneyOfRow = moneyOf(table)
        let rows = 0
        let money: Whole = 0
        for (let row = 0; row < codes.length; row++) {
          if (codes[row] === NO_CODE || found[codes[row]!] !== 1) continue
          rows++
          seen.add(codes[row]!)
          money = add(money, moneyOfRow?.(row) ?? 0)
          example ??= idForPeople(dictionary.text(codes[row]!), column, context)
        }
        if (rows === 0) continue
        cells += rows
        places.push([
          `${table}.${column}`,
          `${plural(rows, 'row')}${moneyOfRow === undefined ? '' : `, ${amount(money)}`}`,
        ])
      }
      ids += seen.size
    }
    if (cells === 0) return []
    return [
      {
        code: 'ids_in_scientific_notation',
        severity: 'warning',
        message: `${plural(ids, 'id')} in ${plural(cells, 'cell')} read like ${example}: ${places.map(([place, what]) => `${place} (${what})`).join('; ')}`,
        advice:
          'a spreadsheet or program has taken long ids for numbers and cut their last digits, so that different ones may have become one: export again with ids as text, and do not save the files from a spreadsheet',
        details: { ids, cells, example: example!, ...Object.fromEntries(places) },
      },
    ]
  },
})

/** By code, 1 for ids of that form; undefined if there is none. Most ids end after a look at two of their bytes. */
function scientificIds(dictionary: Dictionary): Uint8Array | undefined {
  const { arena, size } = dictionary
  let found: Uint8Array | undefined
  for (let code = 0; code < size; code++) {
    const length = dictionary.byteLength(code)
    if (length < SHORTEST) continue
    const end = dictionary.start(code) + length
    if (arena[end - 3] !== PLUS && arena[end - 4] !== PLUS) continue
    if (!SCIENTIFIC.test(dictionary.text(code))) continue
    found ??= new Uint8Array(size)
    found[code] = 1
  }
  return found
}
