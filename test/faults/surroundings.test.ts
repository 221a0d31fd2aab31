import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canRun } from '../support/tools.ts'
import { Bench, expectNew, type Place } from './bench.ts'
import { plainEnv, until } from './commands.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make()
})

afterAll(() => bench?.dispose())

const hasFaketime = canRun('faketime', ['faketime', '2030-01-01', 'true'])

/** Durations of a record that are below zero. */
function negative(place: Place): string[] {
  return place.records().flatMap(({ run_id, duration_seconds, timings }) =>
    Object.entries({ ...timings, duration: duration_seconds ?? 0 })
      .filter(([, seconds]) => seconds < 0)
      .map(([name, seconds]) => `${run_id} ${name} ${seconds}`),
  )
}

describe('whatever surrounds a run, its results are the same to the byte', () => {
  test('an empty environment, from the root folder (cron)', async () => {
    const place = bench.place()
    const ended = await place.process([], { by: ['env', '-i'], cwd: '/' })
    expect(ended.stderr).toBe('')
    expectNew(place, ended)
    place.dispose()
  })

  const surroundings: readonly (readonly [string, NodeJS.ProcessEnv])[] = [
    ['a zone far east', { TZ: 'Pacific/Kiritimati' }],
    ['a zone far west, with daylight saving', { TZ: 'America/Adak' }],
    ['a zone of a half hour', { TZ: 'Australia/Lord_Howe' }],
    ['a zone that nobody knows', { TZ: 'Mars/Olympus' }],
    ['a zone by rule', { TZ: 'XXX+23:59:59YYY' }],
    ['no zone', { TZ: '' }],
    ['Turkish, which has another i', { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
    ['German, which has another decimal mark', { LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' }],
    ['Arabic, which has other digits', { LC_ALL: 'ar_EG.UTF-8' }],
    ['plain C', { LC_ALL: 'C', LANG: 'C' }],
    ['a locale that nobody knows', { LC_ALL: 'xx_YY.no-such', LANG: '\u00ff' }],
    ['colours wanted', { FORCE_COLOR: '3', CLICOLOR_FORCE: '1' }],
    ['another home', { HOME: '/nonexistent', TMPDIR: '/nonexistent' }],
    ['a production setting of Node', { NODE_ENV: 'production' }],
  ]

  test.each(surroundings)('%s', async (_, env) => {
    const place = bench.place()
    const ended = await place.process([], { env: { ...plainEnv, ...env } })
    expect(ended.stderr).toBe('')
    expectNew(place, ended)
    place.dispose()
  })

  test('relative paths, from the folder itself', async () => {
    const place = bench.place()
    place.ownInput()
    const cwd = place.folder
    place.input = 'raw_data'
    place.output = './aggregated_data'
    place.logs = 'logs/../logs'
    const ended = await place.process([], { cwd })
    place.output = join(cwd, 'aggregated_data')
    place.logs = join(cwd, 'logs')
    expectNew(place, ended)
    place.dispose()
  })
})

describe.skipIf(!hasFaketime)('a clock that is years off (faketime)', () => {
  const at = (time: string) => ['faketime', '-f', `@${time}`]

  test.each([
    '1970-01-02 00:00:00',
    '1999-12-31 23:59:59',
    '2038-01-19 03:14:08',
    '2106-02-07 06:28:16',
    '2199-12-31 23:59:59',
  ])('%s: the same bytes', async (time) => {
    const place = bench.place()
    const ended = await place.process([], { by: at(time) })
    expect(ended.stderr).toBe('')
    expectNew(place, ended)
    expect(negative(place)).toEqual([])
    place.dispose()
  })

  test('it jumps back by ten years while a run works: no duration is negative', async () => {
    const place = bench.place()
    const clock = join(place.folder, 'clock')
    writeFileSync(clock, '@2031-06-01 00:00:00\n')
    const preload = /^LD_PRELOAD=(.*)$/m.exec(
      execFileSync('faketime', ['2030-01-01', 'env'], { encoding: 'utf8', env: plainEnv }),
    )![1]!
    const env = {
      ...plainEnv,
      LD_PRELOAD: preload,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    const before = readdirSync(place.logs).length
    const run = place.start([], { env })
    await until('a run that has begun', () => readdirSync(place.logs).length > before)
    writeFileSync(clock, '@2021-06-01 00:00:00\n')
    const ended = await run.ended
    expectNew(place, ended)
    expect(negative(place)).toEqual([])
    const { started_at, finished_at } = place.lastRecord()
    expect([started_at.slice(0, 4), finished_at!.slice(0, 4)], 'the clock must have jumped').toEqual([
      '2031',
      '2021',
    ])
    place.dispose()
  })

  test('old runs are removed by the order of runs, not by what the clock said', async () => {
    const place = bench.place()
    const times = ['2031-01-01 00:00:00', '2040-01-01 00:00:00', '2001-01-01 00:00:00', '2035-01-01 00:00:00']
    const ran: string[] = []
    for (const time of times) {
      expect((await place.process(['--keep-runs', '3'], { by: at(time) })).exit).toBe(0)
      ran.push(time.slice(0, 4))
    }
    const kept = place.records().map(({ started_at }) => started_at.slice(0, 4))
    expect(kept).toEqual(ran.slice(-3))
    expect((await place.process(['--keep-runs', '1'], { by: at('1999-06-01 00:00:00') })).exit).toBe(0)
    expect(place.records().map(({ started_at }) => started_at.slice(0, 4))).toEqual(['1999'])
    place.dispose()
  })
})

describe('what --keep-runs leaves', () => {
  test('nothing of an older run, killed ones included', async () => {
    const place = bench.place()
    // What runs leave that were killed at the worst of moments.
    const stem = '000002-20240101T000000Z-abcd'
    for (const ending of [
      'json',
      'jsonl',
      'json.next',
      'json.4711.tmp',
      'json.next.4711.tmp',
      'rejects.csv',
    ]) {
      writeFileSync(join(place.logs, `${stem}.${ending}`), '')
    }
    writeFileSync(join(place.logs, 'notes.txt'), 'mine')
    expect((await place.process(['--keep-runs', '1'])).exit).toBe(0)
    const last = place.lastRecord().run_id
    const names = readdirSync(place.logs).sort()
    expect(names.filter((name) => !name.startsWith(last))).toEqual(['aggregation_log.txt', 'notes.txt'])
    expect(readFileSync(join(place.logs, 'notes.txt'), 'utf8')).toBe('mine')
    place.dispose()
  })
})
