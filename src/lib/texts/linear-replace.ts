import type { RE2JS } from 're2js'
import { linearExpression } from './linear-expression.ts'

/**
 * How far an expression may look in one text, all its places together, in characters: some seconds at worst.
 * A text of 10,000 characters may have 3,000 places, one of 100,000 characters 300.
 */
const MOST_WORK = 2 ** 24

/**
 * Replaces all places of a text that a linear expression fits. The replacement is written as in JavaScript:
 * `$1` or `$<name>` for a group, `$&` for the whole place, `$$` for a dollar sign.
 *
 * One search takes a time that grows with the text alone. But a text may have as many places as characters,
 * and an expression may look to the end of the text at each: `a*b|a` in a row of a million a. So the work is
 * bounded, too; what has no repetition cannot look far.
 *
 * @param longest the most UTF-16 units of a result
 * @param mostWork the most characters that may be looked at
 * @returns the function from a text to the result; undefined if that is too long, or takes too much work
 * @throws SyntaxError if the expression or the replacement makes no sense
 * @example linearReplace('(\\d+)-(\\d+)', '$2/$1', 100)('7-8') → '8/7'
 */
export function linearReplace(
  source: string,
  replacement: string,
  longest: number,
  mostWork = MOST_WORK,
): (text: string) => string | undefined {
  const expression = linearExpression(source)
  const parts = replacementParts(replacement, expression)
  const mayLookFar = /[*+{]/.test(source)
  return (text) => {
    if (!expression.test(text)) return text
    const matcher = expression.matcher(text)
    let result = ''
    let from = 0
    let work = 0
    while (matcher.find()) {
      const start = matcher.start()
      if (mayLookFar) work += text.length - start
      if (work > mostWork) return undefined
      result += text.slice(from, start)
      for (const part of parts) {
        result += typeof part === 'string' ? part : (matcher.group(part) ?? '')
        if (result.length > longest) return undefined
      }
      from = matcher.end()
    }
    result += text.slice(from)
    return result.length > longest ? undefined : result
  }
}

/** What a replacement is made of: texts, and numbers of groups; 0 is the whole place. */
type Part = string | number

const TOKEN = /\$(?:\$|&|`|'|\d\d?|<[^>]*>?)|\\\d/g

function replacementParts(replacement: string, expression: RE2JS): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const { 0: token, index } of replacement.matchAll(TOKEN)) {
    if (index > from) parts.push(replacement.slice(from, index))
    from = index + token.length
    if (token === '$$') parts.push('$')
    else if (token === '$&') parts.push(0)
    else if (token.startsWith('$<')) parts.push(namedGroup(token, expression))
    else if (/^\$\d/.test(token)) parts.push(...numberedGroup(token, expression.groupCount()))
    else throw new SyntaxError(`${token} is not possible; ${insteadOf(token)}`)
  }
  if (from < replacement.length) parts.push(replacement.slice(from))
  return parts
}

function insteadOf(token: string): string {
  if (token.startsWith('\\')) return `a group is written $${token.slice(1)}`
  return 'write $1 for a group, $& for the whole place, $$ for a dollar sign'
}

/** As in JavaScript, two digits are one number if there are so many groups. */
function numberedGroup(token: string, groups: number): Part[] {
  const both = Number(token.slice(1))
  if (both >= 1 && both <= groups) return [both]
  const first = Number(token[1])
  if (first >= 1 && first <= groups && token.length === 3) return [first, token.slice(2)]
  const has =
    groups === 0 ? 'no group' : groups === 1 ? 'one group, $1' : `${groups} groups, $1 to $${groups}`
  throw new SyntaxError(`there is no group ${token}: the expression has ${has}; the whole place is $&`)
}

function namedGroup(token: string, expression: RE2JS): number {
  const groups = new Map(Object.entries(expression.namedGroups()))
  const group = token.endsWith('>') ? groups.get(token.slice(2, -1)) : undefined
  if (group !== undefined) return group
  const has = groups.size === 0 ? 'no names' : [...groups.keys()].map((name) => `$<${name}>`).join(', ')
  throw new SyntaxError(
    `there is no group ${token}: the expression has ${has}; a dollar sign before < is written $$`,
  )
}
