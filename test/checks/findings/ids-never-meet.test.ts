import { expect, test } from 'vitest'
import { findingsIn, type ShopRows, times } from '../../support/finding-shop.ts'

const found = (rows: ShopRows, options = {}) => findingsIn(rows, 'ids_never_meet', options)
const sessions = (count: number, id: (i: number) => string = (i) => `${500 + i}`) =>
  times(count, (i) => `${10 + i},${id(i)},2025-01-01`)

/** Orders of 2.50 whose ids have become numbers with a fraction. */
const withFraction = times(100, (i) => `${10 + i},${500 + i}.0,o${i},2025-01-01,2.5`)

test('sessions of orders: rows, money, the usual shapes, and in which spelling they would meet', async () => {
  const [finding, ...others] = await found({ session_table: sessions(200), order_table: withFraction })
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    severity: 'warning',
    details: {
      column: 'order_table.session_id',
      known_in: 'session_table',
      ids: 100,
      unknown_ids: 100,
      rows: 100,
      money: '250.00',
      usual_shape: "'999.9'",
      usual_shape_where_known: "'999'",
    },
  })
  expect(finding!.advice).toContain('without the final .0, 100 of 100 ids would be known')
})

test('silent: one of a hundred known, fewer rows, nothing to be known in', async () => {
  const oneKnown = [...withFraction.slice(1), '10,500,o,2025-01-01,2.5']
  expect(await found({ session_table: sessions(200), order_table: oneKnown })).toEqual([])
  // One of 101 is less than one of a hundred.
  expect(
    await found({ session_table: sessions(200), order_table: [...withFraction, '10,500,o,2025-01-01,2.5'] }),
  ).toHaveLength(1)
  expect(await found({ session_table: sessions(200), order_table: withFraction.slice(1) })).toEqual([])
  expect(await found({ session_table: [], order_table: withFraction })).toEqual([])
})

test.each(['add_to_cart_table', 'pageview_table', 'scroll_table', 'click_table'] as const)(
  'sessions of %s, without money',
  async (table) => {
    const row = (i: number) =>
      ({
        add_to_cart_table: `e${i},S${i},2025-01-01,p`,
        pageview_table: `e${i},u,S${i},2025-01-01,/`,
        scroll_table: `e${i},S${i},2025-01-01,5,/`,
        click_table: `e${i},S${i},2025-01-01,/`,
      })[table]
    const rows = { session_table: sessions(3, (i) => `s${i}`), [table]: times(100, row) }
    const [finding] = await found(rows)
    expect(finding!.details).toEqual({
      column: `${table}.session_id`,
      known_in: 'session_table',
      ids: 100,
      unknown_ids: 100,
      rows: 100,
      usual_shape: "'A99'",
      usual_shape_where_known: "'a9'",
    })
    // Three of a hundred are known in lower case: that is no answer.
    expect(finding!.advice).not.toContain('would be known')
  },
)

test('users of orders in user_table and in session_table', async () => {
  const findings = await found({
    user_table: times(5, (i) => `00${i}`),
    session_table: ['x,s,2025-01-01'],
    order_table: times(100, (i) => `${i % 4},s,o${i},2025-01-01,1`),
  })
  expect(
    findings.map(({ details }) => [details.column, details.known_in, details.ids, details.money]),
  ).toEqual([
    ['order_table.user_id', 'user_table', 4, '100.00'],
    ['order_table.user_id', 'session_table', 4, '100.00'],
  ])
})

test('orders of lines, with the worth of the lines', async () => {
  const [finding] = await found({
    session_table: ['u,s,2025-01-01'],
    order_table: ['u,s,o1,2025-01-01,1'],
    order_line_item_table: times(100, (i) => `l${i},s,#${i},2025-01-01,p,0.5,3`),
  })
  expect(finding!.details).toMatchObject({
    column: 'order_line_item_table.order_id',
    ids: 100,
    rows: 100,
    money: '150.00',
    usual_shape: "'#99'",
  })
})

test('of hashed ids no shape is told', async () => {
  const [finding] = await found(
    { session_table: sessions(200), order_table: withFraction },
    {
      rules: { privacy: { hashIds: ['session_id'] } },
      hashKey: Buffer.from('0123456789abcdef0123456789abcdef'),
    },
  )
  expect(finding!.details).toMatchObject({ ids: 100, money: '250.00' })
  expect(finding!.details).not.toHaveProperty('usual_shape')
})
