import { dayOf } from '../lib/wall-clock.ts'
import type { PairIndex } from './pair-index.ts'

/** The group of each row, by the day of its time and a code; new groups are added. */
export function groupDays(groups: PairIndex, time: Float64Array, codes: Int32Array): Int32Array {
  const result = new Int32Array(codes.length)
  for (let row = 0; row < codes.length; row++) result[row] = groups.add(dayOf(time[row]!), codes[row]!)
  return result
}
