import type { Needs } from '../collections/vectors.ts'
import type { Contract } from '../custom/contract.ts'
import { couponNeeds } from '../facts/coupon-review.ts'
import { controlNeeds } from './control-rules.ts'
import { findings } from './findings/index.ts'

/** The columns of each raw table that aggregate tables, control totals and findings read. */
export function neededColumns({ aggregates }: Contract): Map<string, Set<string>> {
  const needed = new Map<string, Set<string>>()
  for (const needs of [
    ...aggregates.map((table) => table.needs),
    ...findings.map((finding) => finding.needs),
    controlNeeds,
    couponNeeds,
  ] as Needs[]) {
    for (const [table, columns] of Object.entries(needs)) {
      const known = needed.get(table) ?? new Set()
      for (const column of columns) known.add(column)
      needed.set(table, known)
    }
  }
  return needed
}
