import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { takeLock } from '../../src/run/lock.ts'
import { inShell, run } from '../faults/commands.ts'
import { hasStrace } from '../faults/tracing.ts'
import { type Ended, fixtures, Workspace } from '../support/workspace.ts'

const TABLES = [
  'user_table',
  'session_table',
  'order_table',
  'order_line_item_table',
  'add_to_cart_table',
  'pageview_table',
  'scroll_table',
  'click_table',
]
const CSVS = TABLES.map((table) => `${table}.csv`)
const DAY = 86_400_000

const resultSchema = z.strictObject({
  run_id: z.string(),
  files: z.array(
    z.strictObject({
      file: z.string(),
      bytes: z.number(),
      age_seconds: z.number(),
      action: z.enum(['archived', 'deleted', 'kept', 'would archive', 'would delete']),
      reason: z.string().nullable(),
      archive: z.string().nullable(),
    }),
  ),
})

const manifestSchema = z.looseObject({
  run_id: z.string(),
  input_folder: z.string().optional(),
  inputs: z
    .array(
      z.strictObject({
        table: z.string(),
        file: z.string(),
        bytes: z.number(),
        sha256: z.string(),
        accounting: z.record(z.string(), z.number()),
      }),
    )
    .optional(),
})

/** The bytes of sample data, made once. */
const sample = new Map<string, Buffer>()
let workspace = new Workspace()
const raw = (name: string) => join(workspace.input, name)
const published = (name: string) => join(workspace.output, name)
const filesOf = (folder: string) => readdirSync(folder).sort()
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const manifest = () => manifestSchema.parse(JSON.parse(readFileSync(published('manifest.json'), 'utf8')))
const archived = (name: string) => join(workspace.input, 'archive', manifest().run_id, name)

function age(days: number, ...names: string[]): void {
  const time = new Date(Date.now() - days * DAY)
  for (const name of names) utimesSync(raw(name), time, time)
}

async function processed(...args: string[]): Promise<void> {
  const { exit, stderr } = await workspace.ecomagg(['process', '--quiet', ...args])
  expect([exit, stderr]).toEqual([0, ''])
}

const prune = (...args: string[]) => workspace.ecomagg(['prune', '--older-than', '30d', ...args])

/** What was done with each file, by its name. */
async function pruned(...args: string[]): Promise<ReadonlyMap<string, { action: string; reason: string }>> {
  const { exit, stdout, stderr } = await prune('--json', ...args)
  expect([exit, stderr]).toEqual([0, ''])
  return new Map(
    resultSchema
      .parse(JSON.parse(stdout))
      .files.map(({ file, action, reason }) => [
        file.slice(workspace.input.length + 1),
        { action, reason: reason ?? '' },
      ]),
  )
}

/** Every file below the workspace with its bytes and time of change. */
function everything(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(workspace.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, `${statSync(path).mtimeMs} ${sha256(readFileSync(path))}`]),
  )
}

function expectRefused({ exit, stdout, stderr }: Ended, code: number, word: string): void {
  expect([exit, stdout], stderr).toEqual([code, ''])
  expect(stderr).toContain(word)
}

beforeAll(async () => {
  const made = new Workspace()
  const { exit } = await made.ecomagg(['sample', '--quiet', '--sessions', '40', '--days', '5'])
  expect(exit).toBe(0)
  for (const name of CSVS) sample.set(name, readFileSync(join(made.input, name)))
  made.dispose()
})

beforeEach(() => {
  workspace.dispose()
  workspace = new Workspace()
  for (const [name, bytes] of sample) workspace.write(name, bytes)
})

afterAll(() => workspace.dispose())

describe('the manifest', () => {
  test('names each raw file with the sha256 of its bytes on disk and its accounting', async () => {
    const clicks = gzipSync(sample.get('click_table.csv')!)
    // Zeros may follow the last member, and belong to the bytes on disk.
    const scrolls = Buffer.concat([gzipSync(sample.get('scroll_table.csv')!), Buffer.alloc(3_000_000)])
    workspace.write('click_table.csv.gz', clicks)
    workspace.write('scroll_table.csv.gz', scrolls)
    workspace.remove('click_table.csv')
    workspace.remove('scroll_table.csv')
    workspace.remove('user_table.csv')
    await processed('--allow-missing')
    const { input_folder, inputs } = manifest()
    expect(input_folder).toBe(workspace.input)
    const expected = new Map([...sample, ['click_table.csv.gz', clicks], ['scroll_table.csv.gz', scrolls]])
    const names = filesOf(workspace.input)
    expect(inputs!.map(({ file }) => file).sort()).toEqual(names)
    for (const { table, file, bytes, sha256: found } of inputs!) {
      expect([`${table}.csv`, `${table}.csv.gz`]).toContain(file)
      expect([file, bytes, found]).toEqual([file, expected.get(file)!.length, sha256(expected.get(file)!)])
    }
    const [recordFile] = filesOf(workspace.logs).filter((name) => name.endsWith('.json'))
    const record = JSON.parse(readFileSync(join(workspace.logs, recordFile!), 'utf8'))
    for (const { file, sha256: found } of record.inputs) {
      expect(found).toBe(file === null ? null : sha256(readFileSync(file)))
    }
  })

  test('holds the accounting that a golden case expects', async () => {
    const folder = join(fixtures, 'cases/duplicates_and_rejects')
    workspace.copyFrom(join(folder, 'raw_data'))
    await processed('--max-reject-rate', '1')
    const golden = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'))
    const found = manifest().inputs!.map(({ table, accounting }) => [table, accounting])
    expect(Object.fromEntries(found)).toEqual(golden.accounting)
  })

  test('of an older version can still be verified', async () => {
    await processed()
    forgetInputs()
    expect(await workspace.ecomagg(['verify', '--quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' })
  })
})

function forgetInputs(): void {
  const { inputs: _, input_folder: __, ...older } = manifest()
  writeFileSync(published('manifest.json'), JSON.stringify(older))
}

describe('archiving', () => {
  test('a dry run says what would be done and changes nothing', async () => {
    await processed()
    age(40, ...CSVS)
    const before = everything()
    const { exit, stdout, stderr } = await prune('--dry-run')
    expect([exit, stderr]).toEqual([0, ''])
    for (const name of CSVS) expect(stdout).toMatch(new RegExp(`^${name} +40 d .* would archive$`, 'm'))
    expect((await pruned('--dry-run', '--delete')).get('click_table.csv')!.action).toBe('would delete')
    expect(everything()).toEqual(before)
    expect(filesOf(workspace.input)).toEqual([...CSVS].sort())
    expect(filesOf(workspace.output)).not.toContain('.ecomagg')
  })

  test('leaves the same bytes in the archive, and the raw files are gone', async () => {
    await processed()
    age(40, ...CSVS)
    const { exit, stdout, stderr } = await prune()
    expect([exit, stderr]).toEqual([0, ''])
    for (const name of CSVS) expect(stdout).toMatch(new RegExp(`^${name} +40 d .* archived$`, 'm'))
    expect(filesOf(workspace.input)).toEqual(['archive'])
    expect(filesOf(raw('archive'))).toEqual([manifest().run_id])
    expect(filesOf(archived('.'))).toEqual(CSVS.map((name) => `${name}.gz`).sort())
    for (const [name, bytes] of sample) {
      const path = archived(`${name}.gz`)
      expect(gunzipSync(readFileSync(path)).equals(bytes), name).toBe(true)
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }
    expect(statSync(raw('archive')).mode & 0o777).toBe(0o750)
    expect(statSync(archived('.')).mode & 0o777).toBe(0o750)
    expect((await workspace.ecomagg(['verify', '--quiet'])).exit).toBe(0)
    expect((await prune()).stdout).toContain('nothing to do')
  })

  test('copies a file that is gzip already byte for byte, zeros at its end too', async () => {
    const zipped = Buffer.concat([gzipSync(sample.get('click_table.csv')!, { level: 1 }), Buffer.alloc(700)])
    workspace.write('click_table.csv.gz', zipped)
    workspace.remove('click_table.csv')
    await processed()
    age(40, 'click_table.csv.gz')
    const box = join(workspace.folder, 'far', 'box')
    const result = await prune('--json', '--archive', box)
    expect(result.exit, result.stderr).toBe(0)
    const path = join(box, manifest().run_id, 'click_table.csv.gz')
    expect(readFileSync(path).equals(zipped)).toBe(true)
    expect(resultSchema.parse(JSON.parse(result.stdout)).files.at(-1)).toMatchObject({
      file: raw('click_table.csv.gz'),
      bytes: zipped.length,
      action: 'archived',
      reason: null,
      archive: path,
    })
    expect(existsSync(raw('click_table.csv.gz'))).toBe(false)
    expect(existsSync(raw('archive'))).toBe(false)
  })

  test('with --quiet prints nothing; nothing that qualifies is no failure', async () => {
    await processed()
    expect((await prune()).stdout).toContain('nothing to do: none of 8 raw files qualifies')
    expect(existsSync(raw('archive'))).toBe(false)
    age(40, 'click_table.csv')
    expect(await prune('--quiet')).toEqual({ exit: 0, stdout: '', stderr: '' })
    expect(existsSync(raw('click_table.csv'))).toBe(false)
  })

  test('a job that was killed before the raw file went is finished', async () => {
    await processed()
    age(40, 'click_table.csv', 'order_table.csv')
    mkdirSync(archived('.'), { recursive: true })
    const bytes = sample.get('click_table.csv')!
    writeFileSync(archived('click_table.csv.gz'), gzipSync(bytes, { level: 1 }))
    const left = `.${manifest().run_id}.order_table.csv.gz.${2 ** 22 + 1}.tmp`
    writeFileSync(join(raw('archive'), left), 'half')
    writeFileSync(join(raw('archive'), 'mine.tmp'), '')
    expect((await pruned()).get('click_table.csv')!.action).toBe('archived')
    expect(existsSync(raw('click_table.csv'))).toBe(false)
    expect(gunzipSync(readFileSync(archived('click_table.csv.gz'))).equals(bytes)).toBe(true)
    expect(filesOf(raw('archive'))).toEqual([manifest().run_id, 'mine.tmp'])
  })

  test.each([
    ['other content', () => gzipSync('other')],
    ['no gzip at all', () => Buffer.from('x')],
    ['a gzip file that is cut short', () => gzipSync(sample.get('click_table.csv')!).subarray(0, -20)],
  ])('an archive that is %s is refused, and nothing is changed', async (_, content) => {
    await processed()
    age(40, ...CSVS)
    mkdirSync(archived('.'), { recursive: true })
    writeFileSync(archived('click_table.csv.gz'), content())
    const before = everything()
    expectRefused(await prune(), 73, 'archive_differs')
    expect(everything()).toEqual(before)
  })

  test('a folder of the archive that is a link is refused', async () => {
    await processed()
    age(40, ...CSVS)
    const elsewhere = join(workspace.folder, 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(raw('archive'))
    symlinkSync(elsewhere, archived('.').replace(/\/$/, ''))
    expectRefused(await prune(), 73, 'symbolic link')
    expect([filesOf(elsewhere), existsSync(raw('click_table.csv'))]).toEqual([[], true])
  })

  test('an archive folder that is a file is refused', async () => {
    await processed()
    age(40, ...CSVS)
    writeFileSync(raw('archive'), '')
    expectRefused(await prune(), 73, 'cannot_create_folder')
    expect(filesOf(workspace.input)).toEqual([...CSVS, 'archive'].sort())
  })
})

describe('deleting', () => {
  test('removes the raw files and archives nothing', async () => {
    await processed()
    age(40, ...CSVS.slice(1))
    const { exit, stdout } = await prune('--delete')
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^click_table\.csv .* deleted$/m)
    expect(filesOf(workspace.input)).toEqual(['user_table.csv'])
  })

  test('never where rows were rejected or conflicting; those are archived', async () => {
    workspace.copyFrom(join(fixtures, 'cases/duplicates_and_rejects/raw_data'))
    workspace.write('click_table.csv', sample.get('click_table.csv')!)
    await processed('--max-reject-rate', '1')
    age(40, ...CSVS)
    const result = await pruned('--delete')
    for (const name of CSVS.slice(0, -1)) {
      expect(result.get(name), name).toMatchObject({
        action: 'kept',
        reason: expect.stringContaining('archive it'),
      })
    }
    expect(result.get('click_table.csv')!.action).toBe('deleted')
    expect(new Set([...(await pruned()).values()].map(({ action }) => action))).toEqual(new Set(['archived']))
    expect(filesOf(archived('.'))).toHaveLength(7)
  })
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
    await processed()
    workspace.write('click_table.csv', change(sample.get('click_table.csv')!))
    age(40, 'click_table.csv', 'order_table.csv')
    const result = await pruned()
    expect(result.get('click_table.csv')).toEqual(kept('not the file'))
    expect(result.get('order_table.csv')!.action).toBe('archived')
    expect(existsSync(raw('click_table.csv'))).toBe(true)
  })

  test('a file that is not old enough, by the hour', async () => {
    await processed()
    age(30 - 1 / 24, 'click_table.csv')
    age(30 + 1 / 24, 'order_table.csv')
    age(-3, 'user_table.csv')
    const result = await pruned('--delete')
    expect(result.get('click_table.csv')).toEqual(kept('not old enough'))
    expect(result.get('user_table.csv')).toEqual(kept('not old enough'))
    expect(result.get('order_table.csv')!.action).toBe('deleted')
  })

  test('a file of another folder, although its content is the same', async () => {
    await processed()
    renameSync(workspace.input, join(workspace.folder, 'moved'))
    const time = new Date(Date.now() - 40 * DAY)
    for (const name of CSVS) utimesSync(join(workspace.folder, 'moved', name), time, time)
    const { exit, stdout } = await prune('--input', 'moved', '--delete')
    expect(exit).toBe(0)
    expect(stdout).toContain(`read another folder, ${workspace.input}`)
    expect(filesOf(join(workspace.folder, 'moved'))).toEqual([...CSVS].sort())
  })

  test('a file that no run read: another form of a table, or one that came later', async () => {
    workspace.remove('click_table.csv')
    await processed('--allow-missing')
    workspace.write('click_table.csv', sample.get('click_table.csv')!)
    workspace.write('order_table.csv.gz', gzipSync(sample.get('order_table.csv')!))
    workspace.write('notes.csv', 'a\n')
    age(40, 'click_table.csv', 'order_table.csv', 'order_table.csv.gz', 'notes.csv')
    const result = await pruned('--delete')
    expect(result.get('click_table.csv')).toEqual(kept('did not read it'))
    expect(result.get('order_table.csv.gz')).toEqual(kept('did not read it'))
    expect(result.get('order_table.csv')!.action).toBe('deleted')
    expect([result.has('notes.csv'), existsSync(raw('notes.csv'))]).toEqual([false, true])
  })

  test.each([
    ['--since', '2000-01-01'],
    ['--until', '2100-01-01'],
  ])('a file of a run with %s, even if no row fell outside', async (...range) => {
    await processed(...range)
    age(40, ...CSVS)
    const before = everything()
    for (const name of CSVS) expect((await pruned()).get(name)).toEqual(kept('range of dates'))
    expect(everything()).toEqual(before)
  })

  test('a symbolic link, and what it points to', async () => {
    const target = join(workspace.folder, 'clicks.csv')
    renameSync(raw('click_table.csv'), target)
    symlinkSync(target, raw('click_table.csv'))
    await processed()
    age(40, 'click_table.csv')
    for (const args of [[], ['--delete']]) {
      expect((await pruned(...args)).get('click_table.csv')).toEqual(kept('symbolic link'))
    }
    expect(readFileSync(target).equals(sample.get('click_table.csv')!)).toBe(true)
  })

  test('a file of a run that did not note its inputs: process is to run again', async () => {
    await processed()
    forgetInputs()
    age(40, ...CSVS)
    const result = await pruned('--delete')
    for (const name of CSVS) expect(result.get(name)).toEqual(kept('run ecomagg process again'))
    await processed()
    for (const { action } of (await pruned('--delete')).values()) expect(action).toBe('deleted')
  })
})

describe('nothing is touched', () => {
  test.each([
    [
      'a set that is not whole',
      65,
      'set_not_whole',
      () => writeFileSync(published('coupon_performance.csv'), '\n', { flag: 'a' }),
    ],
    ['no manifest', 65, 'ecomagg process', () => rmSync(published('manifest.json'))],
    [
      'a manifest whose run id would lead elsewhere',
      65,
      'no_manifest',
      () => {
        const changed = { ...manifest(), run_id: '../../elsewhere' }
        writeFileSync(published('manifest.json'), JSON.stringify(changed))
      },
    ],
    ['no output folder', 66, 'no_output', () => rmSync(workspace.output, { recursive: true })],
  ])('%s: exit %i', async (_, exit, word, spoil) => {
    await processed()
    age(40, ...CSVS)
    spoil()
    for (const args of [[], ['--delete'], ['--dry-run']]) expectRefused(await prune(...args), exit, word)
    expect(filesOf(workspace.input)).toEqual([...CSVS].sort())
  })

  test('no input folder: exit 66', async () => {
    await processed()
    expectRefused(await prune('--input', 'nowhere'), 66, 'missing_folder')
  })

  test('while another run holds the lock: exit 75', async () => {
    await processed()
    age(40, ...CSVS)
    const holder = { pid: process.pid, host: 'here', run_id: 'a test', started_at: '2024-01-01T00:00:00Z' }
    const lock = await takeLock(workspace.output, holder)
    try {
      for (const args of [[], ['--dry-run']])
        expectRefused(await prune(...args), 75, `process ${process.pid}`)
    } finally {
      lock.release()
    }
    expect(filesOf(workspace.input)).toEqual([...CSVS].sort())
    expect((await pruned('--delete')).get('click_table.csv')!.action).toBe('deleted')
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
    expectRefused(await prune('--delete', '--archive', 'x'), 64, '--archive')
    expectRefused(await prune('--archive', ''), 64, '--archive')
  })
})

test('what an error stops half-way is told, and the next start finishes it', async () => {
  await processed()
  const names = ['order_table.csv', 'pageview_table.csv', 'click_table.csv']
  const [small, large] = names.map((name) => gzipSync(sample.get(name)!).length) as [number, number]
  const kilobytes = Math.ceil(small / 1024)
  expect(large).toBeGreaterThan(kilobytes * 1024)
  age(40, ...names)
  const by = inShell(`ulimit -f ${kilobytes}; exec "$@"`)
  const ended = await run(['prune', '--older-than', '30d'], { cwd: workspace.folder, by })
  expect([ended.exit, ended.stderr.includes('write_failed')], ended.stderr).toEqual([74, true])
  expect(ended.stdout).toMatch(/^order_table\.csv .* archived$/m)
  expect(ended.stdout).toMatch(/^pageview_table\.csv .* kept: it could not be done/m)
  expect(ended.stdout).toMatch(/^click_table\.csv .* kept: not reached/m)
  expect(filesOf(archived('.'))).toEqual(['order_table.csv.gz'])
  expect(filesOf(raw('archive')), 'no half-written file').toEqual([manifest().run_id])
  expect((await prune('--quiet')).exit).toBe(0)
  for (const name of names)
    expect(gunzipSync(readFileSync(archived(`${name}.gz`))).equals(sample.get(name)!), name).toBe(true)
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
      const zipped = gzipSync(sample.get('click_table.csv')!)
      workspace.write('click_table.csv.gz', zipped)
      workspace.remove('click_table.csv')
      await processed()
      const expected = new Map([
        ['order_table.csv', sample.get('order_table.csv')!],
        ['click_table.csv.gz', zipped],
      ])
      let kills = 0
      for (let number = 1; ; number++) {
        for (const [name, bytes] of expected) workspace.write(name, bytes)
        rmSync(raw('archive'), { recursive: true, force: true })
        age(40, ...OLD)
        const by = [
          'strace',
          '-o',
          '/dev/null',
          `--trace=${names}`,
          `--inject=${names}:signal=SIGKILL:when=${number}`,
        ]
        const { exit } = await run(['prune', '--older-than', '30d', '--quiet'], { cwd: workspace.folder, by })
        for (const [name, bytes] of expected) {
          const there = existsSync(raw(name)) ? readFileSync(raw(name)) : contentOf(name)
          expect(there.equals(bytes), `${name} after a kill at call ${number}`).toBe(true)
        }
        if (exit === 0) break
        expect(exit === 'SIGKILL' || exit === 137, String(exit)).toBe(true)
        kills++
        expect((await prune('--quiet')).exit).toBe(0)
        expect(filesOf(raw('archive'))).toEqual([manifest().run_id])
        expect(filesOf(archived('.'))).toEqual(['click_table.csv.gz', 'order_table.csv.gz'])
        for (const [name, bytes] of expected) {
          expect(existsSync(raw(name))).toBe(false)
          expect(contentOf(name).equals(bytes), name).toBe(true)
        }
      }
      expect(kills).toBeGreaterThan(0)
    },
  )

  function contentOf(name: string): Buffer {
    const bytes = readFileSync(archived(name.endsWith('.gz') ? name : `${name}.gz`))
    return name.endsWith('.gz') ? bytes : gunzipSync(bytes)
  }
})
