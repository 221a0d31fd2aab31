import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  CSVS,
  eachWithPruneWorkspace,
  expectRefused,
  filesOf,
  type PruneWorkspace,
  resultSchema,
} from '../support/prune-workspace.ts'

let workspace: PruneWorkspace
eachWithPruneWorkspace((own) => {
  workspace = own
})

describe('archiving', () => {
  test('a dry run says what would be done and changes nothing', async () => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    const before = workspace.everything()
    const { exit, stdout, stderr } = await workspace.prune('--dry-run')
    expect([exit, stderr]).toEqual([0, ''])
    for (const name of CSVS) expect(stdout).toMatch(new RegExp(`^${name} +40 d .* would archive$`, 'm'))
    expect((await workspace.pruned('--dry-run', '--delete')).get('click_table.csv')!.action).toBe(
      'would delete',
    )
    expect(workspace.everything()).toEqual(before)
    expect(filesOf(workspace.input)).toEqual([...CSVS].sort())
    expect(filesOf(workspace.output)).not.toContain('.ecomagg')
  })

  test('leaves the same bytes in the archive, and the raw files are gone', async () => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    const { exit, stdout, stderr } = await workspace.prune()
    expect([exit, stderr]).toEqual([0, ''])
    for (const name of CSVS) expect(stdout).toMatch(new RegExp(`^${name} +40 d .* archived$`, 'm'))
    expect(filesOf(workspace.input)).toEqual(['archive'])
    expect(filesOf(workspace.raw('archive'))).toEqual([workspace.manifest().run_id])
    expect(filesOf(workspace.archived('.'))).toEqual(CSVS.map((name) => `${name}.gz`).sort())
    for (const [name, bytes] of workspace.sample) {
      const path = workspace.archived(`${name}.gz`)
      expect(gunzipSync(readFileSync(path)).equals(bytes), name).toBe(true)
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }
    expect(statSync(workspace.raw('archive')).mode & 0o777).toBe(0o750)
    expect(statSync(workspace.archived('.')).mode & 0o777).toBe(0o750)
    expect((await workspace.ecomagg(['verify', '--quiet'])).exit).toBe(0)
    expect((await workspace.prune()).stdout).toContain('nothing to do')
  })

  test('copies a file that is gzip already byte for byte, zeros at its end too', async () => {
    const zipped = Buffer.concat([
      gzipSync(workspace.sample.get('click_table.csv')!, { level: 1 }),
      Buffer.alloc(700),
    ])
    workspace.write('click_table.csv.gz', zipped)
    workspace.remove('click_table.csv')
    await workspace.processed()
    workspace.age(40, 'click_table.csv.gz')
    const box = join(workspace.folder, 'far', 'box')
    const result = await workspace.prune('--json', '--archive', box)
    expect(result.exit, result.stderr).toBe(0)
    const path = join(box, workspace.manifest().run_id, 'click_table.csv.gz')
    expect(readFileSync(path).equals(zipped)).toBe(true)
    expect(resultSchema.parse(JSON.parse(result.stdout)).files.at(-1)).toMatchObject({
      file: workspace.raw('click_table.csv.gz'),
      bytes: zipped.length,
      action: 'archived',
      reason: null,
      archive: path,
    })
    expect(existsSync(workspace.raw('click_table.csv.gz'))).toBe(false)
    expect(existsSync(workspace.raw('archive'))).toBe(false)
  })

  test('with --quiet prints nothing; nothing that qualifies is no failure', async () => {
    await workspace.processed()
    expect((await workspace.prune()).stdout).toContain('nothing to do: none of 8 raw files qualifies')
    expect(existsSync(workspace.raw('archive'))).toBe(false)
    workspace.age(40, 'click_table.csv')
    expect(await workspace.prune('--quiet')).toEqual({ exit: 0, stdout: '', stderr: '' })
    expect(existsSync(workspace.raw('click_table.csv'))).toBe(false)
  })

  test('a job that was killed before the raw file went is finished', async () => {
    await workspace.processed()
    workspace.age(40, 'click_table.csv', 'order_table.csv')
    mkdirSync(workspace.archived('.'), { recursive: true })
    const bytes = workspace.sample.get('click_table.csv')!
    writeFileSync(workspace.archived('click_table.csv.gz'), gzipSync(bytes, { level: 1 }))
    const left = `.${workspace.manifest().run_id}.order_table.csv.gz.${2 ** 22 + 1}.tmp`
    writeFileSync(join(workspace.raw('archive'), left), 'half')
    writeFileSync(join(workspace.raw('archive'), 'mine.tmp'), '')
    expect((await workspace.pruned()).get('click_table.csv')!.action).toBe('archived')
    expect(existsSync(workspace.raw('click_table.csv'))).toBe(false)
    expect(gunzipSync(readFileSync(workspace.archived('click_table.csv.gz'))).equals(bytes)).toBe(true)
    expect(filesOf(workspace.raw('archive'))).toEqual([workspace.manifest().run_id, 'mine.tmp'])
  })

  test.each([
    ['other content', () => gzipSync('other')],
    ['no gzip at all', () => Buffer.from('x')],
    [
      'a gzip file that is cut short',
      () => gzipSync(workspace.sample.get('click_table.csv')!).subarray(0, -20),
    ],
  ])('an archive that is %s is refused, and nothing is changed', async (_, content) => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    mkdirSync(workspace.archived('.'), { recursive: true })
    writeFileSync(workspace.archived('click_table.csv.gz'), content())
    const before = workspace.everything()
    expectRefused(await workspace.prune(), 73, 'archive_differs')
    expect(workspace.everything()).toEqual(before)
  })

  test('a folder of the archive that is a link is refused', async () => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    const elsewhere = join(workspace.folder, 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(workspace.raw('archive'))
    symlinkSync(elsewhere, workspace.archived('.').replace(/\/$/, ''))
    expectRefused(await workspace.prune(), 73, 'symbolic link')
    expect([filesOf(elsewhere), existsSync(workspace.raw('click_table.csv'))]).toEqual([[], true])
  })

  test('an archive folder that is a file is refused', async () => {
    await workspace.processed()
    workspace.age(40, ...CSVS)
    writeFileSync(workspace.raw('archive'), '')
    expectRefused(await workspace.prune(), 73, 'cannot_create_folder')
    expect(filesOf(workspace.input)).toEqual([...CSVS, 'archive'].sort())
  })
})
