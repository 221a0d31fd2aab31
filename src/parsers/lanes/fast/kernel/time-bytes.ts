import { isInstant, isNumberTime } from '../../../../lib/times/number-time.ts'
import { type ToWallClock, wallClockIn } from '../../../../lib/times/time-zone.ts'
import type { CellOptions } from '../../../../raw/kinds.ts'
import { type Canonical, timestampBytes } from './canonical.ts'
import { layoutBytes } from './layout-bytes.ts'
import { numberTimeBytes } from './number-time-bytes.ts'

type FromWritten = NonNullable<CellOptions['fromWritten']>

/**
 * A reader of timestamps for one shop: ISO, then what is declared, in order, but only up to the first layout that
 * must be left to date-fns.
 */
export function timeBytes({
  timeZone,
  timeFormats,
  toWallClock = wallClockIn(timeZone),
  fromWritten,
}: CellOptions): Canonical {
  const iso = fromWritten === undefined ? timestampBytes(toWallClock) : isoFrom(fromWritten, toWallClock)
  const readers: Canonical[] = []
  for (const declared of timeFormats) {
    const reader = isNumberTime(declared) ? numberTimeBytes(declared, toWallClock) : layoutBytes(declared)
    if (reader === undefined) break
    const isInUtc = isNumberTime(declared) && isInstant(declared)
    readers.push(fromWritten === undefined || isInUtc ? reader : readFrom(fromWritten, reader))
  }
  if (readers.length === 0) return iso
  return (bytes, start, end) => {
    let time = iso(bytes, start, end)
    for (let i = 0; Number.isNaN(time) && i < readers.length; i++) time = readers[i]!(bytes, start, end)
    return time
  }
}

/** Only times without an offset are written by another clock than the shop's. */
function isoFrom(fromWritten: FromWritten, toWallClock: ToWallClock): Canonical {
  let hasOffset = false
  const iso = timestampBytes((utc) => {
    hasOffset = true
    return toWallClock(utc)
  })
  return (bytes, start, end) => {
    hasOffset = false
    const time = iso(bytes, start, end)
    return hasOffset || Number.isNaN(time) ? time : fromWritten(time)
  }
}

function readFrom(fromWritten: FromWritten, reader: Canonical): Canonical {
  return (bytes, start, end) => {
    const time = reader(bytes, start, end)
    return Number.isNaN(time) ? time : fromWritten(time)
  }
}
