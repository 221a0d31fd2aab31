import { existsSync, readFileSync, rmSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { inShell, run } from '../faults/commands.ts'
import { hasStrace } from '../faults/tracing.ts'
import { cases } from '../support/effort.ts'
import { eachWithPruneWorkspace, filesOf, type PruneWorkspace } from '../support/prune-workspace.ts'

let workspace: PruneWorkspace
eachWithPruneWorkspace((own) => {
  workspace = own
})

test('what an error stops half-way is told, and the next start finishes it', async () => {
  await workspace.processed()
  const names = ['order_table.csv', 'pageview_table.csv', 'click_table.csv']
  const [small, large] = names.map((name) => gzipSync(workspace.sample.get(name)!).length) as [number, number]
  const kilobytes = Math.ceil(small / 1024)
  expect(large).toBeGreaterThan(kilobytes * 1024)
  workspace.age(40, ...names)
  const by = inShell(`ulimit -f ${kilobytes}; exec "$@"`)
  const ended = await run(['prune', '--older-than', '30d'], { cwd: workspace.folder, by })
  expect([ended.exit, ended.stderr.includes('write_failed')], ended.stderr).toEqual([74, true])
  expect(ended.stdout).toMatch(/^order_table\.csv .* archived$/m)
  expect(ended.stdout).toMatch(/^pageview_table\.csv .* kept: it could not be done/m)
  expect(ended.stdout).toMatch(/^click_table\.csv .* kept: not reached/m)
  expect(filesOf(workspace.archived('.'))).toEqual(['order_table.csv.gz'])
  expect(filesOf(workspace.raw('archive')), 'no half-written file').toEqual([workspace.manifest().run_id])
  expect((await workspace.prune('--quiet')).exit).toBe(0)
  for (const name of names)
    expect(
      gunzipSync(readFileSync(workspace.archived(`${name}.gz`))).equals(workspace.sample.get(name)!),
      name,
    ).toBe(true)
})

describe.skipIf(!hasStrace)('kill -9', () => {
  const OLD = ['order_table.csv', 'click_table.csv.gz']

  test.each([
    ['?mkdir,?mkdirat'],
    ['?write,?pwrite64,?writev'],
    ['?fsync,?fdatasync'],
    ['?rename,?renameat,?renameat2'],
    ['?unlink,?unlinkat'],
  ])(
    'at each %s: the raw file or its whole archive is there, and the next start finishes',
    {
      timeout: 300_000,
    },
    async (names) => {
      const zipped = gzipSync(workspace.sample.get('click_table.csv')!)
      workspace.write('click_table.csv.gz', zipped)
      workspace.remove('click_table.csv')
      await workspace.processed()
      const expected = new Map([
        ['order_table.csv', workspace.sample.get('order_table.csv')!],
        ['click_table.csv.gz', zipped],
      ])
      let kills = 0
      // Most writes are of the words of the program; by default every third is struck.
      const step = names.includes('write') ? cases(3, 1) : 1
      for (let number = 1; ; number += step) {
        for (const [name, bytes] of expected) workspace.write(name, bytes)
        rmSync(workspace.raw('archive'), { recursive: true, force: true })
        workspace.age(40, ...OLD)
        const by = [
          'strace',
          '-o',
          '/dev/null',
          `--trace=${names}`,
          `--inject=${names}:signal=SIGKILL:when=${number}`,
        ]
        const { exit } = await run(['prune', '--older-than', '30d', '--quiet'], { cwd: workspace.folder, by })
        for (const [name, bytes] of expected) {
          const there = existsSync(workspace.raw(name)) ? readFileSync(workspace.raw(name)) : contentOf(name)
          expect(there.equals(bytes), `${name} after a kill at call ${number}`).toBe(true)
        }
        if (exit === 0) break
        expect(exit === 'SIGKILL' || exit === 137, String(exit)).toBe(true)
        kills++
        expect((await workspace.prune('--quiet')).exit).toBe(0)
        expect(filesOf(workspace.raw('archive'))).toEqual([workspace.manifest().run_id])
        expect(filesOf(workspace.archived('.'))).toEqual(['click_table.csv.gz', 'order_table.csv.gz'])
        for (const [name, bytes] of expected) {
          expect(existsSync(workspace.raw(name))).toBe(false)
          expect(contentOf(name).equals(bytes), name).toBe(true)
        }
      }
      expect(kills).toBeGreaterThan(0)
    },
  )

  function contentOf(name: string): Buffer {
    const bytes = readFileSync(workspace.archived(name.endsWith('.gz') ? name : `${name}.gz`))
    return name.endsWith('.gz') ? bytes : gunzipSync(bytes)
  }
})
