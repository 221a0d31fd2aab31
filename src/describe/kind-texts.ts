import type { KindName } from '../raw/kinds.ts'
import type { OutputKind } from '../tables/define.ts'

/** What each kind of raw cell accepts (SPEC section 1), for people. */
export const RAW_KINDS: Readonly<Record<KindName, string>> = {
  id: 'any text, kept as it is: `007` and `1e5` stay texts',
  text: 'any text; only an empty cell is null, `NA` and `NULL` are texts',
  timestamp:
    '`YYYY-MM-DD`, then optionally `T` or a space and `HH:MM[:SS[.fraction]]`, then optionally `Z`, ` UTC` or, after at most one space, `±HH[[:]MM]`; other layouts, and numbers such as seconds since 1970, only if declared with `--time-format`',
  money:
    'a decimal such as `5`, `.5`, `5.25` or `1e2`, up to 1 000 000 000; no currency signs or thousands separators',
  integer: 'a whole number such as `2` or `2.00`, up to 1 000 000',
  large_integer: 'a whole number such as `2` or `2.00`, up to 1 000 000 000 000',
  quantity: 'a decimal such as `2` or `0.5`, up to 1 000 000',
  percent: 'as money, from 0 to 100',
  flag: '`0`, `1`, `0.0`, `1.0`, `true` or `false`, in any case',
}

/** How each kind of aggregate column is written (SPEC section 2), for people. */
export const OUTPUT_KINDS: Readonly<Record<OutputKind, string>> = {
  id: 'text, as it came in',
  text: 'text',
  date: '`YYYY-MM-DD`',
  month: '`YYYY-MM`',
  count: 'whole number; 0 when nothing happened',
  quantity: 'exact sum, whole or with up to four decimals; 0 when nothing happened',
  flag: '0 or 1; empty if unknown',
  money: 'exact sum, rounded once to two decimals, half away from zero',
  ratio: 'exact quotient, rounded once to two decimals; empty if the denominator is 0',
}
