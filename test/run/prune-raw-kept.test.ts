import { existsSync, readFileSync, renameSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  CSVS,
  DAY,
  eachWithPruneWorkspace,
  filesOf,
  type PruneWorkspace,
} from '../support/prune-workspace.ts'

let workspace: PruneWorkspace
eachWithPruneWorkspace((own) => {
  workspace = own
})

describe('is kept', () => {
  const kept = (reason: string) => ({ action: 'kept', reason: expect.stringContaining(reason) })

  test.each([
    ['another size', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')])],
    [
      'the same size',
      (bytes: Buffer) => {
        const copy = Buffer.from(bytes)
        copy[copy.length - 2]! ^= 1
        return copy
      },
    ],
  ])('a file that was changed, with %s', async (_, change) => {
    await workspace.processed()
    workspace.write('click_table.csv', change(workspace.sample.get('click_table.csv')!))
    workspace.age(40, 'click_table.csv', 'order_table.csv')
    const result = await workspace.pruned()
    expect(result.get('click_table.csv')).toEqual(kept('not the file'))
    expect(result.get('order_table.csv')!.action).toBe('archived')
    expect(existsSync(workspace.raw('click_table.csv'))).toBe(true)
  })

  test('a file that is not old enough, by the hour', async () => {
    await workspace.processed()
    workspace.age(30 - 1 / 24, 'click_table.csv')
    workspace.age(30 + 1 / 24, 'order_table.csv')
    workspace.age(-3, 'user_table.csv')
    const result = await workspace.pruned('--delete')
    expect(result.get('click_table.csv')).toEqual(kept('not old enough'))
    expect(result.get('user_table.csv')).toEqual(kept('not old enough'))
    expect(result.get('order_table.csv')!.action).toBe('deleted')
  })

  test('a file of another folder, although its content is the same', async () => {
    await workspace.processed()
    renameSync(workspace.input, join(workspace.folder, 'moved'))
    const time = new Date(Date.now() - 40 * DAY)
    for (const name of CSVS) utimesSync(join(workspace.folder, 'moved', name), time, time)
    const { exit, stdout } = await workspace.prune('--input', 'moved', '--delete')
    expect(exit).toBe(0)
    expect(stdout).toContain(`read another folder, ${workspace.input}`)
    expect(filesOf(join(workspace.folder, 'moved'))).toEqual([...CSVS].sort())
  })

  test('a file that no run read: another form of a table, or one that came later', async () => {
    workspace.remove('click_table.csv')
    await workspace.processed('--allow-missing')
    workspace.write('click_table.csv', workspace.sample.get('click_table.csv')!)
    workspace.write('order_table.csv.gz', gzipSync(workspace.sample.get('order_table.csv')!))
    workspace.write('notes.csv', 'a\n')
    workspace.age(40, 'click_table.csv', 'order_table.csv', 'order_table.csv.gz', 'notes.csv')
    const result = await workspace.pruned('--delete')
    expect(result.get('click_table.csv')).toEqual(kept('did not read it'))
    expect(result.get('order_table.csv.gz')).toEqual(kept('did not read it'))
    expect(result.get('order_table.csv')!.action).toBe('deleted')
    expect([result.has('notes.csv'), existsSync(workspace.raw('notes.csv'))]).toEqual([false, true])
  })

  test.each([
    ['--since', '2000-01-01'],
    ['--until', '2100-01-01'],
  ])('a file of a run with %s, even if no row fell outside', async (...range) => {
    await workspace.processed(...range)
    workspace.age(40, ...CSVS)
    const before = workspace.everything()
    for (const name of CSVS) expect((await workspace.pruned()).get(name)).toEqual(kept('range of dates'))
    expect(workspace.everything()).toEqual(before)
  })

  test('a symbolic link, and what it points to', async () => {
    const target = join(workspace.folder, 'clicks.csv')
    renameSync(workspace.raw('click_table.csv'), target)
    symlinkSync(target, workspace.raw('click_table.csv'))
    await workspace.processed()
    workspace.age(40, 'click_table.csv')
    for (const args of [[], ['--delete']]) {
      expect((await workspace.pruned(...args)).get('click_table.csv')).toEqual(kept('symbolic link'))
    }
    expect(readFileSync(target).equals(workspace.sample.get('click_table.csv')!)).toBe(true)
  })

  test('a file of a run that did not note its inputs: process is to run again', async () => {
    await workspace.processed()
    workspace.forgetInputs()
    workspace.age(40, ...CSVS)
    const result = await workspace.pruned('--delete')
    for (const name of CSVS) expect(result.get(name)).toEqual(kept('run ecomagg process again'))
    await workspace.processed()
    for (const { action } of (await workspace.pruned('--delete')).values()) expect(action).toBe('deleted')
  })
})
