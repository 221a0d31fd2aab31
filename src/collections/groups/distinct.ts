import type { GroupedRows } from './group-rows.ts'

/**
 * How many different owners the rows of each group have. The rows come grouped by their owners: then it is
 * enough to remember of each group which owner it met last.
 */
export function countOwners(
  { offsets, rows }: GroupedRows,
  groupOfRow: Int32Array,
  groups: number,
): Float64Array {
  const result = new Float64Array(groups)
  const last = new Int32Array(groups).fill(-1)
  for (let owner = 0; owner + 1 < offsets.length; owner++) {
    const to = offsets[owner + 1]!
    for (let i = offsets[owner]!; i < to; i++) {
      const group = groupOfRow[rows[i]!]!
      if (last[group] === owner) continue
      last[group] = owner
      result[group]!++
    }
  }
  return result
}
