import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { publish, recover } from '../../../src/run/commit/publish.ts'
import { journalPath, stagingFolder } from '../../../src/run/lock/work-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'ecomagg-publish-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const RUN = '000001-20240101T000000Z-0000'
const RECORD = '{"status":"published"}\n'
let places = 0

/** A folder in which a run is about to be published, or was cut short just after its commit. */
function place({ isCutShort = false } = {}) {
  const folder = join(root, `place ${++places}`)
  const output = join(folder, 'out')
  const logs = join(folder, 'logs')
  const staging = stagingFolder(output, RUN)
  mkdirSync(staging, { recursive: true })
  mkdirSync(logs)
  const files = ['a.csv', 'manifest.json'].map((name) => {
    writeFileSync(join(staging, name), name)
    return { name, bytes: name.length, sha256: createHash('sha256').update(name).digest('hex') }
  })
  const record = { from: join(logs, `${RUN}.json.next`), to: join(logs, `${RUN}.json`) }
  writeFileSync(record.from, RECORD)
  const options = { outputFolder: output, runId: RUN, files, record, text: RECORD }
  if (isCutShort) {
    const saved = join(folder, 'saved')
    cpSync(staging, saved, { recursive: true })
    // Renaming the record fails, so that the journal stays; then all is put back as after the commit.
    mkdirSync(join(record.to, 'in the way'), { recursive: true })
    expect(() => publish(options)).toThrow('could not all be put in place')
    rmSync(record.to, { recursive: true })
    renameSync(saved, staging)
    for (const { name } of files) rmSync(join(output, name))
  }
  return { folder, output, logs, record, options }
}

const shown = (output: string) => readdirSync(output).sort()
const WHOLE = ['.ecomagg', 'a.csv', 'manifest.json']

describe('the record of a run that is published', () => {
  test('gets its name', () => {
    const { output, logs, record, options } = place()
    publish(options)
    expect([shown(output), existsSync(journalPath(output))]).toEqual([WHOLE, false])
    expect([readdirSync(logs), readFileSync(record.to, 'utf8')]).toEqual([[`${RUN}.json`], RECORD])
  })

  test.each([
    ['the record', (logs: string) => rmSync(join(logs, `${RUN}.json.next`))],
    ['the whole log folder', (logs: string) => rmSync(logs, { recursive: true })],
  ])('is written again if %s was removed meanwhile', (_, remove) => {
    const { output, logs, record, options } = place()
    remove(logs)
    publish(options)
    expect(shown(output)).toEqual(WHOLE)
    expect([readdirSync(logs), readFileSync(record.to, 'utf8')]).toEqual([[`${RUN}.json`], RECORD])
  })
})

describe('a publish that was cut short', () => {
  test('is completed with its record', () => {
    const { output, record } = place({ isCutShort: true })
    expect(recover(output)).toEqual({ completed: RUN, lost: [], withoutRecord: undefined, removed: [] })
    expect([shown(output), existsSync(journalPath(output))]).toEqual([WHOLE, false])
    expect([existsSync(record.from), readFileSync(record.to, 'utf8')]).toEqual([false, RECORD])
  })

  test('in a folder that was moved since: with its record, too', () => {
    const { folder, output, record } = place({ isCutShort: true })
    renameSync(output, join(folder, 'moved'))
    expect(recover(join(folder, 'moved')).withoutRecord).toBe(undefined)
    expect(readFileSync(record.to, 'utf8')).toBe(RECORD)
  })

  test('in a copy: the log folder of the one it was copied from is left alone', () => {
    const { folder, output, record } = place({ isCutShort: true })
    const copy = join(folder, 'copy')
    cpSync(output, copy, { recursive: true })
    expect(recover(copy)).toMatchObject({
      completed: RUN,
      lost: [],
      withoutRecord: expect.stringContaining('is a copy'),
    })
    expect([shown(copy), existsSync(journalPath(copy))]).toEqual([WHOLE, false])
    expect([existsSync(record.from), existsSync(record.to)]).toEqual([true, false])
    expect(recover(copy).completed).toBe(undefined)
    // And the one it was copied from is still completed as it should.
    expect(recover(output).withoutRecord).toBe(undefined)
    expect(existsSync(record.to)).toBe(true)
  })

  test('whose log folder is gone: completed once', () => {
    const { output, logs, record } = place({ isCutShort: true })
    rmSync(logs, { recursive: true })
    expect(recover(output)).toMatchObject({ completed: RUN, withoutRecord: `${record.to} is gone` })
    expect([shown(output), existsSync(journalPath(output)), existsSync(logs)]).toEqual([WHOLE, false, false])
    expect(recover(output).completed).toBe(undefined)
  })
})
