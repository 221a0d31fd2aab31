import { defineRawTable, optional, required } from './define.ts'

export const order_table = defineRawTable({
  name: 'order_table',
  grain: 'one row per order',
  key: 'order_id',
  time: 'time',
  comparesDuplicates: true,
  mayBeMissing: false,
  setsAsOf: true,
  worth: { amount: 'total_price', signTellsRefunds: true },
  totals: {
    revenue: { sum: 'total_price' },
    orders: { rows: 'orders' },
    discount: { sum: 'discount' },
    customers: { distinct: 'user_id', among: 'orders' },
  },
  columns: {
    event_id: optional('id', 'the tracking event of the order'),
    user_id: required('id', 'the customer', { dictionary: 'user_id' }),
    session_id: required('id', 'the session in which it was placed', { dictionary: 'session_id' }),
    order_id: required('id', 'the order', { dictionary: 'order_id' }),
    time: required('timestamp', 'when it was placed'),
    total_price: required('money', 'what the order counts as revenue', { role: 'order_amount' }),
    shipping_price: optional('money', 'shipping charged; null counts as 0'),
    discount: optional('money', 'discount given; null counts as 0', { role: 'discount' }),
    discount_coupon_code: optional('text', 'coupon used, if any'),
    total_items: optional('integer', 'different items'),
    total_qty: optional('quantity', 'pieces, kilos or the like'),
  },
})
