import { describe, expect, test } from 'vitest'
import { isTimeZone, wallClockIn } from '../../../src/lib/times/time-zone.ts'
import { Random, seedOf } from '../../support/random.ts'

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'America/Caracas',
  'Europe/Dublin',
]

/** The wall clock as the platform writes it: in Swedish, which is ISO. */
function byIntl(timeZone: string): (utc: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return (utc) => format.format(utc)
}

const written = (wall: number) =>
  new Date(Math.floor(wall / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')
const { seed, name } = seedOf(9)

describe(`against Intl, ${name}`, () => {
  test.each(ZONES)('%s', (zone) => {
    const random = new Random(seed)
    const toWall = wallClockIn(zone)
    const expected = byIntl(zone)
    const latest = Date.UTC(2199, 11, 31)
    for (let i = 0; i < 3000; i++) {
      const utc = Math.floor(random.fraction() * latest)
      expect(written(toWall(utc)), new Date(utc).toISOString()).toBe(expected(utc))
      expect((((toWall(utc) - utc) % 1000) + 1000) % 1000).toBe(0)
    }
  })

  test.each(['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns'])(
    '%s: every ten minutes around every change of 1970 to 2037',
    (zone) => {
      const toWall = wallClockIn(zone)
      const expected = byIntl(zone)
      const day = 86_400_000
      let before = toWall(0)
      for (let utc = 0; utc < Date.UTC(2037, 11, 31); utc += day) {
        const now = toWall(utc) - utc
        if (now !== before) {
          for (let at = utc - day; at <= utc; at += 600_000) expect(written(toWall(at))).toBe(expected(at))
        }
        before = now
      }
    },
  )
})

test('by hand', () => {
  const berlin = wallClockIn('Europe/Berlin')
  expect(berlin(Date.UTC(2025, 6, 1, 12))).toBe(Date.UTC(2025, 6, 1, 14))
  // The last second of winter time, and the first of summer time.
  expect(berlin(Date.UTC(2025, 2, 30, 0, 59, 59, 999))).toBe(Date.UTC(2025, 2, 30, 1, 59, 59, 999))
  expect(berlin(Date.UTC(2025, 2, 30, 1))).toBe(Date.UTC(2025, 2, 30, 3))
  expect(wallClockIn('Africa/Monrovia')(0)).toBe(-((44 * 60 + 30) * 1000))
  expect(wallClockIn('Asia/Kolkata')(-1)).toBe(5.5 * 3_600_000 - 1)
})

test('zones', () => {
  expect(ZONES.every(isTimeZone)).toBe(true)
  expect(['Europe/Atlantis', '', 'Berlin', 'CEST!', 'Europe/Berlin ', '../etc'].filter(isTimeZone)).toEqual(
    [],
  )
})
