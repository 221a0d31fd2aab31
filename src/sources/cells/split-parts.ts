import { trimBlanks } from '../../lib/texts/blanks.ts'
import { compareTexts } from '../../lib/texts/byte-order.ts'

/**
 * A part of a text, trimmed. `first` and `last` may be empty. `all` is each part once that is not empty, in
 * order of bytes, joined by +: so SPRING|VIP and VIP|SPRING are one.
 *
 * @example splitPart('|', 'all')('b | a|b|') → 'a+b'; splitPart('|', 'last')('b | a|b|') → ''
 */
export function splitPart(separator: string, take: 'first' | 'last' | 'all'): (text: string) => string {
  return (text) => {
    if (take === 'all') return allParts(text.split(separator))
    const at = take === 'first' ? text.indexOf(separator) : text.lastIndexOf(separator)
    if (at < 0) return text
    return trimBlanks(take === 'first' ? text.slice(0, at) : text.slice(at + separator.length))
  }
}

function allParts(parts: readonly string[]): string {
  const distinct = new Set(parts.map(trimBlanks))
  distinct.delete('')
  return [...distinct].sort(compareTexts).join('+')
}
