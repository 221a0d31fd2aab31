import { isYearAllowed } from './iso-timestamp.ts'
import { isNumberTime, NUMBER_TIMES, type NumberTime, numberTime } from './number-time.ts'
import { layoutParts, timeFormat, timeFormatFault } from './time-format.ts'
import { dayOf, formatDay } from './wall-clock.ts'

/** A text that is no timestamp yet, and how many cells are like it. */
export interface TimeSample {
  readonly text: string
  readonly count: number
}

/** What layouts could be declared for cells that were refused; for hints only, never used to read them. */
export interface LayoutSearch {
  /** Those that fit every cell; all of them, if the day and the month cannot be told apart. */
  readonly layouts: readonly string[]
  /** Where some cells can only have the day first and others only the month. */
  readonly mixed:
    | { readonly dayFirst: number; readonly monthFirst: number; readonly either: number }
    | undefined
}

/** How many of the samples are looked at to see whether the day and the month change places. */
const MOST_SEEDS = 20

/**
 * Looks for layouts that can be declared and that fit every sample.
 *
 * @example searchLayouts([{ text: '5/31/2025 0:37', count: 1 }]).layouts → ['M/d/yyyy H:mm']
 * @example searchLayouts([{ text: '03.04.2025', count: 1 }]).layouts → ['dd.MM.yyyy', 'MM.dd.yyyy']
 * @example searchLayouts([{ text: '1743379200', count: 1 }]).layouts → ['unix']
 */
export function searchLayouts(samples: readonly TimeSample[]): LayoutSearch {
  const [first] = samples
  if (first === undefined) return { layouts: [], mixed: undefined }
  const number = NUMBER_TIMES.find((one) => samples.every(({ text }) => isLikely(one, text)))
  if (number !== undefined) return { layouts: [number], mixed: undefined }
  const fitting = accepted([first]).filter((layout) => samples.every(({ text }) => fits(layout, text)))
  const even = fitting.filter((layout) => hasDayAndMonthAlike(layout))
  const likely = even.length > 0 ? even : fitting
  // Of two that differ in leading zeros alone, cells that fit both speak for those.
  const layouts = new Map<string, string>()
  for (const layout of likely) {
    const known = layouts.get(padding(layout))
    if (known === undefined || known.length < layout.length) layouts.set(padding(layout), layout)
  }
  return { layouts: [...layouts.values()], mixed: layouts.size > 0 ? undefined : mixedOrder(samples) }
}

/**
 * The layout with day and month in each other's place; undefined if they are not numbers alike.
 *
 * @example swappedLayout('dd/MM/yyyy') → 'MM/dd/yyyy'
 */
export function swappedLayout(layout: string): string | undefined {
  if (isNumberTime(layout)) return undefined
  const tokens = layoutParts(layout).flatMap(({ token }) => token ?? [])
  const day = tokens.find((token) => token === 'dd' || token === 'd')
  const month = tokens.find((token) => token === 'MM' || token === 'M')
  if (day === undefined || month === undefined || day.length !== month.length) return undefined
  return rewritten(layout, (token) => (token === day ? month : token === month ? day : token))
}

/** Whether the day stands before the month. */
export function isDayFirst(layout: string): boolean {
  const tokens = layoutParts(layout).flatMap(({ token }) => token ?? [])
  const place = (pattern: RegExp) => tokens.findIndex((token) => pattern.test(token))
  return place(/^d/) < place(/^[ML]/)
}

/**
 * The layouts among those declared to which there is another one that has the day and the month in each
 * other's place, leading zeros or not.
 *
 * @example twinLayouts(['dd/MM/yyyy', 'yyyyMMdd', 'M/d/yyyy']) → ['dd/MM/yyyy', 'M/d/yyyy']
 */
export function twinLayouts(declared: readonly string[]): string[] {
  const padded = declared.map(padding)
  return declared.filter((layout) => {
    const twin = swappedLayout(padding(layout))
    return twin !== undefined && padded.includes(twin)
  })
}

function mixedOrder(samples: readonly TimeSample[]): LayoutSearch['mixed'] {
  const layouts = accepted(samples.slice(0, MOST_SEEDS)).filter((one) => swappedLayout(one) !== undefined)
  const [dayFirsts, monthFirsts] = [layouts.filter(isDayFirst), layouts.filter((one) => !isDayFirst(one))]
  let [dayFirst, monthFirst, either] = [0, 0, 0]
  for (const { text, count } of samples) {
    const isDay = dayFirsts.some((layout) => fits(layout, text))
    const isMonth = monthFirsts.some((layout) => fits(layout, text))
    if (!isDay && !isMonth) return undefined
    if (isDay && isMonth) either += count
    else if (isDay) dayFirst += count
    else monthFirst += count
  }
  return dayFirst > 0 && monthFirst > 0 ? { dayFirst, monthFirst, either } : undefined
}

/** The layouts that may be declared and that the texts could be written in. */
function accepted(samples: readonly TimeSample[]): string[] {
  const candidates = new Set(samples.flatMap(({ text }) => candidatesFor(text)))
  return [...candidates].filter((layout) => timeFormatFault(layout) === undefined)
}

/** The years in which a number is likely to be a time: two ways of writing times share no number of these. */
const [LIKELY_FROM, LIKELY_TO] = [Date.UTC(1990, 0, 1), Date.UTC(2100, 0, 1)]

function isLikely(declared: NumberTime, text: string): boolean {
  const time = numberTime(declared)(text)?.wall ?? Number.NaN
  return time >= LIKELY_FROM && time < LIKELY_TO
}

function fits(layout: string, text: string): boolean {
  const time = timeFormat(layout)(text)
  return time !== undefined && isYearAllowed(Number.parseInt(formatDay(dayOf(time)), 10))
}

/** Whether both are written with leading zeros, or neither. */
function hasDayAndMonthAlike(layout: string): boolean {
  const tokens = layoutParts(layout).flatMap(({ token }) => token ?? [])
  return !(tokens.includes('d') && tokens.includes('MM')) && !(tokens.includes('dd') && tokens.includes('M'))
}

/** The layout with leading zeros in all numbers of dates and hours. */
function padding(layout: string): string {
  return rewritten(layout, (token) => (/^[dMHh]$/.test(token) ? token + token : token))
}

function rewritten(layout: string, change: (token: string) => string): string {
  return layoutParts(layout)
    .map(({ token, literal }) => (token === undefined ? quoted(literal) : change(token)))
    .join('')
}

/** A text as a layout writes it. */
function quoted(text: string): string {
  if (text === "'") return "''"
  return /[A-Za-z]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text
}

/** The ways of writing one part of a layout. */
type Part = readonly string[]
/** The parts of each layout that a text could be written in, by the groups of a pattern. */
type PartsOf = (groups: readonly string[]) => readonly (readonly Part[])[]

/** Each way of writing a date, with the layouts of the texts that its pattern fits, by the pattern's groups. */
const DATES: readonly (readonly [RegExp, PartsOf])[] = [
  [
    /^(\d{1,2})([-/. ]|\. )(\d{1,2})\2(\d{4})(?!\d)/,
    ([a, gap, b]) => [
      [day(a!), [gap!], month(b!), [gap!], ['yyyy']],
      [month(a!), [gap!], day(b!), [gap!], ['yyyy']],
    ],
  ],
  [
    /^(\d{4})([-/. ]|\. )(\d{1,2})\2(\d{1,2})(?!\d)/,
    ([, gap, a, b]) => [
      [['yyyy'], [gap!], month(a!), [gap!], day(b!)],
      [['yyyy'], [gap!], day(a!), [gap!], month(b!)],
    ],
  ],
  [/^\d{8}(?=$|\D|\d{4}(\d\d)?$)/, () => [[['yyyyMMdd']], [['ddMMyyyy']], [['MMddyyyy']]]],
  [
    /^(\d{1,2})([-/. ]|\. )([A-Za-z]{3,9})(\.?[-/ ]|, )(\d{4})(?!\d)/,
    ([a, gap, , second]) => [[day(a!), [gap!], ['MMM', 'MMMM'], [second!], ['yyyy']]],
  ],
  [
    /^([A-Za-z]{3,9})(\.?[- ])(\d{1,2})(st|nd|rd|th)?(,? |-)(\d{4})(?!\d)/,
    ([, gap, a, ordinal, second]) => [
      [['MMM', 'MMMM'], [gap!], ordinal === undefined ? day(a!) : ['do'], [second!], ['yyyy']],
    ],
  ],
]

const WEEKDAY = /^([A-Z][a-z]{2,8})(,? )/
const CLOCK =
  /^(T|, | at | - | )(\d{1,2})([:.h]?)(\d{2})(?:\3(\d{2})(?:([.,])(\d{1,3}))?)?(?:( ?)([AaPp])(\.?)[Mm]\.?)?$/
const DIGIT_CLOCK = /^\d{4}(\d\d)?$/

function day(digits: string): Part {
  return padded(digits, 'd')
}

function month(digits: string): Part {
  return padded(digits, 'M')
}

/** Two digits may be written so always, or only since there are two. */
function padded(digits: string, token: string): Part {
  if (digits.length === 1) return [token]
  return digits.startsWith('0') ? [token + token] : [token + token, token]
}

function candidatesFor(text: string): string[] {
  const weekday = WEEKDAY.exec(text)
  const isWeekday = weekday !== null && !/^\d/.test(text) && DATES.every(([pattern]) => !pattern.test(text))
  const prefix: Part[] = isWeekday ? [['EEE', 'EEEE'], [quoted(weekday[2]!)]] : []
  const rest = isWeekday ? text.slice(weekday[0].length) : text
  return DATES.flatMap(([pattern, layouts]) => {
    const date = pattern.exec(rest)
    const clock = date === null ? undefined : clockFor(rest.slice(date[0].length))
    if (clock === undefined) return []
    return layouts(date!.slice(1)).flatMap((parts) => combined([...prefix, ...parts, ...clock]))
  })
}

function clockFor(text: string): Part[] | undefined {
  if (text === '') return []
  if (DIGIT_CLOCK.test(text)) return [[text.length === 4 ? 'HHmm' : 'HHmmss']]
  const found = CLOCK.exec(text)
  if (found === null) return undefined
  const [, gap, hour, sign, , second, point, fraction, space, half, dot] = found
  const isHalf = half !== undefined
  const clock: Part[] = [[quoted(gap!)], padded(hour!, isHalf ? 'h' : 'H'), [quoted(sign!)], ['mm']]
  if (second !== undefined) clock.push([quoted(sign!)], ['ss'])
  if (fraction !== undefined) clock.push([point!], ['S'.repeat(fraction.length)])
  if (isHalf) clock.push([space!], [dot === '.' ? 'aaaa' : half < 'a' ? 'a' : 'aaa'])
  return clock
}

/** All layouts with one choice for each part. */
function combined(parts: readonly Part[]): string[] {
  return parts.reduce<string[]>(
    (layouts, choices) => layouts.flatMap((layout) => choices.map((choice) => layout + choice)),
    [''],
  )
}
