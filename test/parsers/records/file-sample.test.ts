import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { sampleFile } from '../../../src/parsers/records/file-sample.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-sample-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SIZE = { head: 8, part: 4 }
const written = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

test('a small file as a whole', async () => {
  const sample = await sampleFile(written('small.csv', '12345678'), SIZE)
  expect(sample).toMatchObject({ bytes: 8, isGzip: false, parts: [], isWhole: true })
  expect(text(sample.head)).toBe('12345678')
})

test('beginning, middle and end, no byte twice', async () => {
  const sample = await sampleFile(written('long.csv', '0123456789abcdefghijklmnopqrstuv'), SIZE)
  expect([text(sample.head), ...sample.parts.map(text)]).toEqual(['01234567', 'ghij', 'stuv'])
  const overlapping = await sampleFile(written('longer.csv', '0123456789ab'), SIZE)
  expect([text(overlapping.head), ...overlapping.parts.map(text)]).toEqual(['01234567', '89ab'])
})

test('of two gigabytes no more than of others', async () => {
  const path = written('huge.csv', 'order_id\n')
  truncateSync(path, 2 ** 31)
  const sample = await sampleFile(path, SIZE)
  expect([sample.bytes, sample.head.length, ...sample.parts.map(({ length }) => length)]).toEqual([
    2 ** 31,
    8,
    4,
    4,
  ])
})

test('a gzip file is unzipped as far as needed, whatever it holds', async () => {
  const small = await sampleFile(written('a.csv.gz', gzipSync('order_')), SIZE)
  expect([text(small.head), small.isGzip, small.isWhole]).toEqual(['order_', true, true])
  const bomb = await sampleFile(written('b.csv', gzipSync(Buffer.alloc(50_000_000))), SIZE)
  expect([bomb.head.length, bomb.isGzip, bomb.isWhole]).toEqual([8, true, false])
})

test.each([
  ['missing.csv', () => {}, 'missing_file'],
  ['folder.csv', (path: string) => mkdirSync(path), 'not_regular_file'],
  ['fifo.csv', (path: string) => execFileSync('mkfifo', [path]), 'not_regular_file'],
  ['broken.csv.gz', (path: string) => writeFileSync(path, Buffer.of(0x1f, 0x8b, 1, 2, 3)), 'gzip_broken'],
])('%s is said', async (name, make, code) => {
  make(join(folder, name))
  await expect(sampleFile(join(folder, name), SIZE)).rejects.toMatchObject({ code })
})
