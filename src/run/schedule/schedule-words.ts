import { KnownError } from '../../lib/errors.ts'

/** A word of the command that a scheduler runs, and the option that it is from. */
export interface Word {
  readonly text: string
  readonly option: string
}

/**
 * Refuses what would end the line of an entry: no system has a way of quoting it in all of its parts.
 *
 * @throws KnownError bad_option (usage)
 */
export function refuseControls(words: readonly Word[]): void {
  for (const word of words) {
    if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(word.text))
      throw refused(word, 'holds a line break or another control character', 'no control characters')
  }
}

/** What cron hands on to sh: words in quotes of sh, and each % with a backslash, which cron takes away. */
export function cronQuoted({ text }: Word): string {
  if (/^[\w./:=@-]+$/.test(text)) return text
  // After another backslash that of \% would be taken for an escaped one, and the % would end the command.
  return `'${text.replaceAll("'", "'\\''")}'`.replace(/(\\?)%/g, (_, slash) =>
    slash === '' ? '\\%' : "\\''\\%",
  )
}

/**
 * A word of ExecStart= in a unit of systemd (systemd.service(5), “Command lines”): C escapes in double
 * quotes, % doubled against specifiers, $ doubled against variables.
 */
export function systemdQuoted({ text }: Word): string {
  return inSystemdQuotes(systemdEscaped(text).replaceAll('$', '$$$$'))
}

/** The first word of ExecStart=, a path in which systemd puts no variables. */
export function systemdProgram({ text }: Word): string {
  return inSystemdQuotes(systemdEscaped(text))
}

function systemdEscaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')
}

function inSystemdQuotes(escaped: string): string {
  return /^[\w./:=@%$-]+$/.test(escaped) ? escaped : `"${escaped}"`
}

/**
 * A command as one argument of schtasks, as it is typed at the prompt of cmd. Three readers take it apart:
 * cmd knows quotes but no escaped ones, and outside of its quotes a caret makes & and the like plain;
 * schtasks, and then Node, read arguments by the rule of Microsoft C: quotes around what holds blanks,
 * \" for a quote, backslashes before a quote doubled. Nothing quotes a %: cmd and the Task Scheduler put
 * variables between two of them in quotes, too, so only one in a word is taken. No path holds a quote.
 *
 * @throws KnownError bad_option (usage)
 */
export function windowsQuoted(words: readonly Word[]): string {
  const command = words.map((word) => {
    if (word.text.includes('"')) throw refused(word, 'holds a double quote', 'no double quotes')
    if (/%.+%/.test(word.text))
      throw refused(word, 'holds what Windows takes for a variable', 'no text between two %')
    return /^\S+$/.test(word.text) ? word.text : argumentQuoted(word.text)
  })
  let isQuoted = false
  return argumentQuoted(command.join(' ')).replace(/["&|<>^()]/g, (one) => {
    if (one === '"') isQuoted = !isQuoted
    return one === '"' || isQuoted ? one : `^${one}`
  })
}

function argumentQuoted(text: string): string {
  const escaped = text.replace(/(\\*)("|$)/g, (_, slashes: string, quote: string) => {
    return slashes + slashes + (quote === '' ? '' : '\\"')
  })
  return `"${escaped}"`
}

function refused({ text, option }: Word, what: string, allowed: string): KnownError {
  return new KnownError('usage', 'bad_option', `${option}: '${text}' ${what}`, {
    found: text,
    allowed,
    hint: `an entry of a scheduler takes ${allowed}: choose another name or value for ${option}`,
  })
}
