import type { CellOptions, NumberKind } from '../../../../raw/kinds.ts'
import {
  type Canonical,
  flagBytes,
  integerBytes,
  largeIntegerBytes,
  moneyBytes,
  percentBytes,
  quantityBytes,
} from './canonical.ts'
import { timeBytes } from './time-bytes.ts'

/** What reads the cells of each number kind that are in canonical form, for one shop. */
export function cellBytes(options: CellOptions): Readonly<Record<NumberKind, Canonical>> {
  return {
    timestamp: timeBytes(options),
    money: moneyBytes,
    integer: integerBytes,
    large_integer: largeIntegerBytes,
    quantity: quantityBytes,
    percent: percentBytes,
    flag: flagBytes,
  }
}
