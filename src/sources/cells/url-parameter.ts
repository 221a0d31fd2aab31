import { percentDecoded } from './percent.ts'

/**
 * The value of a parameter in the query of a URL, or of a path with a query, decoded as forms encode it: + is
 * a blank. The first one of the name counts; '' if there is none.
 *
 * @example urlParameter('q')('/search?q=caf%C3%A9+au+lait#top') → 'café au lait'
 */
export function urlParameter(name: string): (text: string) => string {
  return (text) => {
    // A query is cut as it stands, also that of a whole URL: it is decoded here.
    const from = text.indexOf('?')
    const hash = text.indexOf('#')
    if (from < 0 || (hash >= 0 && hash < from)) return ''
    const end = hash < 0 ? text.length : hash
    for (let start = from + 1; start < end; ) {
      const next = text.indexOf('&', start)
      const stop = next < 0 || next > end ? end : next
      const pair = text.slice(start, stop)
      const equals = pair.indexOf('=')
      if (decoded(equals < 0 ? pair : pair.slice(0, equals)) === name)
        return equals < 0 ? '' : decoded(pair.slice(equals + 1))
      start = stop + 1
    }
    return ''
  }
}

function decoded(text: string): string {
  return percentDecoded(text.includes('+') ? text.replaceAll('+', ' ') : text)
}
