import picomatch from 'picomatch'
import { linearTest } from '../lib/texts/linear-expression.ts'

/**
 * Globs as in a shell, but with hidden names: `*` stays within a part of the path, `**` crosses slashes and
 * may stand for no part at all. A slash at the end of the text does not matter, nor does a line end in it.
 * The time grows with the text alone, as that of regular expressions does.
 *
 * @throws SyntaxError if the glob makes no sense, or is not possible in such a time
 */
export function globTest(glob: string): (text: string) => boolean {
  // picomatch lets a leading `**/` stand for nothing, but not a leading `/**/`.
  const isRooted = glob.startsWith('/**/')
  // Without debug, picomatch makes of a faulty glob one that fits nothing but the empty text.
  const { source } = picomatch.makeRe(isRooted ? glob.slice(1) : glob, { dot: true, flags: 's', debug: true })
  // What a leading `!` makes of a glob: all that does not fit it.
  const negated = /^\^\(\?!(\^.*\$)\)\.\*\$$/s.exec(source)?.[1]
  const fits = linearTest(withoutLookAhead(negated ?? source))
  if (negated !== undefined) return (text) => !fits(text)
  return isRooted ? (text) => text.startsWith('/') && fits(text.slice(1)) : fits
}

/** That a part of a path is not `.` or `..`, which no path of a page has. */
const NO_DOTS = [
  String.raw`(?!\.{0,1}(?:\/|$))`,
  String.raw`(?!\.{1,2}(?:\/|$))`,
  String.raw`(?!(?:^|\/)\.{1,2}(?:\/|$))`,
]

const STAR = '(?=.)[^/]*?'

/** Whether the rest of an expression fits nothing at all. @param rest of `^(?:…)$` */
function mayBeNothing(rest: string): boolean {
  try {
    return new RegExp(`^(?:${rest}`).test('')
  } catch {
    return true
  }
}

/** What means something else, or must be escaped, behind a backslash. */
const SPECIAL = /^[0-9dDwWsSbBnrtvfcxupPk^$\\.*+?()[\]{}|/]$/

/** What picomatch has made of a glob, as far as that looks ahead, in other words. */
function withoutLookAhead(source: string): string {
  let rest = source
  for (const part of NO_DOTS) rest = rest.replaceAll(part, '')
  if (rest.includes('(?!'))
    throw new SyntaxError(
      '!(…) is not possible; write what may stand there, or several rules, of which one must fit',
    )
  return (
    rest
      .replaceAll('(?:(?:.)*?)', '[^]*?')
      // A star is at least one character, unless more comes behind it.
      .replaceAll(String.raw`(?=.)[^/]*?\/?)$`, String.raw`(?:[^/]+\/?|\/))$`)
      .replaceAll(/\(\?=\.\)\[\^\/\]\*\?/g, (_, at: number, whole: string) =>
        mayBeNothing(whole.slice(at + STAR.length)) ? '[^/]+?' : '[^/]*?',
      )
      .replaceAll('(?=.)', '')
      // Escaped by whoever wrote the glob, though not special in a regular expression.
      .replaceAll(/\\(.)/gsu, (whole, sign: string) =>
        SPECIAL.test(sign) ? whole : `\\u{${sign.codePointAt(0)!.toString(16)}}`,
      )
  )
}
