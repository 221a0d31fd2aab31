/**
 * A text as one line for a terminal or log: whatever could end the line or steer the terminal is shown
 * as a blank or a question mark.
 *
 * @example printable('a\nb\u001b[31m') → 'a b?[31m'
 */
export function printable(text: string): string {
  return text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, '?')
}

/** A value as indented JSON that steers no terminal, whatever is in its texts. */
export function jsonText(value: unknown): string {
  return `${withoutControls(JSON.stringify(value, null, 2))}\n`
}

/**
 * JSON with all control characters escaped: JSON itself lets DEL and those of the second block (C1) stand bare,
 * of which a terminal may take one for the start of a command.
 */
export function withoutControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
