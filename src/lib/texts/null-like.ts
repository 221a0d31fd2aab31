/** What programs write in the place of an empty cell. */
const NULL_LIKE: ReadonlySet<string> = new Set([
  'null',
  '\\n',
  'none',
  'nan',
  'undefined',
  '(not set)',
  '(null)',
  'n/a',
  '#n/a',
])

/** Whether a text seems to stand for an empty cell. @example isNullLike('NULL') → true; isNullLike('NA') → false */
export function isNullLike(text: string): boolean {
  return text.length <= 9 && NULL_LIKE.has(text.toLowerCase())
}
