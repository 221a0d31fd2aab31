import { dayOf } from '../../lib/times/wall-clock.ts'
import type { PairIndex } from './pair-index.ts'

/** The group of each row, by the day of its time and a code; new groups are added. */
export function groupDays(groups: PairIndex, time: Float64Array, codes: Int32Array): Int32Array {
  const { first, last } = dayRange(time)
  const { width } = groups
  const result = new Int32Array(codes.length)
  // One more than the group of each pair that was met, where there are fewer pairs than rows.
  const isDense = (last - first + 1) * width <= codes.length
  const known = new Int32Array(isDense ? (last - first + 1) * width : 0)
  for (let row = 0; row < codes.length; row++) {
    const day = dayOf(time[row]!)
    const pair = (day - first) * width + codes[row]!
    const group = isDense ? known[pair]! - 1 : -1
    result[row] = group >= 0 ? group : groups.add(day, codes[row]!)
    if (isDense) known[pair] = result[row]! + 1
  }
  return result
}

/** The first and the last day of some times; the last comes before the first if there are none. */
export function dayRange(time: Float64Array): { readonly first: number; readonly last: number } {
  let earliest = Number.POSITIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < time.length; row++) {
    if (time[row]! < earliest) earliest = time[row]!
    if (time[row]! > latest) latest = time[row]!
  }
  return earliest > latest ? { first: 0, last: -1 } : { first: dayOf(earliest), last: dayOf(latest) }
}
