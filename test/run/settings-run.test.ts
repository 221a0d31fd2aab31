import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ofSession, runWith, SHOP, turn } from '../support/settings-shop.ts'
import { Workspace } from '../support/workspace.ts'

describe.concurrent('settings, each through the command', () => {
  test('paths', () =>
    runWith({ paths: { input: 'raw_data', output: 'tables', logs: 'books' } }, (run) => {
      expect(run.exit).toBe(0)
      expect(readdirSync(join(run.folder, 'tables'))).toContain('session_funnel.csv')
      expect(readdirSync(join(run.folder, 'books'))).toContain('aggregation_log.txt')
      expect(readdirSync(join(run.folder, 'aggregated_data'))).toEqual([])
    }))

  test('since and until', () =>
    runWith({ since: '2025-01-02', until: '2025-01-02' }, (run) => {
      expect(run.rows('daily_business_metrics').map(({ date }) => date)).toEqual(['2025-01-02'])
      expect(run.accounting('order_table')).toMatchObject({ outside_range: 2, accepted: 2 })
    }))

  test('asOf', () =>
    runWith({ asOf: '2025-01-31' }, (run) => {
      expect(run.row('user_lifetime_metrics', { user_id: 'u1' }).days_since_last_order).toBe('28')
    }))

  test('allowMissing', () =>
    runWith({ allowMissing: true }, (run) => expect(run.exit).toBe(0), { click_table: '' }))

  test('strict', () =>
    runWith({ strict: true }, (run) => {
      expect(run.exit).toBe(65)
      expect(run.stderr).toContain('strict_findings')
    }))

  test('escapeFormulas and bom', () =>
    runWith(
      { escapeFormulas: false, bom: true },
      (run) => {
        expect(run.text('session_attribution.csv')).toMatch(/^\uFEFFsession_id/)
        expect(run.row('session_attribution', ofSession('s1')).utm_source).toBe('=1+1')
      },
      { session_table: SHOP.session_table!.replace('qwant', '=1+1') },
    ))

  test('showValues', () =>
    runWith(
      { showValues: true, maxRejectRate: 1 },
      (run) => expect(JSON.stringify(run.record.inputs)).toContain('1,234'),
      { order_table: SHOP.order_table!.replace(',100,', ',"1,234",') },
    ))

  test('keepRuns', async () => {
    const shop = new Workspace()
    try {
      for (const [name, text] of Object.entries(SHOP)) shop.write(`${name}.csv`, text)
      writeFileSync(join(shop.folder, 'ecomagg.config.json'), '{"keepRuns": 1}')
      for (let i = 0; i < 2; i++) await turn(() => shop.ecomagg(['process', '--quiet']))
      expect(readdirSync(shop.logs).filter((name) => name.endsWith('.json'))).toHaveLength(1)
    } finally {
      shop.dispose()
    }
  })
})
