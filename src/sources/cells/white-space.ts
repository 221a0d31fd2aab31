const UNUSUAL = /\p{White_Space}{2}|[^\P{White_Space} ]|^ | $/u
const RUNS = /\p{White_Space}+/gu

/**
 * Runs of white space become one blank, and none at the ends. White space is what Unicode calls so: no-break
 * spaces and line ends too, but no byte order mark, which has no width.
 *
 * @example collapsed(' a\u00a0 b\n') → 'a b'
 */
export function collapsed(text: string): string {
  if (!UNUSUAL.test(text)) return text
  const single = text.replace(RUNS, ' ')
  const start = single.startsWith(' ') ? 1 : 0
  return single.slice(start, single.length > 1 && single.endsWith(' ') ? -1 : undefined)
}
