import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFiles, globOfName } from '../../../src/sources/files/find-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'ecomagg-files-'))

beforeAll(() => {
  for (const name of ['a.csv', 'b.csv.gz', '.hidden.csv', 'z é.csv', 'web/1.csv', 'web/eu/2.csv', 'Ä.csv']) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), '')
  }
  symlinkSync(join(folder, 'web'), join(folder, 'link'))
  symlinkSync(join(folder, 'a.csv'), join(folder, 'c.csv'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  [['*.csv'], ['a.csv', 'c.csv', 'z é.csv', 'Ä.csv']],
  [
    ['*.csv', 'a.*', 'a.csv'],
    ['a.csv', 'c.csv', 'z é.csv', 'Ä.csv'],
  ],
  [['*.csv*'], ['a.csv', 'b.csv.gz', 'c.csv', 'z é.csv', 'Ä.csv']],
  [['.*.csv'], ['.hidden.csv']],
  [['web/*.csv'], ['web/1.csv']],
  [['web/**/*.csv'], ['web/1.csv', 'web/eu/2.csv']],
  [['**/2.csv'], ['web/eu/2.csv']],
  [['*/eu/*'], ['web/eu/2.csv']],
  [['{a,x}.csv'], ['a.csv']],
  [['nowhere/*.csv'], []],
  [
    ['missing.csv', 'a.csv'],
    ['a.csv', 'missing.csv'],
  ],
])('%j: %j', (globs, names) => {
  expect(findFiles(folder, globs)).toEqual(names)
})

test.each([
  ['orders.csv', 'orders.csv'],
  ['orders [old].csv', 'orders ?old?.csv'],
  ['{a,b}*.csv', '?a,b??.csv'],
])('the glob of the file %s is %s, and fits it', (name, glob) => {
  expect(globOfName(name)).toBe(glob)
  expect(picomatch(glob)(name)).toBe(true)
})
