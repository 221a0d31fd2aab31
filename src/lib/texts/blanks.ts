const SPACE = 32
const TAB = 9

/** The text without the spaces and tabs around it; other white space stays. @example trimBlanks(' a\t') → 'a' */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** Whether a character code or byte is a space or a tab. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}
