/** The start of a URL that has a host. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\//i

export type UrlPart = 'path' | 'host' | 'query' | 'hash'

/**
 * A part of a URL as the platform reads it (host in small letters, a port only if it is not the usual one,
 * path as browsers write it), or of a path with a query, cut as it stands. A query and a hash come without
 * the sign before them; a host is only in a URL with `://`. Of a URL that no browser could open, such as one
 * with a blank in its host, the parts are cut as they stand, and it has no host.
 *
 * @example urlPart('path')('https://shop.de') → '/'; urlPart('path')('/p/7?a=1#top') → '/p/7'
 * @example urlPart('host')('https://SHOP.de:443/p') → 'shop.de'; urlPart('host')('/p/7') → ''
 */
export function urlPart(part: UrlPart): (text: string) => string {
  return (text) => {
    if (!ABSOLUTE.test(text)) return cut(text, 0, part)
    const url = parsed(text)
    if (url !== undefined) return partOf(url, part)
    const host = text.indexOf('://') + 3
    const behind = text.slice(host).search(/[/?#]/)
    const rest = cut(text, behind < 0 ? text.length : host + behind, part)
    return part === 'path' && rest === '' ? '/' : rest
  }
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

function partOf(url: URL, part: UrlPart): string {
  if (part === 'path') return url.pathname
  if (part === 'host') return url.host
  return (part === 'query' ? url.search : url.hash).slice(1)
}

function cut(text: string, from: number, part: UrlPart): string {
  if (part === 'host') return ''
  const hash = text.indexOf('#', from)
  if (part === 'hash') return hash < 0 ? '' : text.slice(hash + 1)
  const end = hash < 0 ? text.length : hash
  const query = text.indexOf('?', from)
  const hasQuery = query >= 0 && query < end
  if (part === 'query') return hasQuery ? text.slice(query + 1, end) : ''
  return text.slice(from, hasQuery ? query : end)
}
