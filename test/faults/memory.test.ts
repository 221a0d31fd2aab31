import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from '../support/effort.ts'
import { Bench } from './bench.ts'
import { inShell, run } from './commands.ts'

let bench: Bench

beforeAll(async () => {
  bench = await Bench.make({
    next: { variety: 2, sessions: 16, extraPageviews: 60_000, ownPages: true },
  })
})

afterAll(() => bench?.dispose())

describe('out of memory', () => {
  test('with a heap from too small to big enough (--max-old-space-size)', { timeout: 300_000 }, async () => {
    const broken: string[] = []
    const ends: string[] = []
    for (const megabytes of cases([8, 14, 64], [8, 10, 12, 13, 14, 15, 16, 18, 64])) {
      const place = bench.place()
      const flags = [`--max-old-space-size=${megabytes}`]
      const ended = await place.process([], {
        nodeFlags: flags,
        by: inShell('ulimit -c 0; exec "$@"'),
      })
      const found = place.brokenPromises(ended)
      ends.push(`${megabytes} MB ${ended.exit} ${place.status() ?? 'no record'}`)
      if (ended.exit !== 0) {
        if (ended.exit !== 134 && ended.exit !== 'SIGABRT')
          found.push(`ended by ${ended.exit}: ${ended.stderr}`)
        if (place.status() !== undefined) {
          const { stdout } = await run(['logs', 'show', 'last', '--log-dir', place.logs], {
            cwd: place.folder,
          })
          if (!/^status +died/m.test(stdout)) found.push(`it is not shown as died: ${stdout}`)
          if (!/^phase +\w+/m.test(stdout)) found.push(`its phase is not shown: ${stdout}`)
        }
      }
      const next = await place.processHere()
      if (next.exit !== 0 || place.shown() !== 'NEW')
        found.push(`the next run ended with ${next.exit}: ${next.stderr}`)
      if (place.litter().length > 0) found.push(`left behind: ${place.litter().join(', ')}`)
      broken.push(...found.map((what) => `${megabytes} MB: ${what}`))
      place.dispose()
    }
    console.info(`heap sizes and what came of them: ${ends.join('; ')}`)
    expect(broken).toEqual([])
    expect(ends.at(-1)).toBe('64 MB 0 published')
  })

  test('with an address space from too small to big enough (ulimit -v)', { timeout: 300_000 }, async () => {
    const broken: string[] = []
    const ends: string[] = []
    for (const megabytes of cases([700, 4000], [600, 700, 750, 800, 850, 900, 1000, 4000])) {
      const place = bench.place()
      const by = inShell(`ulimit -c 0; ulimit -v ${megabytes * 1024}; exec "$@"`)
      const ended = await place.process([], { by })
      ends.push(`${megabytes} MB ${ended.exit} ${place.status() ?? 'no record'}`)
      const found = place.brokenPromises(ended)
      const next = await place.processHere()
      if (next.exit !== 0 || place.shown() !== 'NEW')
        found.push(`the next run ended with ${next.exit}: ${next.stderr}`)
      broken.push(...found.map((what) => `${megabytes} MB: ${what}`))
      place.dispose()
    }
    console.info(`address spaces and what came of them: ${ends.join('; ')}`)
    expect(broken).toEqual([])
    expect(ends.at(-1)).toBe('4000 MB 0 published')
  })

  test('little address space, and so much to read that threads would be started: one reads it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecomagg-addresses-'))
    try {
      const sample = ['sample', '--output', 'raw_data', '--sessions', '8000', '--days', '30']
      expect((await run(sample, { cwd: folder })).exit).toBe(0)
      const bytes = readdirSync(join(folder, 'raw_data')).map(
        (name) => statSync(join(folder, 'raw_data', name)).size,
      )
      expect(bytes.reduce((sum, more) => sum + more)).toBeGreaterThan(16e6)
      const by = inShell('ulimit -c 0; ulimit -v 1800000; exec "$@"')
      const { exit, stderr } = await run(['process'], { cwd: folder, by })
      expect(exit, stderr).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('an abort while the inputs are read: the old set, and the run is shown as died', async () => {
    const place = bench.place()
    const aborted = place.start([], { by: inShell('ulimit -c 0; exec "$@"') })
    process.kill(await place.holder(), 'SIGABRT')
    expect((await aborted.ended).exit).toBe('SIGABRT')
    expect([place.shown(), place.manifestFits(), place.hasJournal()]).toEqual(['OLD', true, false])
    const { stdout } = await run(['logs', 'show', '--failed', 'last', '--log-dir', place.logs], {
      cwd: place.folder,
    })
    expect(stdout).toMatch(/^status +died/m)
    expect(stdout).toMatch(/^phase +(prepare|load)/m)
    expect(await place.brokenCleanRun()).toEqual([])
    place.dispose()
  })
})
