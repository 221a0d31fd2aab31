import { offsetIn, wallClockIn } from './time-zone.ts'
import { MS_PER_DAY } from './wall-clock.ts'

/** From the wall clock of one zone to that of another, in milliseconds. */
export interface WallClockBetween {
  /** A time that the first zone skips or repeats has the offset that was in force before. */
  readonly convert: (wall: number) => number
  /** Whether a clock change of the first zone skips or repeats a time, so that nobody can know when it was. */
  readonly isUnclear: (wall: number) => boolean
}

/** The last days for which what is found is remembered: those of 2199. */
const DAYS = Date.UTC(2200, 0, 1) / MS_PER_DAY
/** Of a day on which one of the zones changes its offset. */
const UNSTEADY = Number.POSITIVE_INFINITY
/** More than any offset since 1970. */
const MOST = 15 * 3_600_000

/** When a zone changes its offset, in UTC milliseconds, and the offsets on both sides. */
interface ClockChange {
  readonly at: number
  readonly before: number
  readonly after: number
}

const known = new Map<string, WallClockBetween>()

/**
 * The conversion between two zones. What it finds is remembered by day: on most days it is one number.
 *
 * @example wallClockBetween('Europe/Berlin', 'America/New_York').convert(Date.UTC(2025, 6, 1, 12)) → Date.UTC(2025, 6, 1, 6)
 */
export function wallClockBetween(from: string, to: string): WallClockBetween {
  const pair = `${from} ${to}`
  const between = known.get(pair) ?? makeBetween(from, to)
  known.set(pair, between)
  return between
}

function makeBetween(from: string, to: string): WallClockBetween {
  const offsetFrom = offsetIn(from)
  const offsetTo = offsetIn(to)
  const toWallClock = wallClockIn(to)
  const shifts = new Float64Array(DAYS).fill(Number.NaN)
  const changes = new Map<number, ClockChange | undefined>()

  const changeNear = (day: number) => {
    if (!changes.has(day)) changes.set(day, findChange(offsetFrom, day))
    return changes.get(day)
  }

  const shiftOn = (day: number): number => {
    const [start, end] = [day * MS_PER_DAY, (day + 1) * MS_PER_DAY]
    const change = changeNear(day)
    const turn = change === undefined ? end : turnOf(change)
    if (turn > start && turn < end) return UNSTEADY
    const offset = change === undefined ? offsetFrom(start) : turn <= start ? change.after : change.before
    const other = offsetTo(start - offset)
    return other === offsetTo(end - 1000 - offset) ? other - offset : UNSTEADY
  }

  const convertOn = (day: number, wall: number): number => {
    const shift = shifts[day] === UNSTEADY ? UNSTEADY : shiftOn(day)
    shifts[day] = shift
    if (shift !== UNSTEADY) return wall + shift
    const change = changeNear(day)
    if (change === undefined) return toWallClock(wall - offsetFrom(day * MS_PER_DAY))
    return toWallClock(wall - (wall < turnOf(change) ? change.before : change.after))
  }

  return {
    convert(wall) {
      const day = Math.floor(wall / MS_PER_DAY)
      const shift = shifts[day]
      // False also for NaN, of a day that is not known yet.
      if (shift !== undefined && shift < UNSTEADY) return wall + shift
      return convertOn(day, wall)
    },
    isUnclear(wall) {
      const change = changeNear(Math.floor(wall / MS_PER_DAY))
      if (change === undefined) return false
      const { at, before, after } = change
      return wall >= at + Math.min(before, after) && wall < at + Math.max(before, after)
    },
  }
}

/** The wall clock from which on the later offset is taken: the end of what is skipped or repeated. */
function turnOf({ at, before, after }: ClockChange): number {
  return at + Math.max(before, after)
}

/**
 * The change of offset whose wall clocks may be of a day. There is at most one: no zone of the IANA list has
 * changed its offset twice within three days since 1970.
 */
function findChange(offsetAt: (utc: number) => number, day: number): ClockChange | undefined {
  let from = day * MS_PER_DAY - MOST
  let to = (day + 1) * MS_PER_DAY + MOST
  const [before, after] = [offsetAt(from), offsetAt(to)]
  if (before === after) return undefined
  while (to - from > 1000) {
    const middle = from + Math.floor((to - from) / 2000) * 1000
    if (offsetAt(middle) === before) from = middle
    else to = middle
  }
  return { at: to, before, after }
}
