/** A way in which texts of one meaning are written differently, and how it is taken out. */
interface Way {
  readonly name: string
  readonly of: 'all' | 'names' | 'paths' | 'parameters'
  readonly undo: (text: string) => string
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

/** In the order in which they are undone. */
const WAYS: readonly Way[] = [
  { name: 'HTML entities', of: 'names', undo: withoutEntities },
  { name: 'a query', of: 'paths', undo: withoutQuery },
  { name: '+ for a blank', of: 'parameters', undo: (text) => text.replaceAll('+', ' ') },
  { name: 'percent-encoding', of: 'names', undo: percentDecoded },
  { name: 'white space', of: 'all', undo: withoutWhiteSpace },
  { name: 'capitals', of: 'all', undo: (text) => text.toLowerCase() },
  { name: 'a final /', of: 'names', undo: withoutSlash },
]

/**
 * What a text is: a path may have a query, in a parameter of a URL `+` may stand for a blank, and an e-mail
 * address differs by capitals and white space alone.
 */
export type Spelled = 'name' | 'path' | 'parameter' | 'address'

const WAYS_OF: Readonly<Record<Spelled, readonly Way[]>> = {
  name: waysOf('all', 'names'),
  path: waysOf('all', 'names', 'paths'),
  parameter: waysOf('all', 'names', 'parameters'),
  address: waysOf('all'),
}

function waysOf(...kinds: readonly Way['of'][]): readonly Way[] {
  return WAYS.filter(({ of }) => kinds.includes(of))
}

/**
 * A text without what may be written in several ways: two texts that mean one thing give the same.
 *
 * @example commonSpelling('/Products/caf%C3%A9/?id=3', 'path') → '/products/café'
 * @example commonSpelling('Spring+Sale', 'parameter') → 'spring sale'
 */
export function commonSpelling(text: string, spelled: Spelled): string {
  let rest = text
  for (const { undo } of WAYS_OF[spelled]) rest = undo(rest)
  return rest
}

/**
 * In which ways some texts of one common spelling differ.
 *
 * @example spellingDifferences(['/a', '/A/'], 'path') → ['capitals', 'a final /']
 */
export function spellingDifferences(texts: readonly string[], spelled: Spelled): string[] {
  const ways = WAYS_OF[spelled]
  const without = (left: Way) =>
    new Set(texts.map((text) => ways.reduce((rest, way) => (way === left ? rest : way.undo(rest)), text)))
  return ways.filter((way) => without(way).size > 1).map(({ name }) => name)
}

function withoutQuery(text: string): string {
  const from = text.indexOf('?')
  if (from < 0) return text
  const to = text.indexOf('#', from)
  return to < 0 ? text.slice(0, from) : text.slice(0, from) + text.slice(to)
}

function withoutWhiteSpace(text: string): string {
  return /\s\s|[^\S ]|^ | $/.test(text) ? text.replace(/\s+/g, ' ').trim() : text
}

/** A text of nothing but slashes keeps one. */
function withoutSlash(text: string): string {
  let end = text.length
  while (end > 1 && text[end - 1] === '/') end--
  return text.slice(0, end)
}

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return point <= 0x10_ffff ? String.fromCodePoint(point) : whole
  })
}

/** Bytes that are no UTF-8 stay as they are written. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[\da-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })
}

/** Bits of a byte that make a text worth a closer look, by what the text is. */
const IN = { name: 1, path: 2, parameter: 4, address: 8 } as const
const ANYWHERE = IN.name | IN.path | IN.parameter | IN.address
const BLANK = ' '.charCodeAt(0)
const SLASH = '/'.charCodeAt(0)

const ODD = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) if (byte < BLANK || byte >= 0x80) ODD[byte] = ANYWHERE
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ&%') ODD[letter.charCodeAt(0)] = ANYWHERE
ODD['?'.charCodeAt(0)] = IN.path
ODD['+'.charCodeAt(0)] = IN.parameter

/**
 * Whether the bytes of a text may be another spelling than the common one: a quick look, so that those of
 * most texts need not be decoded.
 */
export function mayBeSpelledOtherwise(
  bytes: Uint8Array,
  start: number,
  end: number,
  spelled: Spelled,
): boolean {
  const bit = IN[spelled]
  let last = BLANK
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if ((ODD[byte]! & bit) !== 0 || (byte === BLANK && last === BLANK)) return true
    last = byte
  }
  return last === BLANK || (last === SLASH && end - start > 1)
}
