import type { AnyAggregate, AnyCarried, Reach } from '../../aggregators/define.ts'
import type { Needs } from '../../collections/vectors.ts'
import type { Contract } from '../../custom/contract.ts'
import type { RawTable } from '../../raw/define.ts'
import type { Rules } from '../../rules/rules.ts'
import { dateColumn } from '../../tables/date-blocks.ts'

/** How an aggregate table is brought up to date. */
export interface Output {
  readonly definition: AnyAggregate
  /** The raw tables that it reads. */
  readonly needs: readonly string[]
  /** The column of dates by which its rows stand together; undefined if it is written as a whole. */
  readonly dates: string | undefined
  readonly reach: Reach
  readonly carried: AnyCarried | undefined
}

/** The tables of one shop, and whether they must be computed from all rows whatever has changed. */
export interface Outputs {
  readonly all: readonly Output[]
  /** A table whose code is not known to look at certain rows only: one of the shop's own. */
  readonly needEverything: boolean
}

const ORDERS_AND_LINES = ['order_table', 'order_line_item_table'] as const

export function outputsOf({ aggregates }: Contract, rules: Rules): Outputs {
  const correctsDiscounts = Object.values(rules.coupons).some(({ action }) => action === 'correct')
  const all = aggregates.map((definition): Output => {
    const needs = definition.needs as Needs
    const readsDiscount = needs.order_table?.includes('discount') === true
    const output: Output = {
      definition,
      needs: Object.keys(needs),
      dates: definition.reach === undefined ? undefined : dateColumn(definition),
      reach: definition.reach ?? {},
      carried: definition.carried,
    }
    return correctsDiscounts && readsDiscount ? withCorrectedDiscounts(output) : output
  })
  const needEverything = all.some(({ dates, carried }) => dates === undefined && carried === undefined)
  return { all, needEverything }
}

/** What a coupon gives follows from the line items of its order, on whatever date they are. */
function withCorrectedDiscounts(output: Output): Output {
  const order_id = [...new Set([...(output.reach.order_id ?? []), ...ORDERS_AND_LINES])]
  return {
    ...output,
    needs: [...new Set([...output.needs, ...ORDERS_AND_LINES])],
    reach: { ...output.reach, order_id },
  }
}

/** Bits of raw tables in the masks of a day's ids, by the order in which a contract lists them. */
export function maskOf(tables: readonly RawTable[], names: readonly string[]): number {
  return tables.reduce((mask, { name }, place) => (names.includes(name) ? mask | (1 << place) : mask), 0)
}
