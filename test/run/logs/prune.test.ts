import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { pruneRuns } from '../../../src/run/logs/prune.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-prune-'))
const logs = join(folder, 'logs')
const output = join(folder, 'out')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  for (const one of [logs, output]) rmSync(one, { recursive: true, force: true })
  mkdirSync(logs)
})

/** The number of a process that has ended. */
const dead = spawnSync(process.execPath, ['--version']).pid

const idOf = (number: number) => `00000${number}-20240101T000000Z-abcd`

function write(number: number, files: Readonly<Record<string, unknown>>): void {
  for (const [ending, content] of Object.entries(files))
    writeFileSync(join(logs, `${idOf(number)}.${ending}`), JSON.stringify(content))
}

function record(status: string, pid: number, host = hostname()): object {
  return { status, pid, host, options: { output } }
}

const kept = () => [...new Set(readdirSync(logs).map((name) => Number(name.slice(0, 6))))].sort()

test.each([
  ['running', { json: record('running', process.pid), jsonl: {}, 'rejects.csv': '' }],
  ['running, and has not got to its record', { jsonl: { pid: process.pid, msg: 'run started' } }],
  ['running on another machine', { json: record('running', dead, 'elsewhere'), jsonl: {} }],
])('a run that is %s keeps all of its files', (_, files) => {
  write(1, files)
  write(2, { json: record('published', dead) })
  expect(pruneRuns(logs, 1, idOf(3))).toEqual([])
  write(3, { json: record('running', process.pid) })
  expect(pruneRuns(logs, 1, idOf(3))).toEqual([idOf(2)])
  expect(kept()).toEqual([1, 3])
  expect(readdirSync(logs).filter((name) => name.startsWith(idOf(1)))).toHaveLength(Object.keys(files).length)
})

test.each([
  ['was killed', { json: record('running', dead), 'json.next': {}, jsonl: { pid: dead } }],
  ['was killed before it was recorded', { jsonl: { pid: dead } }],
  ['has ended', { json: record('published', process.pid), jsonl: { pid: process.pid } }],
  ['cannot be read', { json: 7, jsonl: [] }],
])('a run that %s goes', (_, files) => {
  write(1, files)
  write(2, { json: record('running', process.pid) })
  expect(pruneRuns(logs, 1, idOf(2))).toEqual([idOf(1)])
  expect(kept()).toEqual([2])
})

test('a record that a journal has yet to put in place stays', () => {
  mkdirSync(join(output, '.ecomagg'), { recursive: true })
  writeFileSync(join(output, '.ecomagg', 'journal.json'), '{}')
  write(1, { json: record('running', dead), 'json.next': {} })
  write(2, { json: record('running', process.pid) })
  expect(pruneRuns(logs, 1, idOf(2))).toEqual([])
  rmSync(output, { recursive: true })
  expect(pruneRuns(logs, 1, idOf(2))).toEqual([idOf(1)])
})
