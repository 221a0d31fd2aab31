import { defineRawTable, optional, required } from './define.ts'

export const add_to_cart_table = defineRawTable({
  name: 'add_to_cart_table',
  grain: 'one row per time a product was added to a cart',
  key: 'event_id',
  time: 'time',
  comparesDuplicates: false,
  mayBeMissing: true,
  totals: { cart_adds: { rows: 'all' } },
  columns: {
    event_id: required('id', 'the cart add'),
    user_id: optional('id', 'the visitor', { dictionary: 'user_id' }),
    session_id: required('id', 'the session', { dictionary: 'session_id' }),
    time: required('timestamp', 'when it was added'),
    domain: optional('text', 'domain of the page'),
    path: optional('text', 'path of the page', { dictionary: 'path' }),
    hash: optional('text', 'fragment of the page'),
    query: optional('text', 'query string of the page'),
    previous_page: optional('text', 'page before this one'),
    product_name: required('text', 'the product', { dictionary: 'product_name' }),
    product_price: optional('money', 'price of one piece, kilo or the like'),
    product_qty: optional('quantity', 'pieces, kilos or the like added; null counts as 1'),
  },
})
