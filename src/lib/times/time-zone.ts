const MS_PER_HOUR = 3_600_000

/** Whether the platform knows the IANA zone. @example isTimeZone('Europe/Berlin') → true */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Turns UTC milliseconds into the wall-clock milliseconds of one zone. */
export type ToWallClock = (utc: number) => number

/**
 * The conversion into one zone. Offsets are remembered by UTC hour, so that one conversion should serve all who
 * ask; an hour in which the offset changes is asked for each time.
 *
 * @example wallClockIn('Europe/Berlin')(Date.UTC(2025, 6, 1, 12)) → Date.UTC(2025, 6, 1, 14)
 */
export function wallClockIn(timeZone: string): ToWallClock {
  if (timeZone === 'UTC') return (utc) => utc
  const offsetAt = offsetIn(timeZone)
  const steady = new Map<number, number>()
  return (utc) => {
    const hour = Math.floor(utc / MS_PER_HOUR)
    const known = steady.get(hour)
    if (known !== undefined) return utc + known
    const start = offsetAt(hour * MS_PER_HOUR)
    if (start !== offsetAt((hour + 1) * MS_PER_HOUR)) return utc + offsetAt(utc)
    if (steady.size > 1_000_000) steady.clear()
    steady.set(hour, start)
    return utc + start
  }
}

/**
 * How far the wall clock of a zone is before UTC at an instant, in milliseconds. It asks the platform each time:
 * @date-fns/tz loses the sign of offsets such as Monrovia's -00:44:30.
 *
 * @example offsetIn('Asia/Kolkata')(0) → 19_800_000
 */
export function offsetIn(timeZone: string): (utc: number) => number {
  if (timeZone === 'UTC') return () => 0
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (utc) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value)
    const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
    return wall - Math.floor(utc / 1000) * 1000
  }
}
