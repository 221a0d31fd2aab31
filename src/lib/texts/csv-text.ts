import { stringify } from 'csv-stringify/sync'

/** Bytes that make csv-stringify think about a cell: comma, quote, CR and LF. */
const NEEDS_QUOTES = /[",\r\n]/

/**
 * A text as one CSV cell: quoted only if it holds a comma, quote, CR or LF. What may need quoting is
 * decided by csv-stringify.
 *
 * @example csvCell('a') → 'a'; csvCell('a "b"') → '"a ""b"""'
 */
export function csvCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? stringify([[text]], { eof: false }) : text
}

/**
 * Whether a spreadsheet might run the text as a formula (SPEC section 2): it starts with =, @, CR or LF,
 * or with + or - and is not just a number or code such as +49-30 or -1.5.
 *
 * @example isFormulaRisk('=1+1') → true; isFormulaRisk('-1.5') → false; isFormulaRisk('-cmd|x') → true
 */
export function isFormulaRisk(text: string): boolean {
  return /^[=@\r\n]/.test(text) || (/^[+-]/.test(text) && !/^[+-][A-Za-z0-9_.:-]*$/.test(text))
}

/** The text with a leading ' if it is a formula risk. */
export function escapeFormula(text: string): string {
  return isFormulaRisk(text) ? `'${text}` : text
}
