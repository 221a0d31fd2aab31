import { wallClockIn } from '../../../../lib/times/time-zone.ts'
import type { CellOptions, NumberKind } from '../../../../raw/kinds.ts'
import {
  type Canonical,
  flagBytes,
  integerBytes,
  largeIntegerBytes,
  moneyBytes,
  percentBytes,
  quantityBytes,
  timestampBytes,
} from './canonical.ts'
import { withLayouts } from './layout-bytes.ts'

/** What reads the cells of each number kind that are in canonical form, for one shop. */
export function cellBytes({
  timeZone,
  timeFormats,
  toWallClock = wallClockIn(timeZone),
}: CellOptions): Readonly<Record<NumberKind, Canonical>> {
  return {
    timestamp: withLayouts(timestampBytes(toWallClock), timeFormats),
    money: moneyBytes,
    integer: integerBytes,
    large_integer: largeIntegerBytes,
    quantity: quantityBytes,
    percent: percentBytes,
    flag: flagBytes,
  }
}
