import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'

let shop: Workspace
beforeEach(() => {
  shop = new Workspace()
  for (const folder of [shop.input, shop.output, shop.logs]) rmSync(folder, { recursive: true })
})
afterEach(() => shop.dispose())

const FOLDERS = ['aggregated_data', 'logs', 'raw_data']
const SCHEMA = 'ecomagg.config.schema.json'

test.each([
  ['ts', []],
  ['js', []],
  ['json', [SCHEMA]],
  ['yaml', [SCHEMA]],
])('makes a settings file in %s, and a run takes it', async (format, more) => {
  const { exit, stdout, stderr } = await shop.ecomagg(['init', '--format', format])
  expect([exit, stderr]).toEqual([0, ''])
  const files = [`ecomagg.config.${format}`, ...more]
  expect(readdirSync(shop.folder).sort()).toEqual([...FOLDERS, ...files].sort())
  for (const name of [...FOLDERS, ...files])
    expect(stdout).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}/? +\\S`, 'm'))
  const { settings, sources } = JSON.parse((await shop.ecomagg(['config', '--json'])).stdout)
  expect(settings.timezone).toBe('UTC')
  expect(new Set(Object.values(sources))).toEqual(new Set(['default']))
  await shop.ecomagg(['sample', '--sessions', '10', '--days', '2', '--quiet'])
  expect(await shop.ecomagg(['process', '--quiet'])).toEqual({ exit: 0, stdout: '', stderr: '' })
})

test('ts is the default', async () => {
  expect((await shop.ecomagg(['init'])).exit).toBe(0)
  expect(readdirSync(shop.folder).sort()).toEqual([...FOLDERS, 'ecomagg.config.ts'].sort())
})

test('the schema beside the file is that of the docs', async () => {
  await shop.ecomagg(['init', '--format', 'json'])
  expect(readFileSync(join(shop.folder, SCHEMA), 'utf8')).toBe(
    (await shop.ecomagg(['config', '--json-schema'])).stdout,
  )
})

test('never overwrites a settings file, of whatever format, without --force', async () => {
  const path = join(shop.folder, 'ecomagg.config.yaml')
  writeFileSync(path, 'strict: true\n')
  for (const args of [[], ['--format', 'yaml'], ['--force']]) {
    const { exit, stdout, stderr } = await shop.ecomagg(['init', ...args])
    expect([exit, stdout]).toEqual([73, ''])
    expect(stderr).toContain('config_exists')
    expect(readdirSync(shop.folder)).toEqual(['ecomagg.config.yaml'])
    expect(readFileSync(path, 'utf8')).toBe('strict: true\n')
  }
  expect((await shop.ecomagg(['init', '--format', 'yaml', '--force'])).exit).toBe(0)
  expect(readFileSync(path, 'utf8')).toContain('# strict: true')
})

test('leaves folders and what is in them', async () => {
  await shop.ecomagg(['sample', '--sessions', '10', '--days', '2', '--quiet'])
  const before = readdirSync(shop.input)
  const { stdout } = await shop.ecomagg(['init'])
  expect(stdout).toMatch(/^raw_data\/ +was there$/m)
  expect(readdirSync(shop.input)).toEqual(before)
})

test('an unknown format is refused', async () => {
  const { exit, stderr } = await shop.ecomagg(['init', '--format', 'toml'])
  expect(exit).toBe(64)
  expect(stderr).toContain('ts, js, json, yaml')
  expect(existsSync(shop.logs)).toBe(false)
})
