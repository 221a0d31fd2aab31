import { Random, scramble, Weighted } from './random.ts'

interface Place {
  readonly country: string
  readonly region: string
  readonly city: string
  readonly weight: number
}

interface Device {
  readonly platform: string
  readonly type: string
  readonly browsers: readonly string[]
  readonly weight: number
}

/** What stays the same from one session of a user to the next. */
export interface Visitor {
  readonly id: string
  /** Regulars come back and buy far more often than others. */
  readonly isRegular: boolean
  readonly place: Place
  readonly device: Device
  readonly browser: string
  readonly address: string
}

const place = (country: string, region: string, city: string, weight: number): Place => ({
  country,
  region,
  city,
  weight,
})

const places = new Weighted(
  [
    place('US', 'California', 'San Francisco', 16),
    place('US', 'New York', 'New York', 15),
    place('US', 'Texas', 'Austin', 9),
    place('GB', 'England', 'London', 12),
    place('GB', 'Scotland', 'Edinburgh', 3),
    place('DE', 'Berlin', 'Berlin', 9),
    place('DE', 'Bavaria', 'München', 7),
    place('FR', 'Île-de-France', 'Paris', 8),
    place('ES', 'Catalonia', 'Barcelona', 5),
    place('NL', 'North Holland', 'Amsterdam', 5),
    place('CA', 'Ontario', 'Toronto', 6),
    place('AU', 'Victoria', 'Melbourne', 4),
    place('SG', '', 'Singapore', 1),
  ],
  ({ weight }) => weight,
)

const device = (platform: string, type: string, browsers: readonly string[], weight: number): Device => ({
  platform,
  type,
  browsers,
  weight,
})

const devices = new Weighted(
  [
    device('Windows', 'desktop', ['Chrome', 'Edge', 'Firefox'], 26),
    device('macOS', 'desktop', ['Safari', 'Chrome', 'Firefox'], 15),
    device('iOS', 'mobile', ['Safari', 'Safari', 'Chrome'], 28),
    device('Android', 'mobile', ['Chrome', 'Chrome', 'Samsung Internet'], 24),
    device('iOS', 'tablet', ['Safari'], 5),
    device('Android', 'tablet', ['Chrome'], 2),
  ],
  ({ weight }) => weight,
)

/** Address blocks that are set aside for documentation (RFC 5737). */
const BLOCKS = ['192.0.2.', '198.51.100.', '203.0.113.']

/** Every so many users one is a regular. */
const REGULAR_EVERY = 200
const REGULAR_SHARE = 0.03

/** The users of one shop: who they are follows from the seed and their number alone, so none is kept. */
export class Visitors {
  readonly count: number
  readonly #seed: number
  readonly #random: Random

  constructor(seed: number, sessions: number) {
    this.count = Math.max(1, Math.round(sessions * 0.65))
    this.#seed = scramble(seed ^ 0x75736572)
    this.#random = new Random(this.#seed, 0)
  }

  /** Whose session it is: mostly anyone, lower numbers more often, sometimes one of the regulars. */
  choose(random: Random): number {
    if (random.chance(REGULAR_SHARE)) {
      return random.below(Math.ceil(this.count / REGULAR_EVERY)) * REGULAR_EVERY
    }
    const point = random.unit()
    return Math.floor(point * (0.35 + 0.65 * point) * this.count)
  }

  visitor(number: number): Visitor {
    const random = this.#random
    random.restart(this.#seed, number)
    const chosen = devices.pick(random)
    return {
      id: userId(number),
      isRegular: isRegular(number),
      place: places.pick(random),
      device: chosen,
      browser: chosen.browsers[random.below(chosen.browsers.length)]!,
      address: BLOCKS[random.below(BLOCKS.length)]! + (1 + random.below(254)),
    }
  }

  /** The row of user_table: who bought last quarter also bought last year; some are not known. */
  userRow(number: number): string {
    const point = scramble(this.#seed ^ scramble(number)) / 2 ** 32
    const id = userId(number)
    if (isRegular(number)) return `${id},1,1\n`
    if (point < 0.02) return `${id},,\n`
    if (point < 0.03) return `${id},1,\n`
    if (point < 0.17) return `${id},1,1\n`
    return point < 0.38 ? `${id},1,0\n` : `${id},0,0\n`
  }
}

export function isRegular(number: number): boolean {
  return number % REGULAR_EVERY === 0
}

/** @example userId(123) → 'u-000123' */
export function userId(number: number): string {
  return `u-${String(number).padStart(6, '0')}`
}
