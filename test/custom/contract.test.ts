import { describe, expect, test } from 'vitest'
import { column } from '../../src/custom/columns.ts'
import { contractOf } from '../../src/custom/contract.ts'
import { defineMetric } from '../../src/custom/extensions.ts'
import { defaultRules } from '../../src/rules/rules.ts'
import { runInMemory } from '../support/memory-run.ts'
import {
  extensionsOf,
  refundRows,
  runOptional as run,
  OPTIONAL_SHOP as shop,
  spendRows,
} from '../support/optional-tables.ts'
import { RAW_TABLE_NAMES } from '../support/raw-table-names.ts'

describe('what is read', () => {
  const namesOf = (given: object) => {
    const { rawTables, unreadTables } = contractOf(defaultRules, extensionsOf(given))
    return { read: rawTables.map(({ name }) => name), unread: unreadTables.map(({ name }) => name) }
  }

  test('only the usual tables, if nothing needs another', () => {
    expect(namesOf({})).toEqual({
      read: RAW_TABLE_NAMES,
      unread: ['marketing_spend_table', 'refund_table'],
    })
  })

  test('an optional one behind them, if a table or a metric needs it', () => {
    const metric = defineMetric({
      table: 'daily_business_metrics',
      name: 'spend_rows',
      column: column.count('rows'),
      needs: { marketing_spend_table: ['time'] },
      compute:
        ({ marketing_spend_table }) =>
        () =>
          marketing_spend_table.rowCount,
    })
    expect(namesOf({ metrics: [metric] })).toEqual({
      read: [...RAW_TABLE_NAMES, 'marketing_spend_table'],
      unread: ['refund_table'],
    })
    expect(namesOf({ tables: [refundRows] }).read).toEqual([...RAW_TABLE_NAMES, 'refund_table'])
    expect(namesOf({ tables: [refundRows, spendRows] }).read).toEqual([
      ...RAW_TABLE_NAMES,
      'marketing_spend_table',
      'refund_table',
    ])
  })

  test('settings and columns for a table that nothing needs change nothing', async () => {
    const rules = {
      rawTables: { marketing_spend_table: { key: ['time', 'device'], maxRejectRate: 0 } },
      filters: { columns: [{ table: 'refund_table', column: 'status', equals: 'void' }] },
    }
    const given = { extraColumns: { marketing_spend_table: { device: { kind: 'text', meaning: 'd' } } } }
    const { csvs } = await runInMemory(
      { ...shop, 'marketing_spend_table.csv': 'nothing\n' },
      { extensions: extensionsOf(given, rules), rules },
    )
    expect(csvs).toEqual((await runInMemory(shop)).csvs)
  })
})

test('a missing file of a table that is needed is an empty table', async () => {
  const done = await run({})
  expect(done.csvs.spend_rows!.split('\n')).toHaveLength(2)
  expect(done.inputs).toMatchObject({ marketing_spend_table: { read: 0 }, refund_table: { read: 0 } })
})
