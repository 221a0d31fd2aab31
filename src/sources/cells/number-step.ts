import type { CellReason, KindName } from '../../raw/kinds.ts'
import type { CellMapping } from '../../rules/sources/cells.ts'
import { type Currency, hasNumberForm, type NumberForm } from '../../rules/sources/number-form.ts'
import type { SourceColumns } from '../source-columns.ts'
import { type MappedCell, UNKNOWN_CURRENCY } from './mapped-cell.ts'
import { plainNumber } from './number-form.ts'
import { scaledNumber } from './number-scale.ts'

/** The last step of a column of numbers. */
export interface NumberStep {
  /** The number of the source column with the currency; -1 if there is none. */
  readonly currency: number
  /** The number as the kind's reader takes it, from a text that is not empty. */
  read(text: string, cells: readonly string[]): MappedCell
}

const MALFORMED: Readonly<Partial<Record<KindName, { readonly reason: CellReason }>>> = {
  money: { reason: 'invalid_money' },
  quantity: { reason: 'invalid_quantity' },
  integer: { reason: 'invalid_integer' },
  large_integer: { reason: 'invalid_integer' },
  percent: { reason: 'invalid_percent' },
}

/** How the numbers of a table are written, and in which currency its money is. */
export interface TableNumbers extends NumberForm {
  readonly currency?: Currency | undefined
}

/**
 * The step of a column; undefined if its cells are numbers as the kind's reader takes them, or no numbers. A
 * column that declares `decimal` or `thousands` has its own form altogether, the table's does not add to it.
 * Money is scaled and bounded first, then comes the rate of its currency.
 */
export function numberStep(
  kind: KindName,
  mapping: CellMapping | undefined,
  table: TableNumbers,
  columns: SourceColumns,
): NumberStep | undefined {
  if (!hasNumberForm(kind)) return undefined
  const own = typeof mapping === 'object' ? mapping : {}
  const { decimal = '.', thousands } = own.decimal === undefined && own.thousands === undefined ? table : own
  const currency = kind === 'money' ? table.currency : undefined
  const { currencySigns = [], scale, clamp } = own
  const scaled = scaledNumber({ factor: scale, bounds: clamp })
  const isUsual = decimal === '.' && thousands === undefined && currencySigns.length === 0
  if (isUsual && scaled === undefined && currency === undefined) return undefined
  const isWhole = kind === 'integer' || kind === 'large_integer'
  const plain = plainNumber({ decimal, thousands, currencySigns, hasExponent: !isWhole })
  const malformed = MALFORMED[kind] ?? { reason: 'invalid_money' }
  const column = currency === undefined ? -1 : columns.add(currency.column)
  const rates = ratesOf(currency)
  const read = (text: string, cells: readonly string[]) => {
    let number = plain(text)
    if (number === undefined) return malformed
    if (scaled !== undefined) number = scaled(number)
    if (rates === undefined) return number
    const convert = rates.get(cells[column] ?? '')
    return convert === undefined ? UNKNOWN_CURRENCY : convert(number)
  }
  return { currency: column, read }
}

/** By currency, what makes an amount one of the shop's own; undefined if there is only that. */
function ratesOf(currency: Currency | undefined): Map<string, (number: string) => string> | undefined {
  if (currency === undefined) return undefined
  const rates = new Map<string, (number: string) => string>()
  for (const [name, factor] of Object.entries(currency.rates))
    rates.set(name, scaledNumber({ factor }) ?? ((number) => number))
  return rates
}
