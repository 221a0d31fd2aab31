import { describe, expect, test } from 'vitest'
import { ofSession, runWith, SHOP } from '../support/settings-shop.ts'

describe.concurrent('settings, each through the command', () => {
  test('timezone', () =>
    runWith(
      { timezone: 'Europe/Berlin' },
      (run) => expect(run.row('session_funnel', ofSession('s1')).date).toBe('2025-01-02'),
      { session_table: SHOP.session_table!.replace('2025-01-01 10:00', '2025-01-01T23:30Z') },
    ))

  test('rawTables.<table>.timezone', () =>
    runWith(
      { timezone: 'America/New_York', rawTables: { session_table: { timezone: 'Europe/Berlin' } } },
      (run) => {
        // 02:30 comes twice in Berlin on that day; the first time it is 00:30 in UTC.
        expect(run.row('session_funnel', ofSession('s1')).date).toBe('2024-10-26')
        expect(JSON.stringify(run.record.notices)).toContain(
          'have the offset from before it: session_table.time (1 cell)',
        )
      },
      { session_table: SHOP.session_table!.replace('2025-01-01 10:00', '2024-10-27 02:30') },
    ))

  test('timeFormats, for all tables or for one', async () => {
    const changes = {
      session_table: SHOP.session_table!.replace('2025-01-01 10:00', '01.01.2025 10:00'),
      click_table: SHOP.click_table!.replace('2025-01-02 10:03', '01/02/2025 10:03'),
    }
    const day = 'dd.MM.yyyy HH:mm'
    const american = 'MM/dd/yyyy HH:mm'
    await runWith({ timeFormats: [day, american] }, (run) => expect(run.exit).toBe(0), changes)
    await runWith(
      { timeFormats: [day], rawTables: { click_table: { timeFormats: [american] } } },
      (run) => {
        expect(run.exit).toBe(0)
        expect(run.row('page_engagement_metrics', { path: '/admin/users' }).date).toBe('2025-01-02')
      },
      changes,
    )
    // A table's own list takes the place of the general one.
    await runWith(
      { timeFormats: [day, american], rawTables: { click_table: { timeFormats: [day] } } },
      (run) => expect(run.exit).toBe(65),
      changes,
    )
  })

  test('nullValues', () =>
    runWith({ nullValues: ['NA', 'qwant'] }, (run) => {
      expect(run.row('session_attribution', ofSession('s1'))).toMatchObject({
        country: '',
        utm_source: 'direct',
      })
    }))

  test('maxRejectRate, for all tables or for one', async () => {
    const changes = { user_table: SHOP.user_table!.replace('u2,0', 'u2,perhaps') }
    await runWith({}, (run) => expect(run.exit).toBe(65), changes)
    await runWith({ maxRejectRate: 0.4 }, (run) => expect(run.exit).toBe(0), changes)
    const rawTables = { user_table: { maxRejectRate: 0.4 } }
    await runWith({ rawTables }, (run) => expect(run.exit).toBe(0), changes)
    const order_table = SHOP.order_table!.replace(',40,', ',forty,')
    await runWith({ rawTables }, (run) => expect(run.exit).toBe(65), { ...changes, order_table })
  })

  test('rawTables.<table>.dedupe', async () => {
    await runWith({}, (run) => {
      expect(run.row('product_performance_daily').times_added_to_cart).toBe('1')
    })
    await runWith({ rawTables: { add_to_cart_table: { dedupe: false } } }, (run) => {
      expect(run.row('product_performance_daily').times_added_to_cart).toBe('2')
      expect(run.accounting('add_to_cart_table')).toMatchObject({ read: 2, duplicate: 0, accepted: 2 })
    })
  })
})
