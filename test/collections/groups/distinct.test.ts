import { expect, test } from 'vitest'
import { countOwners } from '../../../src/collections/groups/distinct.ts'
import { groupRows } from '../../../src/collections/groups/group-rows.ts'
import { Random, seedOf } from '../../support/random.ts'

const { seed, name } = seedOf(89)

test(`different owners of each group, as sets count them, ${name}`, () => {
  const random = new Random(seed)
  for (let turn = 0; turn < 200; turn++) {
    const [rows, owners, groups] = [random.whole(0, 200), random.whole(1, 20), random.whole(1, 10)]
    const ownerOf = Int32Array.from({ length: rows }, () => random.whole(-1, owners - 1))
    const groupOf = Int32Array.from({ length: rows }, () => random.whole(0, groups - 1))
    const sets = Array.from({ length: groups }, () => new Set<number>())
    ownerOf.forEach((owner, row) => {
      if (owner >= 0) sets[groupOf[row]!]!.add(owner)
    })
    const counted = countOwners(groupRows(ownerOf, owners), groupOf, groups)
    expect([...counted]).toEqual(sets.map(({ size }) => size))
  }
})
