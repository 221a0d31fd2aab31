import { type Rules, tableRules } from '../../rules/rules.ts'

/** How records stand in a file (SPEC: CSV grammar; a shop may declare another delimiter and title lines). */
export interface RecordForm {
  /** The ASCII byte between fields. */
  readonly delimiter: number
  /** Physical lines above the header, whatever they hold. */
  readonly skipLines: number
}

export const COMMA = 44

/** What SPEC says of files without settings of their own. */
export const PLAIN_FORM: RecordForm = { delimiter: COMMA, skipLines: 0 }

/** How records stand in the files of a raw table, by the shop's settings. */
export function recordFormOf(rules: Rules, table: string): RecordForm {
  const { delimiter, skipLines } = tableRules(rules, table) ?? {}
  return {
    delimiter: delimiter === undefined ? PLAIN_FORM.delimiter : delimiter.charCodeAt(0),
    skipLines: skipLines ?? PLAIN_FORM.skipLines,
  }
}
