import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { findingsIn, pasted, type ShopRows } from '../../support/finding-shop.ts'

const found = (rows: ShopRows, options = {}) => findingsIn(rows, 'null_like_texts', options)

const SHOP: ShopRows = {
  session_table: ['u,s,2025-01-01,/,NULL,null,(not set),None', 'u,t,2025-01-01,/,NULL'],
  order_table: [
    'u,s,o1,2025-01-01,10,\\N',
    'u,s,o2,2025-01-01,2.5,\\N',
    'u,s,o3,2025-01-01,-1,\\N',
    'u,s,o4,2025-01-01,9,SAVE',
  ],
  order_line_item_table: ['l1,s,o1,2025-01-01,nan,2.5,2', 'l2,s,o2,2025-01-01,p,1,1'],
  click_table: ['k,undefined,2025-01-01,/'],
}

test('by column and text, with the money of orders, refunds and lines', async () => {
  const [finding] = await found(SHOP)
  expect(finding).toMatchObject({ severity: 'warning' })
  expect(finding!.details).toEqual({
    cells: 9,
    'order_table.discount_coupon_code \\N': '3 rows, 11.50',
    'session_table.country NULL': '2 rows',
    'session_table.utm_source null': '1 row',
    'session_table.utm_campaign None': '1 row',
    'order_line_item_table.product_name nan': '1 row, 5.00',
    'click_table.session_id undefined': '1 row',
  })
  expect(finding!.message).toContain('order_table.discount_coupon_code \\N (3 rows, 11.50)')
})

test('the setting that it names, pasted, makes it silent, and keeps what was there', async () => {
  const optionalOnly: ShopRows = { ...SHOP, order_line_item_table: [] }
  const [finding] = await found(optionalOnly, { rules: { nullValues: ['-'] } })
  const rules = parse(pasted(finding!, 'nullValues'))
  expect(rules).toEqual({ nullValues: ['-', 'NULL', 'null', '\\N', 'None', 'undefined'] })
  expect(await found(optionalOnly, { rules })).toEqual([])
})

test('ids that must be there may be empty only if the settings say so', async () => {
  const [finding] = await found({
    session_table: ['u,s,2025-01-01'],
    order_table: ['null,s,o1,2025-01-01,10'],
    add_to_cart_table: ['a,NULL,2025-01-01,p'],
  })
  expect(parse(pasted(finding!, 'rawTables'))).toEqual({
    rawTables: { order_table: { optional: ['user_id'] }, add_to_cart_table: { optional: ['session_id'] } },
  })
})

test('silent: other texts, campaigns that are (not set), the country Namibia', async () => {
  expect(
    await found({
      session_table: [
        'u,s,2025-01-01,/none,NA,(not set),(not set),(not set)',
        'u,t,2025-01-01,/,,(direct),(none)',
      ],
      order_table: ['u,s,o1,2025-01-01,10,NULLIFY'],
    }),
  ).toEqual([])
})

test('(not set) elsewhere than in a campaign', async () => {
  const [finding] = await found({ session_table: ['u,s,2025-01-01,/,(not set),(not set)'] })
  expect(finding!.details).toEqual({ cells: 1, 'session_table.country (not set)': '1 row' })
})
