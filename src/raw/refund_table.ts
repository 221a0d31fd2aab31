import { defineRawTable, optional, required } from './define.ts'

export const refund_table = defineRawTable({
  name: 'refund_table',
  grain: 'one row per refund',
  isOptional: true,
  key: 'refund_id',
  time: 'time',
  comparesDuplicates: true,
  mayBeMissing: true,
  worth: { amount: 'amount' },
  columns: {
    refund_id: required('id', 'the refund'),
    order_id: required('id', 'the order that is given back, or a part of it', { dictionary: 'order_id' }),
    time: required('timestamp', 'when the money was given back'),
    amount: required(
      'money',
      'what the customer got back, positive; below 0 it is money that came back to the shop, and a finding tells of it',
    ),
    product_name: optional('text', 'the product, if it is for one', { dictionary: 'product_name' }),
    quantity: optional('integer', 'pieces given back'),
    reason: optional('text', 'why it was given back'),
  },
})
