import { defineRawTable, optional, required } from './define.ts'

export const user_table = defineRawTable({
  name: 'user_table',
  grain: 'one row per user',
  key: 'user_id',
  comparesDuplicates: true,
  mayBeMissing: true,
  columns: {
    user_id: required('id', 'the user', { dictionary: 'user_id' }),
    has_purchase_last_year: optional('flag', '1 if the user bought in the last year'),
    has_purchase_last_qtr: optional('flag', '1 if the user bought in the last quarter'),
  },
})
