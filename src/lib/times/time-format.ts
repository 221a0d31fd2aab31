import { utc } from '@date-fns/utc'
import { format, parse } from 'date-fns'
import { nearestNames } from '../texts/nearest.ts'
import { looksIso } from './iso-timestamp.ts'
import { isNumberTime, NUMBER_TIMES } from './number-time.ts'

const inUtc = { in: utc }
const START = new Date(0)

/** A declared timestamp layout: the wall-clock milliseconds of a text written in it, else undefined. */
export type TimeFormat = (text: string) => number | undefined

/**
 * Why a layout cannot be declared, or undefined if it can. The names of times that are written as numbers can; a
 * date-fns layout must hold yyyy, month and day, no
 * zone, 12-hour tokens only with a day period, and must not fit texts that ISO already explains.
 *
 * @example timeFormatFault('dd-MM-yyyy HH:mm') → undefined
 * @example timeFormatFault('unix_ms') → undefined
 * @example timeFormatFault('yyyy-dd-MM') → 'it fits texts that are read as YYYY-MM-DD'
 */
export function timeFormatFault(layout: string): string | undefined {
  if (isNumberTime(layout)) return undefined
  const tokens = tokensOf(layout)
  const has = (pattern: RegExp) => tokens.some((token) => pattern.test(token))
  if (!has(/^yyyy$/)) {
    const [near] = nearestNames(layout, NUMBER_TIMES)
    return `it lacks the four-digit year yyyy${near === undefined ? '' : `; did you mean ${near}?`}`
  }
  if (!has(/^[ML]+o?$/)) return 'it lacks the month (MM, MMM or the like)'
  if (!has(/^do?$|^dd$/)) return 'it lacks the day of the month (dd)'
  if (has(/^[XxOzTt]+$/)) return 'it holds a zone or epoch token'
  const zone = zoneText(layout)
  if (zone !== undefined)
    return `its text '${zone}' reads as a zone or offset, which would be passed over and not converted`
  if (has(/^[hK]+o?$/) && !has(/^[ab]+$/)) return 'it holds a 12-hour token without a day period (a)'
  if (has(/^[Hk]+o?$/) && has(/^[ab]+$/)) return 'it holds a 24-hour token with a day period'
  for (const sample of [Date.UTC(2001, 1, 3, 4, 5, 6, 789), Date.UTC(2012, 10, 12, 13, 14, 15)]) {
    let text: string
    try {
      text = format(sample, layout, inUtc)
      if (!Number.isFinite(Number(parse(text, layout, START, inUtc)))) return 'date-fns cannot read it back'
    } catch (error) {
      return `date-fns refuses it: ${(error as Error).message.split(';')[0]}`
    }
    if (looksIso(text)) return 'it fits texts that are read as YYYY-MM-DD'
  }
  return undefined
}

/** Names of zones, and offsets; not `T`, which stands between date and time. */
const ZONE_TEXT =
  /(?<![A-Za-z])(?:[Zz]|UTC|utc|UCT|UT|GMT|gmt|MSK|ET|CT|MT|PT|[A-Z]{2,4}T|[A-Z][a-z]+\/[A-Z][A-Za-z_]+)(?![A-Za-z])|(?<!\d)[+\-\u2212]\d{1,2}(?::?\d{2})?(?!\d)/

/** A text of a layout that stands for itself and reads as a zone or an offset; undefined if there is none. */
function zoneText(layout: string): string | undefined {
  const texts = ['']
  for (const { literal } of layoutParts(layout)) {
    if (literal === undefined) texts.push('')
    else texts[texts.length - 1] += literal
  }
  return texts.map((text) => ZONE_TEXT.exec(text)?.[0]).find((found) => found !== undefined)
}

/** A part of a layout: a token, or a text that stands for itself. */
export type LayoutPart =
  | { readonly token: string; readonly literal?: never }
  | { readonly token?: never; readonly literal: string }

/**
 * The parts of a date-fns layout, as date-fns splits it.
 *
 * @example layoutParts("dd.MM 'um'") → [{ token: 'dd' }, { literal: '.' }, { token: 'MM' }, { literal: ' ' }, { literal: 'um' }]
 */
export function layoutParts(layout: string): LayoutPart[] {
  const parts = layout.match(/[yYQqMLwIdDecihHKkms]o|(\w)\1*|''|'(?:''|[^'])+(?:'|$)|./g) ?? []
  return parts.map((part) => (/^[A-Za-z]/.test(part) ? { token: part } : { literal: literalOf(part) }))
}

/** Within quotes, two of them stand for one; outside, too. */
function literalOf(part: string): string {
  if (part === "''") return "'"
  return part.startsWith("'") ? part.replace(/^'|'$/g, '').replaceAll("''", "'") : part
}

function tokensOf(layout: string): string[] {
  return layoutParts(layout).flatMap(({ token }) => token ?? [])
}

/**
 * A reader for one layout. A text is accepted only if it formats back to itself, so unpadded digits and
 * two-digit years are not. Missing parts (time of day) are zero.
 *
 * @example timeFormat('dd-MM-yyyy HH:mm')('01-02-2025 10:30') → Date.UTC(2025, 1, 1, 10, 30)
 */
export function timeFormat(layout: string): TimeFormat {
  return (text) => {
    const date = parse(text, layout, START, inUtc)
    const time = date.getTime()
    return !Number.isNaN(time) && format(date, layout, inUtc) === text ? time : undefined
  }
}
