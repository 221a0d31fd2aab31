import { expect, test } from 'vitest'
import { runOptional as run } from '../support/optional-tables.ts'

const HEADER = 'refund_id,order_id,time,amount,product_name,quantity,reason'
const refunds = (...rows: string[]) => ({ 'refund_table.csv': [HEADER, ...rows, ''].join('\n') })

test('is told apart by refund_id; its orders are those of order_table', async () => {
  const done = await run(
    refunds(
      'r1,o1,2025-01-02 10:00,5,Mug,1,broken',
      'r1,o1,2025-01-02 10:00,5.00,Mug,1,broken',
      'r1,o1,2025-01-02 10:00,6,Mug,1,broken',
      'r2,unknown,2025-01-03,7.25,,,',
    ),
  )
  expect(done.csvs.refund_rows).toBe(`refund_id,row,order_id,date,amount,product,quantity,reason,order_total
r1,1,o1,2025-01-02,5.00,Mug,1,broken,20.00
r2,1,unknown,2025-01-03,7.25,,,,
`)
  expect(done.inputs.refund_table).toMatchObject({ read: 4, duplicate: 2, conflicting: 1, accepted: 2 })
  const { accounting } = done.loaded.inputs.find(({ table }) => table === 'refund_table')!
  expect([accounting.moneyRead, accounting.moneyRejected]).toEqual([23_2500, 6_0000])
})

test('an amount below 0 counts as it stands, and a finding tells of it', async () => {
  const done = await run(refunds('r1,o1,2025-01-02,-5,,,'))
  expect(done.csvs.refund_rows).toContain('r1,1,o1,2025-01-02,-5.00,')
  expect(done.verdict.findings.find(({ code }) => code === 'negative_amounts')).toMatchObject({
    details: { 'refund_table.amount': '1 row, together -5.00' },
  })
})

test('what is left out with an order are its refunds, too', async () => {
  const rows = refunds('r1,o1,2025-01-02,5,,,', 'r2,o2,2025-01-02,0.50,,,', 'r3,o1,2025-01-02,1,,,void')
  const done = await run(rows, {
    filters: {
      ordersBelow: 1,
      columns: [{ table: 'refund_table', column: 'reason', equals: 'void' }],
    },
  })
  expect(done.inputs.refund_table).toMatchObject({ filtered: 2, accepted: 1 })
  const { accounting } = done.loaded.inputs.find(({ table }) => table === 'refund_table')!
  expect(Object.fromEntries(accounting.filteredBy)).toEqual({ of_filtered_order: 1, column: 1 })
  expect(done.csvs.refund_rows).toContain('\nr1,')
  expect(done.csvs.refund_rows).not.toContain('\nr2,')
})

test('order ids are hashed as in order_table', async () => {
  const done = await run(refunds('r1,o1,2025-01-02,5,,,'), { privacy: { hashIds: ['order_id'] } })
  expect(done.csvs.refund_rows).toMatch(/\nr1,1,[0-9a-f]{64},2025-01-02,5\.00,,,,20\.00\n/)
})
