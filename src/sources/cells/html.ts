import { createRequire } from 'node:module'

/**
 * The text with its HTML entities as characters, decoded once. Only those that end with a semicolon are
 * entities: `?a=1&copy=2` is a query, and AT&T a company. Numbers of no character become U+FFFD, as in HTML.
 *
 * @example htmlDecoded('M&amp;S &#8364; &amp;amp; AT&T') → 'M&S € &amp; AT&T'
 */
export function htmlDecoded(text: string): string {
  return text.includes('&') ? library().decodeHTMLStrict(text) : text
}

let loaded: typeof import('entities/decode') | undefined

/** Read when the first entity is there: few settings decode HTML. */
function library(): typeof import('entities/decode') {
  loaded ??= createRequire(import.meta.url)('entities/decode') as typeof import('entities/decode')
  return loaded
}
