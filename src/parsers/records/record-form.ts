import { type Rules, tableRules } from '../../rules/rules.ts'
import type { Encoding, Quotes } from '../../rules/sources/files.ts'

/** How records stand in a file (SPEC: CSV grammar; a shop may declare another delimiter and title lines). */
export interface RecordForm {
  /** The ASCII byte between fields. */
  readonly delimiter: number
  /** Physical lines above the header, whatever they hold. */
  readonly skipLines: number
  readonly encoding: Encoding
  readonly quotes: Quotes
}

export const COMMA = 44

/** What SPEC says of files without settings of their own. */
export const PLAIN_FORM: RecordForm = {
  delimiter: COMMA,
  skipLines: 0,
  encoding: 'utf-8',
  quotes: 'doubled',
}

/** Whether records stand in the bytes of a file as they are, and not only once those are changed. */
export function isPlainBytes({ encoding, quotes }: RecordForm): boolean {
  return encoding === 'utf-8' && quotes === 'doubled'
}

/** How records stand in the files of a raw table, by the shop's settings. */
export function recordFormOf(rules: Rules, table: string): RecordForm {
  const { delimiter, skipLines, encoding, quotes } = tableRules(rules, table) ?? {}
  return {
    delimiter: delimiter === undefined ? PLAIN_FORM.delimiter : delimiter.charCodeAt(0),
    skipLines: skipLines ?? PLAIN_FORM.skipLines,
    encoding: encoding ?? PLAIN_FORM.encoding,
    quotes: quotes ?? PLAIN_FORM.quotes,
  }
}
