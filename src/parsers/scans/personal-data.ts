/** What a cell looks like. */
export type PersonalDataKind = 'e-mail address' | 'phone number' | 'card number'

/** In how many rows a column holds what looks like personal data. */
export interface PersonalDataCount {
  readonly column: string
  readonly kind: PersonalDataKind
  readonly rows: number
}

/** Longest part of a cell that is looked at closely, in bytes. */
const LONGEST = 65_536
/** No address, phone or card number is shorter. */
const SHORTEST = 6

const DIGIT = 1
const AT = 2
const SIGN = 4

/** What a byte may be a part of: a digit, an `@` or `%40`, a sign of a phone number or its `%2B`. */
const CLASSES = new Uint8Array(256)
for (const digit of '0123456789') CLASSES[digit.charCodeAt(0)] = DIGIT
CLASSES['@'.charCodeAt(0)] = AT
CLASSES['%'.charCodeAt(0)] = AT | SIGN
for (const sign of '+()-./ :') CLASSES[sign.charCodeAt(0)] = SIGN

const DASH = 45
const COLON = 58
const UUID_LENGTH = 36
const LONGEST_TIME = 32

/** In how many rows a column holds what looks like each. */
export interface PersonalDataTally {
  emails: number
  phones: number
  /** Rows with digits of a length and prefix that cards have, and those whose check digit is right. */
  cardCandidates: number
  cards: number
}

/**
 * Looks for e-mail addresses, phone numbers and card numbers in the columns of a raw table, and counts rows;
 * nothing of a cell is kept. It can only say what cells look like.
 */
export class PersonalDataScan {
  readonly #columns: readonly string[]
  readonly #counts: PersonalDataTally[]

  /** @param columns the names of the file's fields, declared or not, in file order */
  constructor(columns: readonly string[]) {
    this.#columns = columns
    this.#counts = columns.map(() => ({ emails: 0, phones: 0, cardCandidates: 0, cards: 0 }))
  }

  /** Looks at one record; field i lies from starts[i] to ends[i]. */
  record(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number): void {
    const fields = Math.min(count, this.#columns.length)
    for (let i = 0; i < fields; i++) {
      const start = starts[i]!
      const end = ends[i]!
      if (end - start >= SHORTEST) this.#cell(this.#counts[i]!, bytes, start, end)
    }
  }

  /** What was counted so far, by column in file order. */
  get tallies(): readonly PersonalDataTally[] {
    return this.#counts
  }

  /** Adds what was counted in other records of the file. */
  add(others: readonly PersonalDataTally[]): void {
    others.forEach(({ emails, phones, cardCandidates, cards }, i) => {
      const counts = this.#counts[i]!
      counts.emails += emails
      counts.phones += phones
      counts.cardCandidates += cardCandidates
      counts.cards += cards
    })
  }

  /** What was found, by column in file order. */
  results(): PersonalDataCount[] {
    return this.#columns.flatMap((column, i) => {
      const { emails, phones, cards, cardCandidates } = this.#counts[i]!
      // One of ten numbers passes the check by chance; a column of ids must not be taken for cards.
      const cardRows = cards * 5 > cardCandidates ? cards : 0
      const found: [PersonalDataKind, number][] = [
        ['e-mail address', emails],
        ['phone number', phones],
        ['card number', cardRows],
      ]
      return found.filter(([, rows]) => rows > 0).map(([kind, rows]) => ({ column, kind, rows }))
    })
  }

  #cell(counts: PersonalDataTally, bytes: Uint8Array, start: number, end: number): void {
    let digits = 0
    let classes = 0
    // Nearly all cells end here: one look at each byte.
    for (let i = start; i < end; i++) {
      const kind = CLASSES[bytes[i]!]!
      classes |= kind
      digits += kind & DIGIT
    }
    const mayBeEmail = (classes & AT) !== 0
    const mayBePhone = digits >= 7 && (classes & SIGN) !== 0
    const mayBeCard = digits >= 13
    if (!(mayBeEmail || mayBePhone || mayBeCard)) return
    if (!mayBeEmail && (isUuid(bytes, start, end) || isTime(bytes, start, end))) return
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, LONGEST)).toString(
      'latin1',
    )
    if (mayBeEmail && hasEmail(text)) counts.emails++
    if (mayBePhone && hasPhone(text)) counts.phones++
    if (!mayBeCard) return
    const card = cardIn(text)
    if (card !== 'none') counts.cardCandidates++
    if (card === 'card') counts.cards++
  }
}

function isUuid(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === UUID_LENGTH &&
    bytes[start + 8] === DASH &&
    bytes[start + 13] === DASH &&
    bytes[start + 18] === DASH &&
    bytes[start + 23] === DASH
  )
}

/** A time such as 2025-01-31 10:00:00, which stands in every row. */
function isTime(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start <= LONGEST_TIME &&
    bytes[start + 4] === DASH &&
    bytes[start + 7] === DASH &&
    bytes[start + 13] === COLON &&
    bytes[start + 16] === COLON
  )
}

const EMAIL =
  /[a-z0-9._+\x80-\xff-]{1,64}(?:@|%40)(?:[a-z0-9\x80-\xff](?:[a-z0-9\x80-\xff-]{0,61}[a-z0-9\x80-\xff])?\.){1,8}([a-z]{2,24})(?![a-z0-9-])/gi
/** `logo@2x.png` is a picture for sharp screens. */
const FILE_ENDINGS = new Set([
  'png',
  'jpg',
  'jpeg',
  'gif',
  'webp',
  'svg',
  'avif',
  'ico',
  'css',
  'js',
  'mjs',
  'map',
])

function hasEmail(text: string): boolean {
  for (const match of text.matchAll(EMAIL)) if (!FILE_ENDINGS.has(match[1]!.toLowerCase())) return true
  return false
}

const PHONES: readonly RegExp[] = [
  // +49 30 1234567, +1 (555) 123-4567, 0049-30-1234567; or + (%2B in a query) and digits alone.
  /(?<![\w+.])(?:\+|%2b|00)[1-9]\d{0,2}(?:[ ()./-]{1,3}\d{1,8}){2,6}(?!\w|\.\d)/gi,
  /(?<![\w+.])(?:\+|%2b)[1-9]\d{7,14}(?!\w|\.\d)/gi,
  /(?<![a-z])tel:\+?[\d()./ -]{7,25}/gi,
  // (555) 123-4567, 555-123-4567, 1-800-555-0199
  /(?<![\w.])\(\d{2,5}\)[ -]?\d{3,4}[ -]?\d{3,5}(?!\w|\.\d)/g,
  /(?<![\w./-])(?:1[-. ])?[2-9]\d{2}([-. ])\d{3}\1\d{4}(?![\w-]|\.\d)/g,
  // 0171 1234567, 030/1234567, 020 7946 0958, 01 23 45 67 89
  /(?<![\w./-])0[1-9]\d{1,3}[ /-]\d{5,8}(?![\w/-]|\.\d)/g,
  /(?<![\w./-])0[1-9]\d{1,3}([ -])\d{3,4}\1\d{3,4}(?![\w/-]|\.\d)/g,
  /(?<![\w./-])0[1-9](?:([ .-])\d{2})(?:\1\d{2}){3}(?![\w/-]|\.\d)/g,
]

function hasPhone(text: string): boolean {
  return PHONES.some((pattern) => {
    for (const [match] of text.matchAll(pattern)) {
      const digits = match.replace(/\D/g, '').length
      if (digits >= 8 && digits <= 17) return true
    }
    return false
  })
}

/** 13 to 19 digits in a row, or in groups with one kind of separator; not part of anything longer. */
const CARD_SHAPES =
  /(?<![\w.+-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g

/** By network: length and prefix. */
const CARD_PREFIXES: readonly RegExp[] = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d+$/,
  /^3[47]\d{13}$/,
  /^(?:6011|65|64[4-9])\d+$/,
  /^35(?:2[89]|[3-8])\d+$/,
  /^3(?:0[0-5]|[689])\d{11}$/,
  /^62\d{14,17}$/,
]

/** Lengths of all cards but those whose pattern says it. */
const USUAL_LENGTH = 16

function cardIn(text: string): 'card' | 'candidate' | 'none' {
  let found: 'candidate' | 'none' = 'none'
  for (const [match] of text.matchAll(CARD_SHAPES)) {
    const digits = match.replace(/\D/g, '')
    const isKnown = CARD_PREFIXES.some(
      (prefix) => prefix.test(digits) && (!prefix.source.endsWith('\\d+$') || digits.length === USUAL_LENGTH),
    )
    if (!isKnown) continue
    if (hasCheckDigit(digits)) return 'card'
    found = 'candidate'
  }
  return found
}

/** Luhn's formula: every second digit from the right counts double, the sum ends in 0. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const weighted = i % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}
