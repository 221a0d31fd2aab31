import { expect, test } from 'vitest'
import type { FindingContext } from '../../../src/checks/finding.ts'
import { idsNeverMeet } from '../../../src/checks/findings/ids-never-meet.ts'
import { oneUserManyOrders } from '../../../src/checks/findings/one-user-many-orders.ts'
import { orphanOrders } from '../../../src/checks/findings/orphans.ts'
import { textsInSeveralSpellings } from '../../../src/checks/findings/texts-in-several-spellings.ts'
import { userDiffersFromSession } from '../../../src/checks/findings/user-differs-from-session.ts'
import { defaultRules } from '../../../src/rules/rules.ts'
import { collectionsOf, type Rows } from '../../support/collections.ts'

// Only what these findings read of it.
const context = { rules: defaultRules, showValues: false } as FindingContext

/** Orders of 2.00 without a user and a session, beside sessions with and without a user. */
const rows: Rows = {
  user_table: [{ user_id: 'u' }],
  session_table: [
    { session_id: 's', user_id: 'u' },
    { session_id: 't', user_id: null },
  ],
  order_table: [
    ...Array.from({ length: 100 }, (_, i) => ({ order_id: `o${i}`, total_price: 2 })),
    { order_id: 'a', user_id: null, session_id: 's', total_price: 2 },
    { order_id: 'b', user_id: 'u', session_id: 't', total_price: 2 },
  ],
}

test('an order without a user or session is nobody’s, and names nothing that is unknown', () => {
  expect(oneUserManyOrders.find(collectionsOf(oneUserManyOrders.needs, rows), context)).toEqual([])
  expect(orphanOrders.find(collectionsOf(orphanOrders.needs, rows), context)).toEqual([])
  expect(userDiffersFromSession.find(collectionsOf(userDiffersFromSession.needs, rows), context)).toEqual([])
  expect(idsNeverMeet.find(collectionsOf(idsNeverMeet.needs, rows), context)).toEqual([])
  expect(textsInSeveralSpellings.find(collectionsOf(textsInSeveralSpellings.needs, rows), context)).toEqual(
    [],
  )
})
