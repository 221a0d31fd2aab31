import type { Needs } from '../collections/vectors.ts'
import { KnownError } from '../lib/errors.ts'
import type { RawTable } from '../raw/define.ts'
import { countKeys } from '../tables/check-rows.ts'
import type { AggregateContext, AggregateRows, AnyAggregate, OutputColumns } from '../tables/define.ts'
import type { AnyOwnTable, AnyRow } from './extensions.ts'
import { badValue, runOwnCode } from './own-code.ts'
import { vectorOf } from './row-values.ts'
import { viewsOf } from './views.ts'

/** An own table as a definition like those of the seven. */
export function ownAggregate(table: AnyOwnTable, rawTables: readonly RawTable[]): AnyAggregate {
  const what = `table ${table.name}`
  const aggregate = (handed: never, context: AggregateContext): AggregateRows<OutputColumns> => {
    const views = viewsOf(what, handed, table.needs, rawTables)
    const given = runOwnCode(what, () => table.aggregate(views, context))
    const rows = isColumns(given) ? given : fromRows(what, table, given)
    checkColumns(what, table, rows)
    checkKeys(what, definition, rows)
    return rows
  }
  const facts = { written: 'always', totals: {} } as const
  const needs = table.needs as Needs
  const definition: AnyAggregate = { ...table, ...facts, needs, sharesColumns: true, aggregate }
  return definition
}

function isColumns(given: unknown): given is AggregateRows<OutputColumns> {
  return typeof given === 'object' && given !== null && 'rowCount' in given && 'columns' in given
}

function fromRows(what: string, table: AnyOwnTable, given: unknown): AggregateRows<OutputColumns> {
  if (typeof given !== 'object' || given === null || !(Symbol.iterator in given)) {
    const isPromise = given instanceof Promise
    throw new KnownError(
      'config',
      'own_value_invalid',
      `${what} gave ${isPromise ? 'a promise' : `a value of type ${typeof given}`} instead of rows`,
      {
        found: isPromise ? 'a promise' : typeof given,
        allowed: 'a list (or another iterable) of rows, or { rowCount, columns }',
        hint: isPromise ? 'aggregate must not be async: all rows are in memory already' : 'return the rows',
      },
    )
  }
  const rows = runOwnCode(what, () => [...(given as Iterable<AnyRow>)])
  const columns = Object.entries(table.columns).map(([name, column]) => {
    const cellOf = (row: number) => rows[row]?.[name]
    return [name, vectorOf(what, name, column, rows.length, cellOf)] as const
  })
  return { rowCount: rows.length, columns: Object.fromEntries(columns) }
}

function checkColumns(what: string, table: AnyOwnTable, rows: AggregateRows<OutputColumns>): void {
  const missing = Object.keys(table.columns).filter(
    (name) => !Object.hasOwn(rows.columns, name) || rows.columns[name] === undefined,
  )
  if (missing.length === 0) return
  throw new KnownError('config', 'own_value_invalid', `${what} gave no column ${missing.join(', ')}`, {
    found: Object.keys(rows.columns).join(', '),
    allowed: Object.keys(table.columns).join(', '),
    hint: 'give every column that the table declares',
  })
}

/** Two rows of one key would be a table whose order, and so whose bytes, depend on chance. */
function checkKeys(what: string, definition: AnyAggregate, rows: AggregateRows<OutputColumns>): void {
  for (const name of definition.key) {
    const vector = rows.columns[name]!
    if (!(vector instanceof Float64Array)) continue
    const empty = vector.findIndex(Number.isNaN)
    if (empty >= 0) throw badValue(what, name, empty, 'null', 'a number, since the column is part of the key')
  }
  const keys = countKeys({ ...rows, definition, order: new Int32Array(0) })
  if (keys === rows.rowCount) return
  const key = definition.key.join(', ')
  throw new KnownError(
    'config',
    'own_key_repeated',
    `${what} gave ${rows.rowCount} rows with only ${keys} different keys (${key})`,
    {
      found: `${rows.rowCount - keys} rows that repeat a key`,
      allowed: `one row for each ${key}`,
      hint: 'group the rows by the whole key, or add the column that tells them apart to key and order',
    },
  )
}
