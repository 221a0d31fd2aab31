/** A number form, as settings declare it. */
export interface WrittenForm {
  readonly decimal: '.' | ','
  readonly thousands: '.' | ',' | ' ' | "'" | undefined
  readonly currencySigns: readonly string[]
  /** Whether a number may have an exponent: 1,5e3. */
  readonly hasExponent: boolean
}

/**
 * Reads numbers that are written in a form, and in no other, into the form of the raw tables. A currency sign
 * may stand before or behind the number, with blanks (no-break ones too) between them; a sign + or - stands
 * before or behind the currency sign. Parentheses for negative numbers are no such form.
 *
 * @returns the function from a text to the number as text; undefined if the text is none
 * @example with decimal ',' and thousands '.': '1.204,50' and '1204,50' → '1204.50'; '12.04,50' → undefined
 * @example with the currency sign '€': '-€5', '€ -5' and '-5 €' → '-5'
 */
export function plainNumber(form: WrittenForm): (text: string) => string | undefined {
  const decimal = form.decimal.charCodeAt(0)
  const isSeparator = separatorTest(form.thousands)
  // US$ before $.
  const signs = [...form.currencySigns].sort((a, b) => b.length - a.length)
  const read = (text: string, at: number) => unsigned(text, at, decimal, isSeparator, form.hasExponent)
  return (text) => {
    const bare = signs.length === 0 ? text : withoutCurrency(text, signs)
    if (bare === undefined) return undefined
    const first = bare.charCodeAt(0)
    if (first !== MINUS && first !== PLUS) return read(bare, 0)
    const number = read(bare, 1)
    return number === undefined ? undefined : `${bare[0]}${number}`
  }
}

const MINUS = 45
const PLUS = 43
const ZERO = 48
const NINE = 57
const [SPACE, NO_BREAK, NARROW_NO_BREAK] = [0x20, 0xa0, 0x202f]
const [APOSTROPHE, CURLY_APOSTROPHE] = [0x27, 0x2019]

function isSpace(code: number): boolean {
  return code === SPACE || code === NO_BREAK || code === NARROW_NO_BREAK
}

/** Whether a character stands between groups: a blank may be a no-break one, an apostrophe a curly one. */
function separatorTest(thousands: WrittenForm['thousands']): (code: number) => boolean {
  if (thousands === undefined) return () => false
  if (thousands === ' ') return isSpace
  if (thousands === "'") return (code) => code === APOSTROPHE || code === CURLY_APOSTROPHE
  const separator = thousands.charCodeAt(0)
  return (code) => code === separator
}

/** The number with its sign, but without a currency sign and what stands between; undefined if it has two signs. */
function withoutCurrency(text: string, signs: readonly string[]): string | undefined {
  const first = text.charCodeAt(0)
  const isSigned = first === MINUS || first === PLUS
  const start = pastSpaces(text, isSigned ? 1 : 0)
  const before = signs.find((sign) => text.startsWith(sign, start))
  if (before !== undefined) {
    const number = text.slice(pastSpaces(text, start + before.length))
    const second = number.charCodeAt(0)
    if (!isSigned) return number
    return second === MINUS || second === PLUS ? undefined : `${text[0]}${number}`
  }
  const behind = signs.find((sign) => text.endsWith(sign))
  if (behind === undefined) return text
  let end = text.length - behind.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

function pastSpaces(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

/** Digits in groups or not, a fraction, an exponent: with a point and without groups; undefined if anything else is there. */
function unsigned(
  text: string,
  start: number,
  decimal: number,
  isSeparator: (code: number) => boolean,
  hasExponent: boolean,
): string | undefined {
  let plain = ''
  let from = start
  let at = pastDigits(text, start)
  const isGrouped = isSeparator(text.charCodeAt(at))
  // 0.500 is no number in groups: whoever wrote it had another form.
  if (isGrouped && (at === start || at > start + 3 || text.charCodeAt(start) === ZERO)) return undefined
  while (isSeparator(text.charCodeAt(at))) {
    plain += text.slice(from, at)
    from = at + 1
    at = pastDigits(text, from)
    if (at !== from + 3) return undefined
  }
  let digits = at - start
  if (text.charCodeAt(at) === decimal) {
    plain += `${text.slice(from, at)}.`
    from = at + 1
    at = pastDigits(text, from)
    digits += at - from
  }
  if (digits === 0) return undefined
  if (hasExponent && at < text.length) at = pastExponent(text, at)
  return at === text.length ? plain + text.slice(from) : undefined
}

function pastDigits(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

/** The place behind an exponent; `at` itself if there is none. */
function pastExponent(text: string, at: number): number {
  if ((text.charCodeAt(at) | 32) !== LETTER_E) return at
  const sign = text.charCodeAt(at + 1)
  const from = sign === MINUS || sign === PLUS ? at + 2 : at + 1
  const end = pastDigits(text, from)
  return end === from ? at : end
}

const LETTER_E = 101
