import type { CellReason } from '../../raw/kinds.ts'

/** The most bytes of a mapped cell, as of a record (1 MiB): what cells grow to by a mapping is bounded. */
export const MAX_CELL_BYTES = 1_048_576

/** What a mapped cell is: its text as the kind's reader takes it ('' = empty), or why it is refused. */
export type MappedCell = string | CellFault

export interface CellFault {
  readonly reason: CellReason | 'unknown_currency' | 'cell_too_long'
}

export const TOO_LONG: CellFault = { reason: 'cell_too_long' }
export const UNKNOWN_CURRENCY: CellFault = { reason: 'unknown_currency' }

/** A step on the way of a cell that is not empty. It gives undefined if the text grows too long. */
export type CellStep = (text: string) => string | undefined

/** Whether a text has more bytes than a cell may have. */
export function isTooLong(text: string): boolean {
  // A UTF-16 unit is one to three bytes.
  if (text.length * 3 <= MAX_CELL_BYTES) return false
  return text.length > MAX_CELL_BYTES || Buffer.byteLength(text) > MAX_CELL_BYTES
}
