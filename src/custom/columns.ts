import type { RawColumn } from '../raw/define.ts'
import type { KindName } from '../raw/kinds.ts'
import { count, date, flag, id, money, month, quantity, ratio, text } from '../tables/define.ts'

/** Columns of aggregate tables, by kind: `column.money('sum of total_price')`. */
export const column = { id, text, date, month, count, quantity, flag, money, ratio } as const

/** Extra columns of raw tables, by kind: `rawColumn.optional('money', 'what the piece cost')`. */
export const rawColumn = {
  required: <K extends KindName>(kind: K, meaning: string): RawColumn<K> & { readonly required: true } => ({
    kind,
    required: true,
    meaning,
  }),
  optional: <K extends KindName>(kind: K, meaning: string): RawColumn<K> & { readonly required: false } => ({
    kind,
    required: false,
    meaning,
  }),
} as const
