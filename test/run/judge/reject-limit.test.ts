import { expect, test } from 'vitest'
import { KnownError } from '../../../src/lib/errors.ts'
import { rulesSchema } from '../../../src/rules/rules.ts'
import { checkRejectLimit } from '../../../src/run/judge/reject-limit.ts'
import { runInMemory } from '../../support/memory-run.ts'
import { orderShop } from '../../support/order-shop.ts'

/** Of ten sessions two are rejected, of ten pageviews one. */
const rows = (bad: number, row: (i: number, time: string) => string) =>
  Array.from({ length: 10 }, (_, i) => row(i, i < bad ? 'someday' : '2025-01-01'))
const files = {
  ...orderShop([]),
  'session_table.csv': ['user_id,session_id,time', ...rows(2, (i, time) => `u,s${i},${time}`), ''].join('\n'),
  'pageview_table.csv': [
    'event_id,user_id,session_id,time,path',
    ...rows(1, (i, time) => `v${i},u,s,${time},/`),
    '',
  ].join('\n'),
}

/** The tables that are refused. */
async function refused(given: Readonly<Record<string, unknown>>): Promise<unknown[]> {
  const { loaded } = await runInMemory(files, { rules: given })
  try {
    checkRejectLimit(loaded.inputs, rulesSchema.parse(given), false)
    return []
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const problems = error.problems.length > 0 ? error.problems : [error]
    return problems.map(({ details }) => details.table)
  }
}

test('the limit of a table stands instead of the general one, higher or lower', async () => {
  const limits = (session?: number, view?: number) => ({
    ...(session !== undefined && { session_table: { maxRejectRate: session } }),
    ...(view !== undefined && { pageview_table: { maxRejectRate: view } }),
  })
  expect(await refused({ maxRejectRate: 0.2 })).toEqual([])
  expect(await refused({ maxRejectRate: 0.19 })).toEqual(['session_table'])
  expect(await refused({ maxRejectRate: 0.09 })).toEqual(['session_table', 'pageview_table'])
  expect(await refused({ maxRejectRate: 0.09, rawTables: limits(0.2) })).toEqual(['pageview_table'])
  expect(await refused({ maxRejectRate: 0.09, rawTables: limits(0.2, 0.1) })).toEqual([])
  expect(await refused({ maxRejectRate: 1, rawTables: limits(undefined, 0.09) })).toEqual(['pageview_table'])
  expect(await refused({ maxRejectRate: 1, rawTables: limits(0, 0) })).toEqual([
    'session_table',
    'pageview_table',
  ])
})
