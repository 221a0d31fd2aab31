import { expect, test } from 'vitest'
import { rulesSchema } from '../../src/rules/rules.ts'

test('nothing is hashed by default, and the key has a usual variable', () => {
  expect(rulesSchema.parse({}).privacy).toEqual({ hashIds: [], keyVariable: 'ECOMAGG_HASH_KEY' })
})

test.each([
  { hashIds: ['user_id'] },
  { hashIds: ['user_id', 'session_id', 'order_id'], keyFile: 'ecomagg.key' },
  { hashIds: ['order_id'], keyVariable: 'SHOP_KEY' },
])('%j is a setting', (privacy) => {
  expect(rulesSchema.parse({ privacy }).privacy).toMatchObject(privacy)
})

test.each([
  [{ hashIds: ['event_id'] }, ['privacy', 'hashIds', 0]],
  [{ hashIds: ['user_id', 'IP'] }, ['privacy', 'hashIds', 1]],
  [{ hashIds: 'user_id' }, ['privacy', 'hashIds']],
  [{ keyFile: '' }, ['privacy', 'keyFile']],
  [{ keyVariable: '' }, ['privacy', 'keyVariable']],
  // A key in the settings would be written to every record.
  [{ key: 'secret' }, ['privacy']],
])('%j is refused', (privacy, path) => {
  const parsed = rulesSchema.safeParse({ privacy })
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path])
})
