import { expect, test } from 'vitest'
import { findingsIn, type ShopRows } from '../../support/finding-shop.ts'

const found = (rows: ShopRows, options = {}) => findingsIn(rows, 'ids_in_scientific_notation', options)

test('by column, with the money, and the form that they have', async () => {
  const rows: ShopRows = {
    session_table: ['u,1.23E+12,2025-01-01', 'u,s,2025-01-01'],
    order_table: [
      'u,1.23E+12,4.5E+15,2025-01-01,10',
      'u,1.23E+12,o2,2025-01-01,2.5',
      'u,s,o3,2025-01-01,100',
    ],
    order_line_item_table: ['l,1.23E+12,4.5E+15,2025-01-01,p,3,2'],
  }
  const [finding] = await found(rows)
  expect(finding).toMatchObject({ severity: 'warning' })
  expect(finding!.details).toEqual({
    ids: 2,
    cells: 6,
    example: "'9.99A+99'",
    'session_table.session_id': '1 row',
    'order_table.session_id': '2 rows, 12.50',
    'order_line_item_table.session_id': '1 row, 6.00',
    'order_table.order_id': '1 row, 10.00',
    'order_line_item_table.order_id': '1 row, 6.00',
  })
  const [shown] = await found(rows, { showValues: true })
  expect(shown!.message).toContain("'1.23E+12'")
})

test.each(['1E+12', '-1.5e+123', '1.23456E+12'])('%s is one', async (id) => {
  expect(await found({ session_table: [`u,${id},2025-01-01`] })).toHaveLength(1)
})

test.each(['1e5', '12e45', 'A1E+12', '1.23E+1', '1.23E12', '1.23E-12', '12.3E+12'])(
  'silent: %s is an id like any other',
  async (id) => {
    expect(await found({ session_table: [`u,${id},2025-01-01`] })).toEqual([])
  },
)
