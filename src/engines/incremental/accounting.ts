import type { Accounting, FilterReason, Reject } from '../../parsers/accounting.ts'
import type { LoadedTable } from '../../parsers/load-tables.ts'
import { LIVE, OF_FILTERED_ORDER, OF_FILTERED_SESSION } from '../../parsers/row-ledger.ts'

/** Rows of the slice that turned out to repeat a key of the history. */
export interface RepeatsOfTable {
  readonly rows: ReadonlySet<number>
  /** Those among them whose values differ from the row that stays. */
  readonly conflicting: ReadonlySet<number>
}

const CASCADE_REASONS: ReadonlyMap<number, FilterReason> = new Map([
  [OF_FILTERED_SESSION, 'of_filtered_session'],
  [OF_FILTERED_ORDER, 'of_filtered_order'],
])

/**
 * Counts the rows of a slice again where the history decides what they are: repeated keys, and rows of
 * sessions and orders that are filtered, or not, on another date.
 *
 * @param fates what became of each row in the end
 * @param keyText the key of a row as it may be shown
 */
export function recount(
  { table, accounting, ledger }: LoadedTable,
  { rows: repeats, conflicting }: RepeatsOfTable,
  fates: Uint8Array,
  keyText: (row: number) => string | undefined,
  onReject: (reject: Reject) => void,
): void {
  const { fates: parsed, lines } = ledger!
  for (let row = 0; row < parsed.length; row++) {
    const reason = CASCADE_REASONS.get(parsed[row]!)
    const wasCounted = parsed[row] === LIVE || reason !== undefined
    if (!wasCounted) continue
    if (repeats.has(row)) {
      takeBack(accounting, reason)
      accounting.duplicate++
      if (!conflicting.has(row)) continue
      accounting.conflicting++
      const reject: Reject = {
        table: table.name,
        line: lines[row]!,
        column: undefined,
        reason: 'conflicting_duplicate',
        cell: keyText(row),
      }
      accounting.note(reject)
      onReject(reject)
      continue
    }
    const now = CASCADE_REASONS.get(fates[row]!)
    if (now === reason) continue
    takeBack(accounting, reason)
    if (now === undefined) accounting.accepted++
    else accounting.noteFiltered(now)
  }
}

function takeBack(accounting: Accounting, reason: FilterReason | undefined): void {
  if (reason === undefined) {
    accounting.accepted--
    return
  }
  accounting.filtered--
  accounting.filteredBy.set(reason, accounting.filteredBy.get(reason)! - 1)
}
