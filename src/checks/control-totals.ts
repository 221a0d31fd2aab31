import type { Whole } from '../lib/numbers/exact.ts'
import type { Rules } from '../rules/rules.ts'
import type { TableFigures, TableResult } from '../tables/table-result.ts'
import {
  type AcceptedRows,
  acceptedTotal,
  controlRules,
  type TableSide,
  type TotalUnit,
} from './control-rules.ts'
import { figuresOf } from './table-figures.ts'

/** One side of a control total: where it was taken from, and how much it is. */
export interface ControlSide {
  readonly source: string
  readonly value: Whole
}

/** A quantity that must be the same wherever it can be read (SPEC section 5). */
export interface ControlTotal {
  readonly name: string
  readonly meaning: string
  readonly unit: TotalUnit
  readonly sides: readonly ControlSide[]
  readonly holds: boolean
}

/** What the accepted rows say of each control total, by its name. */
export function acceptedTotals(
  tables: Readonly<Record<string, AcceptedRows>>,
  rules: Pick<Rules, 'negativeOrders'>,
): Map<string, Whole> {
  return new Map(controlRules.map((rule) => [rule.name, acceptedTotal(rule, tables[rule.source]!, rules)]))
}

/** Takes the sides of the control totals as the tables come, and then compares them. */
export class ControlTotals {
  readonly #sides = new Map<string, ControlSide[]>()
  readonly #tableChecks: ControlTotal[] = []

  /** @param accepted what the accepted rows say, as acceptedTotals gives it */
  constructor(accepted: ReadonlyMap<string, Whole>) {
    for (const { name, source } of controlRules)
      this.#sides.set(name, [{ source: `${source} (accepted rows)`, value: accepted.get(name)! }])
  }

  /** Takes what a finished table says; the table need not be kept. */
  take(table: TableResult): void {
    const { name, key } = table.definition
    const figures = figuresOf(table)
    for (const { name: rule, sides } of controlRules) {
      for (const side of sides)
        if (side.table === name)
          this.#sides.get(rule)!.push({ source: sideSource(side), value: sideTotal(figures, side) })
    }
    this.#tableChecks.push(
      controlTotal(`${name}_key`, 'every row has its own key', 'count', [
        { source: 'rows', value: figures.rowCount },
        { source: `different keys (${key.join(', ')})`, value: figures.keyCount() },
      ]),
      controlTotal(`${name}_order`, 'rows stand in their order', 'count', [
        { source: 'rows out of order', value: figures.orderBreaks() },
        { source: 'allowed', value: 0 },
      ]),
    )
  }

  /** Every control total with all its sides; those of tables never taken do not hold. */
  results(): ControlTotal[] {
    const totals = controlRules.map((rule) => {
      const sides = this.#sides.get(rule.name)!
      const total = controlTotal(rule.name, rule.meaning, rule.unit, sides)
      return sides.length === rule.sides.length + 1 ? total : { ...total, holds: false }
    })
    return [...totals, ...this.#tableChecks]
  }
}

function controlTotal(
  name: string,
  meaning: string,
  unit: TotalUnit,
  sides: readonly ControlSide[],
): ControlTotal {
  return { name, meaning, unit, sides, holds: sides.every(({ value }) => value === sides[0]!.value) }
}

/** Where a side is read, for people. */
export function sideSource({ table, column }: TableSide): string {
  return column === undefined ? `${table} (rows)` : `${table}.${column}`
}

/** What a table says of one side. */
function sideTotal(figures: TableFigures, { column, except }: TableSide): Whole {
  if (column !== undefined) return figures.sum(column)
  return except === undefined ? figures.rowCount : figures.rowsExcept(except.column, except.text)
}
