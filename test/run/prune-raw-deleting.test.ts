import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CSVS, eachWithPruneWorkspace, filesOf, type PruneWorkspace } from '../support/prune-workspace.ts'
import { fixtures } from '../support/workspace.ts'

let workspace: PruneWorkspace
eachWithPruneWorkspace((own) => {
  workspace = own
})

describe('deleting', () => {
  test('removes the raw files and archives nothing', async () => {
    await workspace.processed()
    workspace.age(40, ...CSVS.slice(1))
    const { exit, stdout } = await workspace.prune('--delete')
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^click_table\.csv .* deleted$/m)
    expect(filesOf(workspace.input)).toEqual(['user_table.csv'])
  })

  test('never where rows were rejected or conflicting; those are archived', async () => {
    workspace.copyFrom(join(fixtures, 'cases/duplicates_and_rejects/raw_data'))
    workspace.write('click_table.csv', workspace.sample.get('click_table.csv')!)
    await workspace.processed('--max-reject-rate', '1')
    workspace.age(40, ...CSVS)
    const result = await workspace.pruned('--delete')
    for (const name of CSVS.slice(0, -1)) {
      expect(result.get(name), name).toMatchObject({
        action: 'kept',
        reason: expect.stringContaining('archive it'),
      })
    }
    expect(result.get('click_table.csv')!.action).toBe('deleted')
    expect(new Set([...(await workspace.pruned()).values()].map(({ action }) => action))).toEqual(
      new Set(['archived']),
    )
    expect(filesOf(workspace.archived('.'))).toHaveLength(7)
  })
})
