import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, expectNew, type Place } from './bench.ts'
import { inShell, run, until } from './commands.ts'
import { hasStrace, runInjected } from './tracing.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

/** Everything below a folder, and the folder itself, with its permission bits. */
function modes(folder: string): Map<string, number> {
  const bits = (path: string) => lstatSync(path).mode & 0o7777
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map([['.', bits(folder)], ...names.map((name) => [name, bits(join(folder, name))] as const)])
}

function octal(
  found: ReadonlyMap<string, number>,
  isBroken: (mode: number, name: string) => boolean,
): string[] {
  return [...found]
    .filter(([name, mode]) => isBroken(mode, name))
    .map(([name, mode]) => `${name} ${mode.toString(8)}`)
}

/** What of the files in a place is too open. */
function tooOpen(place: Place): string[] {
  const logs = modes(place.logs)
  return [
    ...octal(modes(place.output), (mode) => (mode & 0o002) !== 0),
    ...octal(logs, (mode, name) => name !== '.' && (mode & ~0o640) !== 0),
    ...octal(logs, (mode, name) => name === '.' && (mode & ~0o750) !== 0),
    ...octal(logs, (mode, name) => name.includes('.rejects.csv') && (mode & ~0o600) !== 0),
  ]
}

describe.each(['000', '002', '022', '027', '077'])('umask %s', (umask) => {
  const by = inShell(`umask ${umask}; exec "$@"`)

  test('nothing is writable for all, logs are at most 0640, rejects 0600', async () => {
    const place = bench.place()
    place.output = join(place.folder, 'new output')
    place.logs = join(place.folder, 'new logs')
    const ended = await place.process([], { by })
    expect([ended.exit, place.shown()], ended.stderr).toEqual([0, 'NEW'])
    expect(tooOpen(place)).toEqual([])
    const names = [...modes(place.logs).keys()]
    expect(names.filter((name) => name.endsWith('.rejects.csv'))).toHaveLength(1)
    expect(names.filter((name) => name.endsWith('.jsonl'))).toHaveLength(1)
    expect(names).toContain('aggregation_log.txt')
    place.dispose()
  })

  test('results can be read by whom the umask allows', async () => {
    const place = bench.place()
    place.output = join(place.folder, 'new output')
    expect((await place.process([], { by })).exit).toBe(0)
    const allowed = 0o644 & ~Number.parseInt(umask, 8)
    const found = modes(place.output)
    found.delete('.')
    expect(octal(found, (mode) => mode !== allowed)).toEqual([])
    place.dispose()
  })

  test('the folders and files of init and sample are at most 0755 and 0644, those of logs 0750', async () => {
    const place = bench.place()
    const folder = join(place.folder, 'new shop')
    mkdirSync(folder)
    const command = async (...args: string[]) => {
      const ended = await run(args, { cwd: folder, by })
      expect(ended.exit, ended.stderr).toBe(0)
    }
    await command('init', '--format', 'yaml')
    await command('sample', '--sessions', '5', '--days', '1', '--output', 'a/b')
    const found = modes(folder)
    found.delete('.')
    expect([...found.keys()]).toEqual(expect.arrayContaining(['raw_data', 'aggregated_data', 'logs', 'a/b']))
    const isFolder = (name: string) => lstatSync(join(folder, name)).isDirectory()
    const most = (name: string) => (isFolder(name) ? (name === 'logs' ? 0o750 : 0o755) : 0o644)
    expect(octal(found, (mode, name) => (mode & ~most(name)) !== 0)).toEqual([])
    place.dispose()
  })

  test('nor while the run works', async () => {
    const place = bench.place()
    const run = place.start([], { by })
    const found: string[] = []
    let isOver = false
    void run.ended.then(() => {
      isOver = true
    })
    await until('the end of the run', () => {
      try {
        found.push(...tooOpen(place))
      } catch {
        // A file was renamed between the listing and the look at it.
      }
      return isOver
    })
    expect(found).toEqual([])
    expectNew(place, await run.ended)
    place.dispose()
  })
})

test.skipIf(!hasStrace)('what a killed run leaves behind is not more open', async () => {
  for (const number of [3, 5, 8]) {
    const place = bench.place()
    const by = inShell('umask 000; exec "$@"')
    const { struck } = await runInjected(
      place,
      { syscall: 'rename', number, fault: 'signal=SIGKILL' },
      { by },
    )
    expect(struck).toBeDefined()
    expect(tooOpen(place)).toEqual([])
    place.dispose()
  }
})

test('results that somebody has opened to all are replaced by ones that are not', async () => {
  const place = bench.place()
  for (const name of readdirSync(place.output)) chmodSync(join(place.output, name), 0o666)
  chmodSync(join(place.output, 'notes of somebody else.txt'), 0o644)
  expectNew(place, await place.process([], { by: inShell('umask 000; exec "$@"') }))
  expect(tooOpen(place)).toEqual([])
  place.dispose()
})

test('the modes of folders that are there are left alone', async () => {
  const place = bench.place()
  place.output = join(place.folder, 'shared output')
  mkdirSync(place.output)
  chmodSync(place.output, 0o2775)
  chmodSync(place.logs, 0o755)
  expect((await place.process()).exit).toBe(0)
  expect([modes(place.output).get('.'), modes(place.logs).get('.')]).toEqual([0o2775, 0o755])
  place.dispose()
})
