import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRunId } from '../../../src/run/lock/run-id.ts'
import { newRunId, runIds } from '../../../src/run/logs/run-files.ts'

let logs: string
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'ecomagg-logs-'))
})
afterEach(() => rmSync(logs, { recursive: true, force: true }))

const NOW = new Date('2025-01-02T01:00:00.123Z')

function put(...names: string[]): void {
  for (const name of names) writeFileSync(join(logs, name), '')
}

/** Makes the record of a new run. @returns its id */
function nextRun(now = NOW): string {
  const id = newRunId(logs, now)
  put(`${id}.json`)
  return id
}

test('runs are numbered on, and listed by their numbers, whatever the clock says', () => {
  const first = nextRun()
  const second = nextRun(new Date('2001-01-01T00:00:00Z'))
  expect([first, second]).toEqual([
    expect.stringMatching(/^000001-20250102T010000Z-[0-9a-f]{4}$/),
    expect.stringMatching(/^000002-20010101T000000Z-[0-9a-f]{4}$/),
  ])
  expect(runIds(logs)).toEqual([first, second])
  put('999999-20250101T000000Z-abcd.jsonl')
  expect(nextRun()).toMatch(/^1000000-/)
})

test.each([
  '9999999999999999999999-20250101T000000Z-abcd.json',
  `${'9'.repeat(400)}`.slice(0, 200).concat('-20250101T000000Z-abcd.json'),
  '9007199254740993-20250101T000000Z-abcd.jsonl',
  '1000000000000-20250101T000000Z-abcd.rejects.csv',
  '00001-20250101T000000Z-abcd.json',
])('%s is not of a run of ours', (name) => {
  put(name)
  expect(runIds(logs)).toEqual([])
  expect(isRunId(name.slice(0, name.indexOf('.')))).toBe(false)
  const [first, second] = [nextRun(), nextRun()]
  expect([first, second].map((id) => id.slice(0, 7))).toEqual(['000001-', '000002-'])
  expect(runIds(logs)).toEqual([first, second])
})

test('after the greatest number runs go on in the order of their times', () => {
  put('999999999999-20250101T000000Z-abcd.json')
  const ids = [nextRun(), nextRun(new Date('2025-01-02T02:00:00Z'))]
  expect(ids.every(isRunId)).toBe(true)
  expect(runIds(logs)).toEqual(['999999999999-20250101T000000Z-abcd', ...ids])
})
