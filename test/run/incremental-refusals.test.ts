import { createHash } from 'node:crypto'
import { cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  eachWithPublishedDays,
  expectDone,
  expectRefused,
  type PublishedDays,
} from '../support/published-days.ts'
import { changed, shopDays } from '../support/shop-days.ts'
import { fixtures } from '../support/workspace.ts'

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

const accountingOf = (name: string) =>
  shop.lastRecord().inputs.find(({ table }) => table === name)!.accounting

describe('refused, and nothing changes:', () => {
  test('rows of a date that the slice lacks', async () => {
    const slice = changed(shopDays(2), 'order_table', {
      without: 'order-a2',
      plus: ['visitor-2,beta-2,order-c2,2024-03-02 18:00:00,7.25,,,'],
    })
    const said = await expectRefused(shop, () => shop.add(shop.slice(slice)), 65, 'slice_loses_rows')
    // The slice has order-b2 (2.25) and order-c2 (7.25); order-a2 (20.50) would be gone.
    expect(said).toMatch(/2024-03-02/)
    expect(said).toMatch(/order_table/)
    expect(said).toMatch(/\b20\.50\b/)
    expect(said).toMatch(/\b(7\.25|9\.50)\b/)
    expect(said).toContain('--merge-days')
    expect(said).toContain('--allow-shrink')
    expect(said).not.toContain('pageview_table')
    // Each row is accounted for all the same.
    expect(accountingOf('order_table')).toMatchObject({ read: 2, accepted: 2, duplicate: 0, rejected: 0 })
  })

  test('rows of several tables and dates, each of them named', async () => {
    const orders = changed(shopDays(1, 3), 'order_table', { without: 'order-b1' })
    const slice = changed(orders, 'click_table', { without: 'click-3' })
    const said = await expectRefused(shop, () => shop.add(shop.slice(slice)), 65, 'slice_loses_rows')
    expect(said).toMatch(/2024-03-01 order_table/)
    expect(said).toMatch(/2024-03-03 click_table/)
    expect(said).not.toContain('2024-03-02')
  })

  test('--full over raw files that lack dates', async () => {
    const input = shop.slice(shopDays(2, 3))
    const said = await expectRefused(shop, () => shop.run(input, ['--full']), 65, 'full_loses_dates')
    expect(said).toContain('2024-03-01')
    expect(said).not.toContain('2024-03-02')
    expect(said).toContain('--incremental')
    expect(said).toContain('--allow-shrink')
  })

  test('a slice for a set that was published by a plain run', async () => {
    rmSync(shop.output, { recursive: true })
    expectDone(await shop.run(shop.slice(shopDays(1, 2)), []))
    const said = await expectRefused(shop, () => shop.add(shop.slice(shopDays(3))), 65, 'no_history')
    expect(said).toContain('ecomagg process --full')
  })

  test('a slice for a history of another version', async () => {
    const state = join(shop.history, 'state.json')
    const text = readFileSync(state, 'utf8').replace('"history_version":3', '"history_version":4')
    const manifest = JSON.parse(readFileSync(join(shop.output, 'manifest.json'), 'utf8'))
    manifest.history = {
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    }
    writeFileSync(state, text)
    writeFileSync(join(shop.output, 'manifest.json'), JSON.stringify(manifest))
    const said = await expectRefused(shop, () => shop.add(shop.slice(shopDays(4))), 65, 'history_version')
    expect(said).toContain('ecomagg process --full')
  })

  test('a slice for a set whose history is gone', async () => {
    rmSync(shop.history, { recursive: true })
    const said = await expectRefused(shop, () => shop.add(shop.slice(shopDays(4))), 65, 'history_damaged')
    expect(said).toContain('ecomagg process --full')
  })

  test.each([
    ['timezone', { timezone: 'Europe/Berlin' }],
    ['filters', { filters: { ips: ['192.0.2.0/24'] } }],
    ['nullValues', { nullValues: ['NA'] }],
    ['rawTables.click_table', { rawTables: { click_table: { dedupe: false } } }],
  ])('another setting of %s', async (name, more) => {
    shop.writeSettings(more)
    const said = await expectRefused(
      shop,
      () => shop.add(shop.slice(shopDays(4))),
      78,
      'history_rules_changed',
    )
    expect(said).toContain(name)
    expect(said).toContain('ecomagg process --full')
    // As it says.
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
  })

  test('a metric that needs a column which was not kept', async () => {
    shop.writeExample('profit-margin')
    const said = await expectRefused(
      shop,
      () => shop.add(shop.slice(shopDays(4))),
      78,
      'history_rules_changed',
    )
    expect(said).toContain('product_cost')
  })

  test('a plain run over a set with a history', async () => {
    const input = shop.slice(shopDays(4))
    const said = await expectRefused(shop, () => shop.run(input, []), 73, 'history_would_be_lost')
    for (const option of ['--incremental', '--full', '--output', '--force']) expect(said).toContain(option)
  })

  test('a range of a plain run over a set with a history', async () => {
    const input = shop.slice(shopDays(1, 2, 3))
    await expectRefused(
      shop,
      () => shop.run(input, ['--since', '2024-03-01', '--until', '2024-03-31']),
      73,
      'history_would_be_lost',
    )
  })

  test('a history of which a file is cut short', async () => {
    const days = shop.historyFiles().find((name) => name.startsWith('days-'))!
    const path = join(shop.history, days)
    truncateSync(path, statSync(path).size - 100)
    const said = await expectRefused(shop, () => shop.add(shop.slice(shopDays(3, 4))), 65, 'history_damaged')
    expect(said).toContain('ecomagg process --full')
  })

  test.each([
    ['longer', (text: string) => `${text}x`],
    ['shorter', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
  ])('a slice for a set of which a table has become %s', async (_, change) => {
    const path = join(shop.output, 'session_funnel.csv')
    writeFileSync(path, change(readFileSync(path, 'utf8')))
    await expectRefused(shop, () => shop.add(shop.slice(shopDays(4))), 65, 'set_not_whole')
  })

  test('a slice for a set of which a table is gone', async () => {
    rmSync(join(shop.output, 'session_funnel.csv'))
    await expectRefused(shop, () => shop.add(shop.slice(shopDays(4))), 65, 'set_not_whole')
  })

  test('a slice for a history that version 0.1 wrote first', async () => {
    rmSync(shop.output, { recursive: true })
    cpSync(join(fixtures, 'history', 'version-1'), shop.output, { recursive: true })
    const said = await expectRefused(shop, () => shop.add(shop.slice(shopDays(3))), 65, 'history_version')
    expect(said).toContain('ecomagg process --full')
    expect(shop.lastRecord().error).toMatchObject({
      details: { found: 'version 1 of the history, by ecomagg 0.1.0' },
    })
    // As it says.
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3)), ['--full']))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3]))
    expect(shop.historyFiles().filter((name) => name.endsWith('.bin')).length).toBe(2)
  })

  test.each(['gone', 'damaged'])('a slice for a history whose manifest is %s', async (how) => {
    const manifest = join(shop.output, 'manifest.json')
    if (how === 'gone') rmSync(manifest)
    else writeFileSync(manifest, readFileSync(manifest, 'utf8').slice(0, 100))
    const said = await expectRefused(
      shop,
      () => shop.add(shop.slice(shopDays(4))),
      65,
      how === 'gone' ? 'history_damaged' : 'manifest_damaged',
    )
    expect(said).toContain('manifest.json')
    expect(said).toContain('ecomagg process --full')
    await expectRefused(shop, () => shop.run(shop.slice(shopDays(4)), []), 73, 'history_would_be_lost')
    // The history still says which dates there were.
    const lost = await expectRefused(
      shop,
      () => shop.run(shop.slice(shopDays(3, 4)), ['--full']),
      65,
      'full_loses_dates',
    )
    expect(lost).toContain('2024-03-01, 2024-03-02')
    expectDone(await shop.run(shop.slice(shopDays(1, 2, 3, 4)), ['--full']))
    expect(shop.results()).toEqual(await shop.plainResultsOf([1, 2, 3, 4]))
  })

  test('a date of which the slice has rejected rows alone', async () => {
    const slice = changed(shopDays(), 'order_table', {
      plus: ['visitor-2,beta-2,order-b2,2024-03-02 12:30:00,"2,25",,,'],
    })
    const add = (...args: string[]) => shop.add(shop.slice(slice), '--max-reject-rate', '1', ...args)
    const said = await expectRefused(shop, () => add(), 65, 'slice_loses_rows')
    expect(said).toMatch(
      /2024-03-02 order_table: 0 rows worth 0\.00 in the slice, 1 rejected, 2 more worth 22\.75/,
    )
    expectDone(await add('--allow-shrink'))
    // Users have no dates, and stay.
    const all = { ...shopDays(1, 3), user_table: shopDays(1, 2, 3).user_table! }
    expect(shop.results()).toEqual(await shop.plainResults(shop.slice(all)))
  })

  test('a slice of which too many rows are rejected', async () => {
    const slice = changed(shopDays(4), 'click_table', { plus: ['bad,beta-4,somewhen,/,x'] })
    await expectRefused(shop, () => shop.add(shop.slice(slice)), 65, 'too_many_rejects')
  })

  test.each([
    ['--merge-days'],
    ['--merge-days', '--full'],
    ['--allow-shrink'],
    ['--incremental', '--full'],
    ['--incremental', '--since', '2024-03-01'],
    ['--incremental', '--until', '2024-03-31'],
    ['--full', '--since', '2024-03-01'],
  ])('%s %s %s: usage', async (...args) => {
    const before = shop.everything()
    const folders = ['--input', shop.slice(shopDays(4)), '--output', shop.output, '--log-dir', shop.logs]
    const given = args.filter((arg) => arg !== undefined)
    const ended = await shop.ecomagg(['process', ...folders, ...given])
    expect(ended.exit, ended.stderr).toBe(64)
    expect(ended.stderr).toContain(given[0])
    expect([...shop.everything()]).toEqual([...before])
  })

  test('a range of the settings file: usage', async () => {
    shop.writeSettings({ since: '2024-03-01' })
    const before = shop.everything()
    const ended = await shop.ecomagg(['process', '--incremental', '--input', shop.slice(shopDays(4))])
    expect(ended.exit, ended.stderr).toBe(64)
    expect([...shop.everything()]).toEqual([...before])
  })
})
