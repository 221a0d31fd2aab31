import * as z from 'zod'
import { type DecimalFault, parseDecimal } from '../lib/numbers/decimal-text.ts'
import { trimBlanks } from '../lib/texts/blanks.ts'
import { isTimeAllowed, parseIso, type WrittenTime } from '../lib/times/iso-timestamp.ts'
import { isNumberTime, numberTime } from '../lib/times/number-time.ts'
import { type TimeFormat, timeFormat } from '../lib/times/time-format.ts'
import { type ToWallClock, wallClockIn } from '../lib/times/time-zone.ts'

/** What a cell holds; SPEC section 1 says what each accepts and becomes. */
export const KINDS = [
  'id',
  'text',
  'timestamp',
  'money',
  'integer',
  'large_integer',
  'quantity',
  'percent',
  'flag',
] as const
export type KindName = (typeof KINDS)[number]
export type NumberKind = Exclude<KindName, 'id' | 'text'>

/** Why a cell that is present is not acceptable. */
export type CellReason =
  | 'invalid_timestamp'
  | 'invalid_money'
  | 'money_out_of_range'
  | 'invalid_integer'
  | 'integer_out_of_range'
  | 'invalid_quantity'
  | 'quantity_out_of_range'
  | 'invalid_percent'
  | 'percent_out_of_range'
  | 'invalid_flag'

/** What the shop says about its cells. */
export interface CellOptions {
  /** IANA zone of the shop: timestamps with an offset are converted to it. */
  readonly timeZone: string
  /** Declared date-fns layouts and ways of writing times as numbers, tried in order after ISO. */
  readonly timeFormats: readonly string[]
  /** The conversion into the zone, where several share it: it remembers what it has found. */
  readonly toWallClock?: ToWallClock
  /** From the wall clock that times without an offset are written by to the shop's, where they differ. */
  readonly fromWritten?: (wall: number) => number
}

/** What reads the cells of each number kind, and decides what is acceptable. */
export type CellSchemas = Readonly<Record<NumberKind, z.ZodType<number, string>>>

/** Greatest absolute money value, in whole units, as written. */
export const MONEY_LIMIT = 1_000_000_000
/** Greatest absolute integer. */
export const INTEGER_LIMIT = 1_000_000
/** Greatest absolute integer of a column that counts what may be far more, such as impressions. */
export const LARGE_INTEGER_LIMIT = 1_000_000_000_000
/** Greatest absolute quantity, in whole units, as written. */
export const QUANTITY_LIMIT = 1_000_000

/** The schemas of the number kinds for one shop. */
export function cellSchemas({
  timeZone,
  timeFormats,
  toWallClock = wallClockIn(timeZone),
  fromWritten = (wall) => wall,
}: CellOptions): CellSchemas {
  return {
    timestamp: timestampSchema(timeFormats, ({ wall, offset }) =>
      offset === undefined ? fromWritten(wall) : toWallClock(wall - offset),
    ),
    money: moneySchema,
    integer: integerSchema(INTEGER_LIMIT),
    large_integer: integerSchema(LARGE_INTEGER_LIMIT),
    quantity: quantitySchema,
    percent: percentSchema,
    flag: flagSchema,
  }
}

/** The reason that a kind's schema gave for refusing a cell. */
export function reasonOf(error: z.ZodError): CellReason {
  const issue = error.issues[0]!
  if (issue.code !== 'custom' || typeof issue.params?.reason !== 'string') throw error
  return issue.params.reason as CellReason
}

/**
 * What becomes of one cell, by the schemas alone: its value (timestamp: wall-clock ms; money, quantity
 * and percent: ten-thousandths), null for an empty one, or the reason for its refusal.
 *
 * @example parseCell('money', ' 5.25 ', { timeZone: 'UTC', timeFormats: [] }) → { value: 52_500 }
 * @example parseCell('flag', 'yes', { timeZone: 'UTC', timeFormats: [] }) → { reason: 'invalid_flag' }
 */
export function parseCell(
  kind: KindName,
  text: string,
  options: CellOptions,
): { value: number | string | null } | { reason: CellReason } {
  const trimmed = trimBlanks(text)
  if (trimmed === '') return { value: null }
  if (kind === 'id' || kind === 'text') return { value: trimmed }
  const parsed = cellSchemas(options)[kind].safeParse(trimmed)
  return parsed.success ? { value: parsed.data } : { reason: reasonOf(parsed.error) }
}

/** A schema from a function that gives a number or the reason for its refusal. */
function cellSchema(read: (text: string) => number | CellReason): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const result = read(text)
    if (typeof result === 'number') return result
    context.addIssue({ code: 'custom', message: result, params: { reason: result } })
    return z.NEVER
  })
}

/** @param toShop the wall clock of the shop at a time as it is written */
function timestampSchema(
  timeFormats: readonly string[],
  toShop: (written: WrittenTime) => number,
): z.ZodType<number, string> {
  const readers = timeFormats.map((declared) => declaredTime(declared, toShop))
  return cellSchema((text) => {
    const iso = parseIso(text)
    if (iso !== undefined) return toShop(iso)
    for (const read of readers) {
      const time = read(text)
      if (time !== undefined) return time
    }
    return 'invalid_timestamp'
  })
}

/** A text in a declared layout has its year as written; a number since 1970 has none but that of the shop. */
function declaredTime(
  declared: string,
  toShop: (written: WrittenTime) => number,
): (text: string) => number | undefined {
  const read = isNumberTime(declared) ? numberTime(declared) : layoutTime(timeFormat(declared))
  return (text) => {
    const written = read(text)
    if (written === undefined) return undefined
    const isByClock = written.offset === undefined
    if (isByClock && !isTimeAllowed(written.wall)) return undefined
    const time = toShop(written)
    return isByClock || isTimeAllowed(time) ? time : undefined
  }
}

function layoutTime(layout: TimeFormat): (text: string) => WrittenTime | undefined {
  return (text) => {
    const wall = layout(text)
    return wall === undefined ? undefined : { wall, offset: undefined }
  }
}

const moneySchema = cellSchema((text) => {
  const value = parseDecimal(text, -MONEY_LIMIT, MONEY_LIMIT)
  return typeof value === 'number' ? value : decimalReason(value, 'invalid_money', 'money_out_of_range')
})

const quantitySchema = cellSchema((text) => {
  const value = parseDecimal(text, -QUANTITY_LIMIT, QUANTITY_LIMIT)
  return typeof value === 'number' ? value : decimalReason(value, 'invalid_quantity', 'quantity_out_of_range')
})

const percentSchema = cellSchema((text) => {
  const value = parseDecimal(text, 0, 100)
  return typeof value === 'number' ? value : decimalReason(value, 'invalid_percent', 'percent_out_of_range')
})

function decimalReason(fault: DecimalFault, malformed: CellReason, outOfRange: CellReason): CellReason {
  return fault === 'malformed' ? malformed : outOfRange
}

function integerSchema(limit: number): z.ZodType<number, string> {
  return cellSchema((text) => {
    const match = /^([+-]?)(\d+)(?:\.0*)?$/.exec(text)
    if (match === null) return 'invalid_integer'
    const value = Number(match[2])
    if (value > limit) return 'integer_out_of_range'
    return match[1] === '-' && value !== 0 ? -value : value
  })
}

const FLAGS: ReadonlyMap<string, number> = new Map([
  ['0', 0],
  ['0.0', 0],
  ['false', 0],
  ['1', 1],
  ['1.0', 1],
  ['true', 1],
])

const flagSchema = cellSchema(
  (text) => FLAGS.get(text.length <= 5 ? text.toLowerCase() : '') ?? 'invalid_flag',
)
