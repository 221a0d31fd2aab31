import type { Needs } from '../collections/vectors.ts'
import type { RawTable } from '../raw/define.ts'
import type { AggregateContext, AnyAggregate, OutputVector } from '../tables/define.ts'
import type { AnyMetric, AnyRow } from './extensions.ts'
import { runOwnCode } from './own-code.ts'
import { vectorOf } from './row-values.ts'
import { aggregateReader, viewsOf } from './views.ts'

/** A table of the seven with metrics as further columns, in their order. */
export function withMetrics(
  base: AnyAggregate,
  metrics: readonly AnyMetric[],
  rawTables: readonly RawTable[],
): AnyAggregate {
  if (metrics.length === 0) return base
  const added = Object.fromEntries(metrics.map(({ name, column }) => [name, column]))
  return {
    ...base,
    needs: merged([base.needs as Needed, ...metrics.map(({ needs }) => needs)]) as Needs,
    columns: { ...base.columns, ...added },
    aggregate(handed: never, context: AggregateContext) {
      const rows = base.aggregate(handed, context)
      const rowAt = aggregateReader(base.columns, rows.columns)
      const columns: Record<string, OutputVector> = { ...rows.columns }
      for (const metric of metrics) {
        const what = `metric ${metric.table}.${metric.name}`
        const views = viewsOf(what, handed, metric.needs, rawTables)
        columns[metric.name] = runOwnCode(what, () => {
          const cellOf = cellFunction(metric, views, context)
          return vectorOf(what, metric.name, metric.column, rows.rowCount, (row) => cellOf(rowAt(row)))
        })
      }
      return { rowCount: rows.rowCount, columns }
    },
  }
}

function cellFunction(
  metric: AnyMetric,
  views: Readonly<Record<string, unknown>>,
  context: AggregateContext,
): (row: AnyRow) => unknown {
  const given = metric.compute(views, context)
  if (typeof given === 'function') return given as (row: AnyRow) => unknown
  throw new TypeError('compute must return a function that gives the value of a row')
}

type Needed = Readonly<Record<string, readonly string[]>>

/** What any of them needs. */
function merged(all: readonly Needed[]): Needed {
  const result: Record<string, string[]> = {}
  for (const needs of all) {
    for (const [table, columns] of Object.entries(needs))
      result[table] = [...new Set([...(result[table] ?? []), ...columns])]
  }
  return result
}
