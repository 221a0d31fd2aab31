/**
 * A text as one line for a terminal or log: whatever could end the line or steer the terminal is shown
 * as a blank or a question mark.
 *
 * @example printable('a\nb\u001b[31m') → 'a b?[31m'
 */
export function printable(text: string): string {
  return text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, '?')
}
