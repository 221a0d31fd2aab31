import { type Dictionary, NO_CODE } from '../collections/texts/dictionary.ts'
import { KnownError } from '../lib/errors.ts'

/** The user_id of the row that collects orders without a user (SPEC section 1, "Nobody known"). */
export const UNKNOWN_USER = '(unknown)'

/** The session_id of an order without a session. @example sessionOfOrder('A-1') → 'order:A-1' */
export function sessionOfOrder(orderId: string): string {
  return `order:${orderId}`
}

/**
 * The code of an id that stands for nobody known.
 *
 * @param isTaken whether the data have rows with an id of this code
 * @throws KnownError reserved_id (data) if the data use it themselves
 */
export function codeForNobody(
  dictionary: Dictionary,
  id: string,
  column: 'user_id' | 'session_id',
  isTaken: (code: number) => boolean,
): number {
  const known = dictionary.findText(id)
  if (known === NO_CODE) return dictionary.encodeText(id)
  if (!isTaken(known)) return known
  const rows = column === 'user_id' ? 'orders without a user' : 'an order without a session'
  throw new KnownError('data', 'reserved_id', `a ${column} of the data is what ${rows} would be called`, {
    found: id,
    allowed: `any ${column} but this one, as long as ${column} may be empty in order_table`,
    hint: `rename that ${column} in the export, or leave it out: filters.${column === 'user_id' ? 'users' : 'sessions'}: [{ equals: '${id.replaceAll("'", "''")}' }]`,
  })
}
