import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Encoders } from '../../../src/parsers/keys/encoders.ts'
import { rawTables } from '../../../src/raw/index.ts'

const TABLES = Object.values(rawTables)
const KEY = Buffer.from('a key of at least sixteen bytes')
const { user_table, session_table, order_table, pageview_table } = rawTables

function encode(encoders: Encoders, column: Parameters<Encoders['of']>[0], text: string): number {
  const bytes = Buffer.from(text)
  return encoders.of(column).encode(bytes, 0, bytes.length)
}

test('columns that join tables share one encoder, others have one each', () => {
  const encoders = new Encoders(TABLES, [], undefined)
  expect(encoders.of(session_table.columns.user_id)).toBe(encoders.of(user_table.columns.user_id))
  expect(encoders.of(pageview_table.columns.session_id)).toBe(encoders.shared('session_id'))
  expect(encoders.of(session_table.columns.user_id)).not.toBe(encoders.of(session_table.columns.session_id))
  expect(encoders.of(session_table.columns.city)).not.toBe(encoders.of(session_table.columns.city))
  expect(encoders.shared(undefined)).toBeUndefined()
})

test('what no table has is shared by none', () => {
  const encoders = new Encoders([user_table], [], undefined)
  expect(encoders.shared('order_id')).toBeUndefined()
  expect(encode(encoders, order_table.columns.order_id, 'o1')).toBe(0)
})

describe('hashed ids', () => {
  const encoders = new Encoders(TABLES, ['user_id'], KEY)

  test('stand as hashes in every table that bears them', () => {
    const code = encode(encoders, session_table.columns.user_id, 'u1')
    expect(encode(encoders, order_table.columns.user_id, 'u1')).toBe(code)
    const text = encoders.shared('user_id')!.dictionary.text(code)
    expect(text).toBe(createHmac('sha256', KEY).update('u1').digest('hex'))
  })

  test('leave other ids as they are', () => {
    const code = encode(encoders, session_table.columns.session_id, 'u1')
    expect(encoders.shared('session_id')!.dictionary.text(code)).toBe('u1')
    expect([
      encoders.isHashed('user_id'),
      encoders.isHashed('session_id'),
      encoders.isHashed(undefined),
    ]).toEqual([true, false, false])
  })

  test('hide all cells, and without them none is hidden', () => {
    expect(encoders.hides).toBe(true)
    expect(new Encoders(TABLES, [], KEY).hides).toBe(false)
  })

  test('need a key', () => {
    expect(() => new Encoders(TABLES, ['order_id'], undefined)).toThrow('there is no key')
  })
})
