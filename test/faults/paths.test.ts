import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { Bench, expectNew, expectOld } from './bench.ts'
import { inShell, run } from './commands.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

const NAMES: readonly (readonly [string, string])[] = [
  ['spaces', ' two  spaces '],
  ['a newline', 'line\nbreak'],
  ['a carriage return', 'carriage\rreturn'],
  ['a line separator', 'line\u2028separator'],
  ['unicode', 'Ünïcödé 数据 📦'],
  ['letters that can be written in two ways', 'e\u0301 é'],
  ['a leading dash', '-rf'],
  ['an option', '--input=x'],
  ['quotes', 'it\'s "quoted"'],
  ['what a shell would read', '$(id) `id` ; & | * ? ~'],
  ['a backslash', 'back\\slash\\n'],
  ['what a terminal would obey', '\u001b[31mred\u0007'],
  ['a percent sign', '%s %d 100%'],
  ['__proto__', '__proto__'],
  ['bare dots', '...'],
]

describe.each(NAMES)('paths with %s', (_, name) => {
  test('work, and each line of the log stays one line', async () => {
    const place = bench.place(name)
    const ended = await place.processHere()
    expect(ended.stderr).toBe('')
    expectNew(place, ended)
    place.dispose()
  })

  test('work as relative paths, given as arguments of their own', async () => {
    const place = bench.place()
    place.ownInput()
    for (const folder of ['raw_data', 'aggregated_data', 'logs']) {
      cpSync(join(place.folder, folder), join(place.folder, name, folder), { recursive: true })
    }
    const relative = (folder: string) => join(name, folder)
    const folders = ['-i', relative('raw_data'), '-o', relative('aggregated_data'), '-l', relative('logs')]
    const ended = await run(['process', '--max-reject-rate', '0.5', ...folders], { cwd: place.folder })
    place.output = join(place.folder, name, 'aggregated_data')
    place.logs = join(place.folder, name, 'logs')
    expectNew(place, ended)
    place.dispose()
  })

  test('are told of in one line each when a run fails', async () => {
    const place = bench.place(name)
    place.input = join(place.folder, 'missing')
    const ended = await place.processHere()
    expect(ended.exit, ended.stderr).toBe(66)
    expectOld(place, ended)
    expect(place.brokenLogs()).toEqual([])
    const lines = ended.stderr.trimEnd().split('\n')
    expect(lines.filter((line) => !/^(error \(|warning: | {2}\S)/.test(line))).toEqual([])
    const human = readFileSync(join(place.logs, 'aggregation_log.txt'), 'utf8').trimEnd().split('\n')
    expect(human.filter((line) => line !== '' && !/^(\d{4}-\d\d-\d\dT| {2}\S)/.test(line))).toEqual([])
    place.dispose()
  })
})

describe('few file handles', () => {
  test.each([40, 64])('ulimit -n %i', async (handles) => {
    const place = bench.place()
    const ended = await place.process([], { by: inShell(`ulimit -n ${handles}; exec "$@"`) })
    expect(ended.stderr).toBe('')
    expectNew(place, ended)
    place.dispose()
  })

  test('too few: the old set or the new one, and a clean run mends it', async () => {
    const broken: string[] = []
    for (let handles = 14; handles < 40; handles += cases(4, 2)) {
      const place = bench.place()
      const ended = await place.process([], { by: inShell(`ulimit -c 0; ulimit -n ${handles}; exec "$@"`) })
      const found = [...place.brokenPromises(ended), ...(await place.brokenCleanRun({ logsToo: false }))]
      broken.push(...found.map((what) => `${handles} handles: ${what}`))
      place.dispose()
    }
    expect(broken).toEqual([])
  })
})
