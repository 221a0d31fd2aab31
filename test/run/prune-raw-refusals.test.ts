import { rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { takeLock } from '../../src/run/lock/lock.ts'
import {
  CSVS,
  eachWithPruneWorkspace,
  expectRefused,
  filesOf,
  type PruneWorkspace,
} from '../support/prune-workspace.ts'

let workspace: PruneWorkspace
eachWithPruneWorkspace((own) => {
  workspace = own
})

describe('nothing is touched', () => {
  test.each([
    [
      'a set that is not whole',
      65,
      'set_not_whole',
      () => writeFileSync(workspace.published('coupon_performance.csv'), '\n', { flag: 'a' }),
    ],
    ['no manifest', 65, 'ecomagg process', () => rmSync(workspace.published('manifest.json'))],
    [
      'a manifest whose run id would lead elsewhere',
      65,
      'manifest_damaged',
      () => {
        const changed = { ...workspace.manifest(), run_id: '../../elsewhere' }
        writeFileSync(workspace.published('manifest.json'), JSON.stringify(changed))
      },
    ],
    [
      'a damaged manifest',
      65,
      'manifest_damaged',
      () => writeFileSync(workspace.published('manifest.json'), '{'),
    ],
    ['no output folder', 66, 'no_output', () => rmSync(workspace.output, { recursive: true })],
  ])('%s: exit %i', async (_, exit, word, spoil) => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    spoil()
    for (const args of [[], ['--delete'], ['--dry-run']])
      expectRefused(await workspace.prune(...args), exit, word)
    expect(filesOf(workspace.input)).toEqual([...CSVS].sort())
  })

  test('no input folder: exit 66', async () => {
    await workspace.processed()
    expectRefused(await workspace.prune('--input', 'nowhere'), 66, 'missing_folder')
  })

  test('while another run holds the lock: exit 75', async () => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    const holder = { pid: process.pid, host: 'here', run_id: 'a test', started_at: '2024-01-01T00:00:00Z' }
    const lock = await takeLock(workspace.output, holder)
    try {
      for (const args of [[], ['--dry-run']])
        expectRefused(await workspace.prune(...args), 75, `process ${process.pid}`)
    } finally {
      lock.release()
    }
    expect(filesOf(workspace.input)).toEqual([...CSVS].sort())
    expect((await workspace.pruned('--delete')).get('click_table.csv')!.action).toBe('deleted')
  })

  test.each([['30'], ['d'], ['0d'], ['-1d'], ['1.5d'], ['30 d'], ['30m'], ['1000000d'], ['']])(
    '--older-than %j: exit 64',
    async (text) => {
      const ended = await workspace.ecomagg(['prune', `--older-than=${text}`])
      expectRefused(ended, 64, '--older-than')
    },
  )

  test('without --older-than, with --delete and --archive, with an empty folder: exit 64', async () => {
    expectRefused(await workspace.ecomagg(['prune']), 64, '--older-than')
    expectRefused(await workspace.prune('--delete', '--archive', 'x'), 64, '--archive')
    expectRefused(await workspace.prune('--archive', ''), 64, '--archive')
  })
})
