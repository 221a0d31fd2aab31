import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'

/**
 * A regular expression whose time grows with the length of the text alone, whatever the text: those of Node
 * go back and try again, on an unlucky text for longer than a night. The syntax is that of JavaScript with
 * the flag u, and means the same; what cannot be done in such a time is refused.
 *
 * @throws SyntaxError that says what is wrong, or what is not possible and what to write instead
 */
export function linearExpression(source: string): RE2JS {
  // Refuses what is no regular expression at all, so that the translation may rely on it.
  new RegExp(source, 'u')
  const translated = inOtherSyntax(source)
  try {
    return library().RE2JS.compile(translated)
  } catch (error) {
    throw new SyntaxError(whyNot(error as Error))
  }
}

/**
 * A linear expression as a question.
 *
 * @example linearTest('^/p/([a-z]+-?)+$')('/p/red-shoe') → true
 * @returns whether it fits somewhere in a text
 * @throws SyntaxError as linearExpression does
 */
export function linearTest(source: string): (text: string) => boolean {
  const expression = linearExpression(source)
  return (text) => expression.test(text)
}

let loaded: typeof import('re2js') | undefined

/** Read when the first expression is there: few settings have one, and it takes some milliseconds. */
function library(): typeof import('re2js') {
  loaded ??= createRequire(import.meta.url)('re2js') as typeof import('re2js')
  return loaded
}

const ESCAPE = String.raw`\\(?:u\{[0-9a-fA-F]+\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[pP]\{[^}]*\}|[1-9][0-9]*|[^])`
/** What is translated as one, outside of a class of characters and in one. */
const OUTSIDE = new RegExp(String.raw`${ESCAPE}|\(\?<?[=!]|\[\^?\]?|\.|[^]`, 'uy')
const INSIDE = new RegExp(`${ESCAPE}|[^]`, 'uy')

/** An expression that JavaScript takes, in the syntax of RE2, with what JavaScript means by it. */
function inOtherSyntax(source: string): string {
  let translated = ''
  let isInClass = false
  for (let at = 0; at < source.length; ) {
    const token: RegExp = isInClass ? INSIDE : OUTSIDE
    token.lastIndex = at
    const [text] = token.exec(source)!
    at += text.length
    translated += isInClass ? ofClass(text) : outside(text)
    if (isInClass) isInClass = text !== ']'
    else isInClass = text === '[' || text === '[^'
  }
  return translated
}

const BLANKS = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
const NO_BLANKS = String.raw`\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`

function outside(text: string): string {
  if (text === '.') return String.raw`[^\n\r\x{2028}\x{2029}]`
  if (text === '[]') return String.raw`[^\x{0}-\x{10ffff}]`
  if (text === '[^]') return String.raw`[\x{0}-\x{10ffff}]`
  if (text === String.raw`\s`) return `[${BLANKS}]`
  if (text === String.raw`\S`) return `[${NO_BLANKS}]`
  if (text.startsWith('(?'))
    throw new SyntaxError(
      `it looks ${text.includes('<') ? 'behind' : 'ahead'} with ${text}, which is not possible; write what the text itself must look like, or several rules, of which one must fit`,
    )
  if (/^\\(?:[1-9]|k)/.test(text))
    throw new SyntaxError(
      `it refers back to a group with ${text}, which is not possible; write out the texts that may stand there, such as (?:aa|bb)`,
    )
  return anywhere(text)
}

function ofClass(text: string): string {
  if (text === String.raw`\s`) return BLANKS
  if (text === String.raw`\S`) return NO_BLANKS
  // Backspace, and what would open a class by name, such as [:alpha:].
  if (text === String.raw`\b`) return String.raw`\x{8}`
  return text === '[' ? String.raw`\[` : anywhere(text)
}

function anywhere(text: string): string {
  const [, form, rest = ''] = /^\\([uxcpP0])(.*)$/u.exec(text) ?? []
  switch (form) {
    case 'x':
      return `\\x{${rest}}`
    case '0':
      return String.raw`\x{0}`
    case 'c':
      return `\\x{${(rest.charCodeAt(0) % 32).toString(16)}}`
    case 'u':
      return `\\x{${codeOf(rest).toString(16)}}`
    case 'p':
    case 'P':
      return `\\${form}${rest.replace(/^\{(?:Script|sc|General_Category|gc)=/, '{')}`
    default:
      return text
  }
}

/** @example codeOf('{1F600}') → 0x1f600; codeOf('d83d\\ude00') → 0x1f600 */
function codeOf(escaped: string): number {
  const units = escaped.replace(/[{}]/g, '').split(String.raw`\u`)
  if (units.length === 1) return Number.parseInt(units[0]!, 16)
  return String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))).codePointAt(0)!
}

/** What RE2 says, and what to write instead where that is known. */
function whyNot({ message }: Error): string {
  const said = message.replace(/^error parsing regexp: /, '')
  if (said.includes('repeat count'))
    return `${said}: nothing can be repeated more than 1,000 times; write * or + without a limit`
  if (/\\[pP]/.test(said))
    return `${said}: this property is not known; write a category or script, such as \\p{L}, \\p{Lu} or \\p{Greek}`
  return said
}
