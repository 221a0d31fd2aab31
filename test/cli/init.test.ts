import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkProcessed } from '../support/worked-exports.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

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

describe('with --preset', () => {
  const settingsIn = (name: string) => readFileSync(join(shop.folder, name), 'utf8')

  test('an export of Shopify gives the numbers that were worked by hand, once the time zone is written', async () => {
    const { exit, stdout } = await shop.ecomagg(['init', '--preset', 'shopify_orders'])
    expect(exit).toBe(0)
    expect(stdout).toContain('orders_export*.csv')
    const text = settingsIn('ecomagg.config.yaml')
    expect(text).toContain('# Cancelled orders')
    writeFileSync(
      join(shop.folder, 'ecomagg.config.yaml'),
      text.replace('timezone: UTC', 'timezone: Europe/Berlin'),
    )
    shop.copyFrom(join(fixtures, 'sources/shopify_orders/raw_data'))
    await checkProcessed(shop, join(fixtures, 'sources/shopify_orders'))
  })

  test('several fill what the ones before leave, in any format', async () => {
    const presets = ['--preset', 'shopify_orders,ga4_bigquery', '--preset', 'google_ads']
    for (const format of ['yaml', 'ts', 'json', 'js']) {
      expect((await shop.ecomagg(['init', ...presets, '--format', format])).exit, format).toBe(0)
      const { settings, sources } = JSON.parse((await shop.ecomagg(['config', '--json'])).stdout)
      expect(settings.allowMissing, format).toBe(false)
      const of = (table: string) => settings.rawTables[table].preset
      expect(['order_table', 'session_table', 'marketing_spend_table', 'refund_table'].map(of)).toEqual([
        ...['shopify_orders', 'ga4_bigquery', 'google_ads', null],
      ])
      expect(settings.filters.columns).toHaveLength(2)
      expect(sources['rawTables.order_table.keep']).toBe('preset shopify_orders')
      rmSync(join(shop.folder, `ecomagg.config.${format}`))
    }
  })

  test.each([
    ['shopify_order', "'shopify_order' is none of", 'did you mean shopify_orders?'],
    [
      'google_ads,meta_ads',
      'meta_ads has nothing left to fill',
      'marketing_spend_table is filled by google_ads',
    ],
  ])('%s is refused', async (names, ...texts) => {
    const { exit, stderr } = await shop.ecomagg(['init', '--preset', names])
    expect(exit).toBe(64)
    for (const text of texts) expect(stderr).toContain(text)
    expect(readdirSync(shop.folder)).toEqual([])
  })
})
