import { naivePlain, naiveScaled } from './naive-numbers.ts'

/** What settings say of one column, as a settings file has it. */
export interface Mapping {
  readonly column?: string
  readonly first?: readonly string[]
  readonly constant?: string
  readonly template?: string
  readonly nullIf?: readonly string[]
  readonly replace?: readonly (readonly [string, string])[]
  readonly url?: 'path' | 'host' | 'query' | 'hash'
  readonly param?: string
  readonly decode?: 'percent' | 'html'
  readonly spaces?: 'collapse'
  readonly trimPrefix?: string
  readonly trimSuffix?: string
  readonly lower?: boolean
  readonly upper?: boolean
  readonly split?: string
  readonly take?: 'first' | 'last' | 'all'
  readonly values?: Readonly<Record<string, string>>
  readonly otherwise?: string
  readonly decimal?: string
  readonly thousands?: string
  readonly currencySigns?: readonly string[]
  readonly scale?: string
  readonly clamp?: readonly (string | number)[]
}

/** What settings say of the cells of one table. */
export interface NaiveSettings {
  readonly columns?: Readonly<Record<string, Mapping | string>>
  readonly decimal?: string
  readonly thousands?: string
  readonly currency?: { readonly column: string; readonly rates: Readonly<Record<string, string>> }
}

export interface NaiveCell {
  readonly text: string
  /** What a reject of it shows: the source column, and its cell. */
  readonly blame: { readonly column: string; readonly cell: string }
  /** Why it is refused, if that is not by its kind. */
  readonly reason?: string
}

/** The cells of a source record by source column; {row} of a template. */
interface Source {
  readonly cells: Readonly<Record<string, string>>
  readonly place: number
  readonly nulls: readonly string[]
}

/** No number of any kind. */
const NO_NUMBER = 'no number'
const NUMBERS = ['money', 'quantity', 'integer', 'percent']

/** What becomes of a record in one column: a second implementation, by the meaning of the keys alone. */
export function naiveCell(target: string, kind: string, settings: NaiveSettings, source: Source): NaiveCell {
  const given = settings.columns?.[target] ?? target
  const mapping = typeof given === 'string' ? { column: given } : given
  let { text, column } = taken(mapping, source)
  for (const step of STEPS) if (text !== '') text = trimmed(step(text, mapping))
  if (source.nulls.includes(text)) text = ''
  if (text === '' && mapping.otherwise !== undefined) {
    const other = filled(mapping.otherwise, source)
    if (other.text !== '') ({ text, column } = other)
  }
  const blame = { column, cell: source.cells[column] ?? '' }
  if (text === '' || !NUMBERS.includes(kind)) return { text, blame }
  return numberCell(text, kind, mapping, settings, source, blame)
}

function numberCell(
  text: string,
  kind: string,
  mapping: Mapping,
  settings: NaiveSettings,
  { cells }: Source,
  blame: NaiveCell['blame'],
): NaiveCell {
  const plain = naivePlain(text, mapping, settings, kind !== 'integer')
  if (plain === undefined) return { text: NO_NUMBER, blame }
  const { scale, clamp } = mapping
  const scaled = scale === undefined && clamp === undefined ? plain : naiveScaled(plain, scale ?? '1', clamp)
  const { currency } = settings
  if (kind !== 'money' || currency === undefined) return { text: scaled, blame }
  const cell = cells[currency.column] ?? ''
  const rate = Object.hasOwn(currency.rates, cell) ? currency.rates[cell] : undefined
  if (rate !== undefined) return { text: naiveScaled(scaled, rate), blame }
  return { text: NO_NUMBER, blame: { column: currency.column, cell }, reason: 'unknown_currency' }
}

function taken(mapping: Mapping, source: Source): { text: string; column: string } {
  const { column, first, constant, template } = mapping
  if (constant !== undefined) return { text: constant, column: '' }
  if (template !== undefined) return filled(template, source)
  const names = first ?? [column!]
  const found = names.find((name) => cellOf(source, name) !== '') ?? names[0]!
  return { text: cellOf(source, found), column: found }
}

function filled(template: string, source: Source): { text: string; column: string } {
  const names = [...template.matchAll(/\{([^}]*)\}/g)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'row')
  const empty = names.find((name) => cellOf(source, name) === '')
  const text = template.replaceAll(/\{([^}]*)\}/g, (_, name: string) =>
    name === 'row' ? String(source.place) : cellOf(source, name),
  )
  return { text: empty === undefined ? trimmed(text) : '', column: empty ?? names[0] ?? '' }
}

function cellOf({ cells, nulls }: Source, name: string): string {
  const cell = cells[name] ?? ''
  return nulls.includes(cell) ? '' : cell
}

export function trimmed(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&euro;': '€',
}

/** In the order in which they are done. */
const STEPS: readonly ((text: string, mapping: Mapping) => string)[] = [
  (text, { nullIf = [] }) => (nullIf.includes(text) ? '' : text),
  // Blanks around are left out behind each replacement.
  (text, { replace = [] }) =>
    replace.reduce((all, [from, to]) => trimmed(all.replaceAll(new RegExp(from, 'gu'), to)), text),
  (text, { url }) => (url === undefined ? text : urlPart(text, url)),
  (text, { param }) => (param === undefined ? text : parameter(text, param)),
  (text, { decode }) => {
    if (decode === undefined) return text
    if (decode === 'percent') return decodeURIComponent(text.replaceAll(/%(?![\dA-F]{2})/gi, '%25'))
    return text.replaceAll(/&(?:amp|lt|gt|quot|#39|euro);/g, (entity) => ENTITIES[entity]!)
  },
  (text, { spaces }) =>
    spaces === undefined ? text : text.replaceAll(/[\t\n\r\u00a0 ]+/g, ' ').replaceAll(/^ | $/g, ''),
  (text, { trimPrefix }) =>
    trimPrefix !== undefined && text !== trimPrefix && text.startsWith(trimPrefix)
      ? text.slice(trimPrefix.length)
      : text,
  (text, { trimSuffix }) =>
    trimSuffix !== undefined && text !== trimSuffix && text.endsWith(trimSuffix)
      ? text.slice(0, text.length - trimSuffix.length)
      : text,
  (text, { lower }) => (lower === true ? text.toLowerCase() : text),
  (text, { upper }) => (upper === true ? text.toUpperCase() : text),
  (text, { split, take }) => {
    if (split === undefined) return text
    const parts = text.split(split).map(trimmed)
    if (take !== 'all') return (take === 'first' ? parts[0] : parts.at(-1))!
    const distinct = [...new Set(parts)].filter((part) => part !== '')
    return distinct.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join('+')
  },
  (text, { values = {} }) => (Object.hasOwn(values, text) ? values[text]! : text),
]

function urlPart(text: string, part: NonNullable<Mapping['url']>): string {
  const isWhole = /^[a-z]+:\/\//i.test(text)
  if (isWhole) {
    const { pathname, host, search, hash } = new URL(text)
    return { path: pathname, host, query: search.slice(1), hash: hash.slice(1) }[part]
  }
  const [, path, query = '', hash = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text)!
  return { path: path!, host: '', query, hash }[part]
}

function parameter(text: string, name: string): string {
  return new URLSearchParams(/^[^?#]*\?([^#]*)/s.exec(text)?.[1] ?? '').get(name) ?? ''
}
