/** Row numbers by group: those of group g are rows[offsets[g]] to rows[offsets[g + 1]], in row order. */
export interface GroupedRows {
  readonly offsets: Int32Array
  readonly rows: Int32Array
}

/** Groups rows by an integer code, by counting; rows with a negative code are left out. */
export function groupRows(codes: Int32Array, groups: number): GroupedRows {
  const offsets = new Int32Array(groups + 1)
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) offsets[codes[row]! + 1]!++
  for (let group = 0; group < groups; group++) offsets[group + 1]! += offsets[group]!
  const next = offsets.slice(0, groups)
  const rows = new Int32Array(offsets[groups]!)
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) rows[next[codes[row]!]!++] = row
  return { offsets, rows }
}

/** Longest group that is sorted by insertion: nearly all sessions and users are shorter. */
const SHORT = 32

/** Sorts the rows of one group in place. @param compare negative if the first row comes first */
export function sortGroup(
  { offsets, rows }: GroupedRows,
  group: number,
  compare: (a: number, b: number) => number,
): void {
  const from = offsets[group]!
  const to = offsets[group + 1]!
  if (to - from > SHORT) {
    rows.subarray(from, to).sort(compare)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const row = rows[i]!
    let j = i - 1
    while (j >= from && compare(rows[j]!, row) > 0) {
      rows[j + 1] = rows[j]!
      j--
    }
    rows[j + 1] = row
  }
}
