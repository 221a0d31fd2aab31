import { expect, test } from 'vitest'
import type * as z from 'zod'
import { carryDownSchema, stopAtSchema, whereSchema } from '../../../src/rules/sources/rows.ts'

function faults(schema: z.ZodType, given: unknown): string[] {
  return (schema.safeParse(given).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
}

test('a condition asks one question', () => {
  expect(
    faults(whereSchema, [
      { column: 'a', equals: '' },
      { column: 'a', in: ['x', ''] },
      { column: 'a', not: 'x' },
      { column: 'a', not: ['x', 'y'] },
      { column: 'a', prefix: '#' },
      { column: 'a', matches: '^\\d+$' },
    ]),
  ).toEqual([])
  const one = '0: must have just one of equals, in, not, prefix and matches'
  expect(faults(whereSchema, [{ column: 'a' }])).toEqual([one])
  expect(faults(whereSchema, [{ column: 'a', equals: 'x', not: 'y' }])).toEqual([one])
  expect(faults(whereSchema, [{ column: 'a', in: [] }])).not.toEqual([])
  expect(faults(whereSchema, [{ column: 'a', equals: 'x ' }])).toEqual([
    '0.equals: "x " would fit no cell: blanks around cells are left out',
  ])
  expect(faults(whereSchema, [{ column: 'a', matches: '(' }])).toEqual([
    expect.stringContaining("0.matches: '(' cannot be used as a regular expression"),
  ])
})

test('what is carried down is not the key, and each column once', () => {
  expect(faults(carryDownSchema, { key: 'Name', columns: ['Email', 'Total'] })).toEqual([])
  expect(faults(carryDownSchema, { key: 'Name', columns: [] })).toEqual([])
  expect(faults(carryDownSchema, { key: 'Name', columns: ['Email', 'Email', 'Name'] })).toEqual([
    'columns.1: stands here twice',
    'columns.2: is the key: without it, no one knows what the record belongs to',
  ])
})

test('a file ends where a cell starts with a text', () => {
  expect(faults(stopAtSchema, { column: 'Day', prefix: 'Total' })).toEqual([])
  expect(faults(stopAtSchema, { column: 'Day', prefix: '' })).not.toEqual([])
})
