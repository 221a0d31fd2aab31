import { ExactVector } from '../collections/exact-vector.ts'
import type { TextVector } from '../collections/vectors.ts'
import { add, type Whole } from '../lib/exact.ts'
import type { AggregateTable } from '../tables/aggregate-table.ts'
import { countKeys, countOrderBreaks } from '../tables/check-rows.ts'
import { type ControlTables, controlRules, sum, type TableSide, type TotalUnit } from './control-rules.ts'

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
export function acceptedTotals(tables: ControlTables): Map<string, Whole> {
  return new Map(controlRules.map((rule) => [rule.name, rule.accepted(tables)]))
}

/** What one side of a control total says. */
export interface TakenSide {
  /** The control total, by its name. */
  readonly rule: string
  readonly side: TableSide
  readonly value: Whole
}

/** Rows of one table, and how many of them break its promises. */
export interface TableChecks {
  readonly rows: number
  readonly keys: number
  readonly orderBreaks: number
}

/** What a finished table says of the control totals that name it. */
export function tableSides(table: AggregateTable): TakenSide[] {
  return sidesOf(table.definition.name).map(({ rule, side }) => ({
    rule,
    side,
    value: sideTotal(table, side),
  }))
}

/** The sides that are read from one aggregate table. */
export function sidesOf(table: string): { readonly rule: string; readonly side: TableSide }[] {
  return controlRules.flatMap((rule) =>
    rule.sides.filter((side) => side.table === table).map((side) => ({ rule: rule.name, side })),
  )
}

export function tableChecks(table: AggregateTable): TableChecks {
  return { rows: table.rowCount, keys: countKeys(table), orderBreaks: countOrderBreaks(table) }
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
  take(table: AggregateTable): void {
    const { name, key } = table.definition
    this.takeTable(name, key, tableSides(table), tableChecks(table))
  }

  /** Takes what is known of a table without having it as a whole. */
  takeTable(name: string, key: readonly string[], sides: readonly TakenSide[], checks: TableChecks): void {
    for (const { rule, side, value } of sides)
      this.#sides.get(rule)!.push({ source: sideSource(side), value })
    this.#tableChecks.push(
      controlTotal(`${name}_key`, 'every row has its own key', 'count', [
        { source: 'rows', value: checks.rows },
        { source: `different keys (${key.join(', ')})`, value: checks.keys },
      ]),
      controlTotal(`${name}_order`, 'rows stand in their order', 'count', [
        { source: 'rows out of order', value: checks.orderBreaks },
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

/** What a table says of one side. @param rows those that count; all of the table if left out */
export function sideTotal(table: AggregateTable, { column, except }: TableSide, rows?: Int32Array): Whole {
  const count = rows?.length ?? table.rowCount
  if (column !== undefined) return columnSum(table, column, rows)
  if (except === undefined) return count
  const { codes, dictionary } = table.columns[except.column] as TextVector
  const excepted = dictionary.findText(except.text)
  let others = 0
  for (let i = 0; i < count; i++) if (codes[rows?.[i] ?? i] !== excepted) others++
  return others
}

function columnSum(table: AggregateTable, column: string, rows: Int32Array | undefined): Whole {
  const vector = table.columns[column]
  if (vector instanceof ExactVector) {
    if (rows === undefined) return vector.sum()
    return rows.reduce<Whole>((total, row) => add(total, vector.get(row) ?? 0), 0)
  }
  if (vector === undefined || 'codes' in vector) throw new Error(`${column} cannot be added up`)
  return sum(rows === undefined ? vector : Float64Array.from(rows, (row) => vector[row]!))
}
