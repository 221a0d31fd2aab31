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
