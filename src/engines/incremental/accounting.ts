import { shapeOf } from '../../lib/shape.ts'
import type { Accounting, FilterReason, Reject } from '../../parsers/accounting.ts'
import type { LoadedTable } from '../../parsers/loaded-table.ts'
import { LIVE, OF_FILTERED_ORDER, OF_FILTERED_SESSION } from '../../parsers/row-ledger.ts'
import type { EngineOptions } from '../engine.ts'
import type { Comparison } from './compare-slice.ts'
import type { Pool } from './pools.ts'
import type { Slice } from './slice.ts'
import { filtersRows } from './stored-columns.ts'

/** Rows of the slice that turned out to repeat a key of the history. */
interface RepeatsOfTable {
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
function recount(
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

/** The accounting of the slice, now that the history is known. */
export function recountSlice(
  { rules, onReject }: EngineOptions,
  slice: Slice,
  { repeated }: Comparison,
  shadowed: ReadonlyMap<string, ReadonlySet<number>>,
  pools: readonly Pool[],
): void {
  const { hashIds } = rules.privacy
  const hasFilters = filtersRows(rules)
  for (const loaded of slice.loaded) {
    const { table } = loaded
    const known = repeated.filter((one) => one.table === table)
    const elsewhere = shadowed.get(table.name)!
    if (known.length === 0 && elsewhere.size === 0 && !hasFilters) continue
    const pool = pools.find((one) => one.table === table)!
    const dictionary = table.columns[table.key]!.dictionary
    const isHashed = (hashIds as readonly string[]).includes(dictionary ?? '')
    const keyText = (row: number) => {
      const vector = loaded.collection.columns[table.key]
      if (vector === undefined || !('codes' in vector) || dictionary === undefined) return undefined
      const text = vector.dictionary.text(vector.codes[row]!)
      return hashIds.length > 0 && !isHashed ? shapeOf(text) : text
    }
    recount(
      loaded,
      {
        rows: new Set([...known.map(({ row }) => row), ...elsewhere]),
        conflicting: table.comparesDuplicates
          ? new Set([...known.filter(({ conflicts }) => conflicts).map(({ row }) => row), ...elsewhere])
          : new Set(),
      },
      pool.fates.subarray(pool.sliceStart),
      keyText,
      onReject,
    )
  }
}
