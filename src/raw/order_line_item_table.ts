import { defineRawTable, optional, required } from './define.ts'

export const order_line_item_table = defineRawTable({
  name: 'order_line_item_table',
  grain: 'one row per line of an order',
  key: 'event_id',
  time: 'time',
  comparesDuplicates: true,
  mayBeMissing: true,
  worth: { amount: 'product_price', times: 'product_qty', signTellsRefunds: true },
  totals: { gross_sales: { sum: 'product_price', times: 'product_qty' }, units_sold: { sum: 'product_qty' } },
  columns: {
    event_id: required('id', 'the line item'),
    user_id: optional('id', 'the customer', { dictionary: 'user_id' }),
    session_id: optional('id', 'the session in which it was bought', { dictionary: 'session_id' }),
    order_id: required('id', 'the order it belongs to', { dictionary: 'order_id' }),
    time: required('timestamp', 'when it was bought'),
    product_name: required('text', 'the product', { dictionary: 'product_name' }),
    product_price: required('money', 'price of one piece, kilo or the like'),
    product_qty: required('quantity', 'pieces, kilos or the like bought'),
  },
})
