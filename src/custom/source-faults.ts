import { nearestNames } from '../lib/texts/nearest.ts'
import type { RawTable } from '../raw/define.ts'
import { allRawTables, type RawTableName } from '../raw/index.ts'
import type { Rules } from '../rules/rules.ts'
import { asksForPlace, mappingFaults } from '../rules/sources/cells.ts'
import type { ExtraByTable, SettingProblem } from './setting-problem.ts'

/**
 * What is wrong with the mappings of source columns, beside what their schema says: columns that a raw table does not
 * have, steps that do not suit a column's kind, places without an order of which they are places, and filters that ask
 * a column which stands for another one in the file.
 */
export function sourceFaults({ rawTables: settings, filters }: Rules, extra: ExtraByTable): SettingProblem[] {
  const problems: SettingProblem[] = []
  for (const [table, { columns = {}, carryDown }] of Object.entries(settings)) {
    const { columns: declared }: RawTable = allRawTables[table as RawTableName]
    const known = new Map(Object.entries({ ...declared, ...extra[table as RawTableName] }))
    for (const [target, mapping] of Object.entries(columns)) {
      const path = ['rawTables', table, 'columns', target]
      const column = known.get(target)
      if (column === undefined) {
        problems.push({ path, ...unknownTarget(table, target, [...known.keys()]) })
        continue
      }
      for (const { key, message } of mappingFaults(target, column.kind, mapping))
        problems.push({ path: [...path, key], message })
      if (asksForPlace(mapping) && carryDown === undefined)
        problems.push({
          path,
          message: `{row} is the place of a row among those of its carryDown key; add carryDown to rawTables.${table}`,
        })
    }
  }
  filters.columns.forEach(({ table, column }, i) => {
    const mapping = settings[table].columns?.[column]
    const isOther = mapping !== undefined && mapping !== column
    const plain = typeof mapping === 'object' && mapping.column === column
    if (!isOther || plain) return
    const path = ['filters', 'columns', i, 'column']
    const message = `asks a column of the file, but ${column} of ${table} is made from another one; name that`
    problems.push({ path, message })
  })
  return problems
}

function unknownTarget(
  table: string,
  target: string,
  known: readonly string[],
): Pick<SettingProblem, 'message' | 'allowed'> {
  const [near] = nearestNames(target, known)
  const meant = near === undefined ? '' : `; did you mean ${near}?`
  return {
    message: `${table} has no column ${target}${meant} Write what the table calls it, then the column of the file: order_id: Name`,
    allowed: known.join(', '),
  }
}
