import { isYearAllowed } from '../../../../lib/times/iso-timestamp.ts'
import { layoutParts } from '../../../../lib/times/time-format.ts'
import { dayFromDate, isCalendarDate, MS_PER_DAY } from '../../../../lib/times/wall-clock.ts'
import type { Canonical } from './canonical.ts'

const ZERO = 48

/** Where the numbers of a text are put. */
const YEAR = 0
const MONTH = 1
const DAY = 2
const HOUR = 3
const HALF_DAY_HOUR = 4
const HALF_DAY = 5
const MINUTE = 6
const SECOND = 7
const MILLISECOND = 8
const FIELDS = 9

/** How a part of a layout is read: one byte as it stands. */
const LITERAL = 0
/** So many digits. */
const DIGITS = 1
/** One digit, or two of which the first is not 0. */
const SHORT_NUMBER = 2
/** Three letters of an English month. */
const MONTH_NAME = 3
/** AM or PM. */
const AM_PM = 4

interface Step {
  readonly kind: number
  readonly field: number
  /** How many digits, or the byte. */
  readonly value: number
}

const digits = (field: number, value: number): Step => ({ kind: DIGITS, field, value })
const shortNumber = (field: number): Step => ({ kind: SHORT_NUMBER, field, value: 2 })
const halfDay: Step = { kind: AM_PM, field: HALF_DAY, value: 2 }

/** The date-fns tokens whose texts can be read byte by byte. */
const TOKENS: Readonly<Record<string, Step>> = {
  yyyy: digits(YEAR, 4),
  MM: digits(MONTH, 2),
  M: shortNumber(MONTH),
  MMM: { kind: MONTH_NAME, field: MONTH, value: 3 },
  dd: digits(DAY, 2),
  d: shortNumber(DAY),
  HH: digits(HOUR, 2),
  H: shortNumber(HOUR),
  hh: digits(HALF_DAY_HOUR, 2),
  h: shortNumber(HALF_DAY_HOUR),
  a: halfDay,
  aa: halfDay,
  mm: digits(MINUTE, 2),
  m: shortNumber(MINUTE),
  ss: digits(SECOND, 2),
  s: shortNumber(SECOND),
  SSS: digits(MILLISECOND, 3),
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MONTH_OF_NAME = new Map(
  MONTHS.map((name, i) => [packed(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)), i + 1]),
)

function packed(a: number, b: number, c: number): number {
  return (a << 16) | (b << 8) | c
}

/**
 * A reader for a declared layout (one that timeFormatFault has nothing against) of numbers, short month names,
 * AM and PM: a hundred times faster than date-fns, and with exactly its answers, NaN where it reads nothing or a
 * year that is not allowed. Undefined for layouts with other tokens.
 *
 * @example layoutBytes('dd.MM.yyyy HH:mm') of 01.02.2025 10:30 → Date.UTC(2025, 1, 1, 10, 30)
 */
export function layoutBytes(layout: string): Canonical | undefined {
  const steps = stepsOf(layout)
  if (steps === undefined) return undefined
  const kinds = Uint8Array.from(steps, ({ kind }) => kind)
  const fields = Uint8Array.from(steps, ({ field }) => field)
  const values = Uint8Array.from(steps, ({ value }) => value)
  const found = new Int32Array(FIELDS)
  const hasHalves = steps.includes(halfDay)
  return (bytes, start, end) => {
    let at = start
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i]!
      const value = values[i]!
      if (kind === LITERAL) {
        if (bytes[at++] !== value) return Number.NaN
        continue
      }
      let number: number
      if (kind === DIGITS) {
        number = 0
        for (const last = at + value; at < last; at++) {
          const digit = bytes[at]! - ZERO
          if (!(digit >= 0 && digit <= 9)) return Number.NaN
          number = number * 10 + digit
        }
      } else if (kind === SHORT_NUMBER) {
        number = bytes[at++]! - ZERO
        if (!(number >= 0 && number <= 9)) return Number.NaN
        const second = at < end ? bytes[at]! - ZERO : -1
        if (second >= 0 && second <= 9) {
          if (number === 0) return Number.NaN
          number = number * 10 + second
          at++
        }
      } else if (kind === MONTH_NAME) {
        number = MONTH_OF_NAME.get(packed(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)) ?? 0
        at += 3
      } else {
        number =
          bytes[at + 1] !== LETTER_M ? -1 : bytes[at] === LETTER_A ? 0 : bytes[at] === LETTER_P ? 1 : -1
        if (number < 0) return Number.NaN
        at += 2
      }
      found[fields[i]!] = number
    }
    return at === end ? timeOf(found, hasHalves) : Number.NaN
  }
}

const LETTER_A = 65
const LETTER_M = 77
const LETTER_P = 80

/** The wall-clock milliseconds that the numbers mean, or NaN. */
function timeOf(found: Int32Array, hasHalves: boolean): number {
  const [year, month, day] = [found[YEAR]!, found[MONTH]!, found[DAY]!]
  if (!isYearAllowed(year) || !isCalendarDate(year, month, day)) return Number.NaN
  let hour = found[HOUR]!
  if (hasHalves) {
    const written = found[HALF_DAY_HOUR]!
    if (written < 1 || written > 12) return Number.NaN
    hour = (written % 12) + 12 * found[HALF_DAY]!
  }
  const minute = found[MINUTE]!
  const second = found[SECOND]!
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN
  return (
    dayFromDate(year, month, day) * MS_PER_DAY +
    ((hour * 60 + minute) * 60 + second) * 1000 +
    found[MILLISECOND]!
  )
}

/** Undefined if the layout holds anything that may be written in more ways than one, or is not known here. */
function stepsOf(layout: string): Step[] | undefined {
  const steps: Step[] = []
  // A character may consist of several literal parts.
  let text = ''
  const closeText = () => {
    for (const value of Buffer.from(text, 'utf8')) steps.push({ kind: LITERAL, field: FIELDS, value })
    text = ''
  }
  const fields = new Set<number>()
  for (const { token, literal } of layoutParts(layout)) {
    if (token === undefined) {
      text += literal
      continue
    }
    const step = Object.hasOwn(TOKENS, token) ? TOKENS[token] : undefined
    if (step === undefined || fields.has(step.field)) return undefined
    closeText()
    fields.add(step.field)
    steps.push(step)
  }
  closeText()
  // A half of a day means nothing without an hour of it.
  if (fields.has(HALF_DAY) !== fields.has(HALF_DAY_HOUR)) return undefined
  return steps.every((step, i) => step.kind !== SHORT_NUMBER || isNoDigit(steps[i + 1])) ? steps : undefined
}

/** Whether a number before this step surely ends there. */
function isNoDigit(step: Step | undefined): boolean {
  if (step === undefined || step.kind === MONTH_NAME || step.kind === AM_PM) return true
  return step.kind === LITERAL && !(step.value >= ZERO && step.value <= ZERO + 9)
}
