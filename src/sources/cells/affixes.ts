/** The text without this start, once; a text that is nothing else stays. @example withoutPrefix('#', '#7') → '7' */
export function withoutPrefix(prefix: string, text: string): string {
  return text.length > prefix.length && text.startsWith(prefix) ? text.slice(prefix.length) : text
}

/** The text without this end, once; a text that is nothing else stays. @example withoutSuffix('/', '/') → '/' */
export function withoutSuffix(suffix: string, text: string): string {
  return text.length > suffix.length && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}
