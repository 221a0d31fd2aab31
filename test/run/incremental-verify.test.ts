import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eachWithPublishedDays, expectDone, type PublishedDays } from '../support/published-days.ts'
import { changed, shopDays } from '../support/shop-days.ts'

let shop: PublishedDays
eachWithPublishedDays((copy) => {
  shop = copy
})

describe('verify', () => {
  test('says that the set equals a full run', async () => {
    expectDone(await shop.add(shop.slice(shopDays(4))))
    const ended = await shop.verifyAgainstDays([1, 2, 3, 4])
    expect([ended.exit, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toMatch(/^equal: /m)
    expect((await shop.ecomagg(['verify', '--output', shop.output])).exit).toBe(0)
  })

  test('names the keys that differ from a full run', async () => {
    const before = shop.everything()
    const raw = changed(shopDays(1, 2, 3), 'order_table', {
      without: 'order-b2',
      plus: ['visitor-2,beta-2,order-b2,2024-03-02 12:30:00,3.25,,,'],
    })
    const ended = await shop.verifyAgainst(shop.slice(raw))
    expect(ended.exit).toBe(65)
    for (const named of [
      'daily_business_metrics',
      'session_attribution',
      '2024-03-02',
      'beta-2',
      'visitor-2',
    ])
      expect(ended.stderr).toContain(named)
    expect(ended.stderr).not.toContain('session_funnel')
    expect(ended.stderr).not.toContain('2024-03-03')
    expect([...shop.everything()]).toEqual([...before])
  })

  test('finds a date that the raw files lack, and one that they have beside', async () => {
    for (const days of [
      [1, 2],
      [1, 2, 3, 4],
    ]) {
      const ended = await shop.verifyAgainstDays(days)
      expect(ended.exit).toBe(65)
      expect(ended.stderr).toContain(`2024-03-0${days.length === 2 ? 3 : 4}`)
    }
  })

  test('refuses a manifest whose settings somebody changed', async () => {
    const path = join(shop.output, 'manifest.json')
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { rules: Record<string, unknown> }
    for (const rules of [
      { ...manifest.rules, timezone: 7 },
      { ...manifest.rules, funnel: null },
    ]) {
      writeFileSync(path, JSON.stringify({ ...manifest, rules }))
      const ended = await shop.verifyAgainstDays([1, 2, 3])
      expect(ended.exit, ended.stderr).toBe(65)
      expect(ended.stderr).toMatch(/manifest_damaged.*rules\./)
      expect(ended.stderr).not.toContain('unexpected')
    }
  })

  test('takes --raw with --incremental alone', async () => {
    const ended = await shop.ecomagg(['verify', '--raw', shop.slice(shopDays(1)), '--output', shop.output])
    expect(ended.exit).toBe(64)
    expect(ended.stderr).toContain('--incremental')
  })
})
