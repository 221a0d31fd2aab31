import { formatDay } from '../../lib/times/wall-clock.ts'
import { type Random, Weighted } from './random.ts'

const SECONDS_PER_DAY = 86_400

/** From Thursday, since day 0 is one. */
const WEEKDAYS = [1, 1.05, 1.2, 1.3, 0.95, 0.9, 0.95]

/** From midnight: few at night, most in the evening. */
const HOURS = [8, 5, 3, 2, 2, 3, 8, 16, 26, 34, 38, 40, 44, 42, 38, 38, 40, 44, 52, 62, 70, 66, 44, 20]

const TWO_DIGITS = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'))

/** No session lasts as long as this. */
export const LONGEST_SESSION = 7200

/** The days of the sample: when sessions start, and how times are written. */
export class Calendar {
  readonly firstDay: number
  readonly lastDay: number
  readonly #days: Weighted<number>
  readonly #hours = new Weighted([...HOURS.keys()], (hour) => HOURS[hour]!)
  readonly #texts: readonly string[]

  constructor(lastDay: number, days: number) {
    this.firstDay = lastDay - days + 1
    this.lastDay = lastDay
    const all = Array.from({ length: days }, (_, i) => this.firstDay + i)
    this.#days = new Weighted(all, (day) => WEEKDAYS[((day % 7) + 7) % 7]!)
    this.#texts = all.map(formatDay)
  }

  /** A start, in seconds since 1970; a session that starts then is over before the last day is. */
  start(random: Random): number {
    const day = this.#days.pick(random)
    const second = this.#hours.pick(random) * 3600 + random.below(3600)
    const isTooLate = day === this.lastDay && second >= SECONDS_PER_DAY - LONGEST_SESSION
    return day * SECONDS_PER_DAY + second - (isTooLate ? LONGEST_SESSION : 0)
  }

  /** @example stamp(Date.UTC(2025, 0, 2, 3, 4, 5) / 1000) → '2025-01-02 03:04:05' */
  stamp(time: number): string {
    const day = Math.floor(time / SECONDS_PER_DAY)
    const second = time - day * SECONDS_PER_DAY
    const date = this.#texts[day - this.firstDay] ?? formatDay(day)
    const minute = Math.floor(second / 60)
    return `${date} ${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`
  }
}
