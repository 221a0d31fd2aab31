import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import {
  asksForPlace,
  type CellMapping,
  cellMappingSchema,
  currencySchema,
  mappingFaults,
  numberFormFault,
} from '../../../src/rules/sources/cells.ts'

/** The messages for a mapping, those of the branch for objects where it is one. */
function faults(mapping: unknown): string[] {
  return messagesOf(cellMappingSchema.safeParse(mapping).error?.issues ?? [])
}

function messagesOf(issues: readonly z.core.$ZodIssue[], path: PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const at = [...path, ...issue.path]
    if (issue.code === 'invalid_union') return messagesOf(issue.errors.at(-1) ?? [], at)
    return [`${at.join('.')}: ${issue.message}`]
  })
}

test('a mapping is a source column, or steps with one way to take a text', () => {
  expect(faults('Email')).toEqual([])
  expect(faults({ column: 'Email', lower: true })).toEqual([])
  expect(faults({ first: ['A', 'B'] })).toEqual([])
  expect(faults({ constant: '' })).toEqual([])
  expect(faults({ template: '{Name}#{row}' })).toEqual([])
  const one = [': must have just one of column, first, constant and template']
  expect(faults({ lower: true })).toEqual(one)
  expect(faults({ column: 'A', constant: 'c' })).toEqual(one)
  expect(faults({ colum: 'A' })).not.toEqual([])
  expect(faults('')).not.toEqual([])
  expect(faults(' Email')).not.toEqual([])
})

test('all keys go together', () => {
  const mapping = {
    first: ['A', 'B'],
    nullIf: ['0', '-'],
    replace: [['^x(\\d)', '$1']],
    url: 'path',
    decode: 'percent',
    spaces: 'collapse',
    trimPrefix: 'p',
    trimSuffix: '.0',
    lower: true,
    upper: false,
    split: '|',
    take: 'all',
    values: { constructor: 'c', paid: 'true', void: '' },
    otherwise: '{Email}',
    decimal: ',',
    thousands: '.',
    currencySigns: ['€', 'EUR', 'kr.', '%'],
    scale: '-0.01',
    clamp: [0, '100.5'],
  }
  expect(cellMappingSchema.parse(mapping)).toEqual(mapping)
})

test.each<[string, object, string]>([
  ['split alone', { split: '|' }, 'split: needs take: first, last or all; which part is meant?'],
  ['take alone', { take: 'all' }, "take: needs split, such as split: '|'"],
  ['lower and upper', { lower: true, upper: true }, 'upper: cannot go with lower; leave out one of both'],
  ['url and param', { url: 'query', param: 'q' }, 'param: looks for the parameter in the query by itself'],
  [
    'two signs alike',
    { decimal: ',', thousands: ',' },
    "thousands: is ',' as decimal is, so that 1,204 could",
  ],
  ['thousands alone', { thousands: '.' }, "with thousands: '.' write decimal: ','"],
  ['another decimal', { decimal: ';' }, 'decimal: '],
  ['an open brace', { otherwise: 'a{b' }, "otherwise: 'a{b' cannot be used as a template: the { at place 2"],
  [
    'look-ahead',
    { replace: [['a(?=b)', '']] },
    "replace.0.0: 'a(?=b)' cannot be used as a regular expression",
  ],
  ['no such group', { replace: [['(a)', '$2']] }, "replace.0.1: '$2' cannot be used as what stands instead:"],
  ['21 replacements', { replace: Array(21).fill(['a', 'b']) }, 'replace: Too big'],
  ['a comma', { scale: '0,01' }, "scale: '0,01' is no decimal such as '0.01'"],
  ['an exponent', { scale: '1e5' }, "scale: '1e5' is no decimal"],
  ['times nothing', { scale: '0.00' }, 'scale: would make every number 0'],
  ['no bound', { clamp: [0, 'x'] }, 'clamp.1: '],
  ['bounds turned round', { clamp: [1, '0.5'] }, 'clamp: has its lowest number 1 above its highest, 0.5'],
  ['a sign with a digit', { currencySigns: ['5'] }, 'currencySigns.0: "5" is no sign of a currency'],
  ['no sign at all', { currencySigns: ['.'] }, 'currencySigns.0: "." is no sign of a currency'],
  ['blanks around', { nullIf: ['- '] }, 'nullIf.0: "- " would fit no cell'],
  ['empty is empty', { nullIf: [''] }, 'nullIf.0: '],
  ['half a character', { values: { a: '\ud83d' } }, 'values.a: "\\ud83d" holds a NUL or half a character'],
  ['a NUL', { otherwise: 'a\0' }, 'otherwise: "a\\u0000" holds a NUL or half a character'],
])('%s', (_, mapping, message) => {
  expect(faults({ column: 'A', ...mapping })).toContainEqual(expect.stringContaining(message))
})

test('a template without a column is a constant', () => {
  expect(faults({ template: 'x' })).toEqual([
    'template: names no column in braces; write constant for a text that is always the same',
  ])
  expect(faults({ first: ['A', 'A'] })).toEqual(['first: names a column twice'])
})

describe('currencies', () => {
  const currency = (rates: unknown) =>
    messagesOf(currencySchema.safeParse({ column: 'Currency', rates }).error?.issues ?? [])

  test('have rates above 0', () => {
    expect(currency({ EUR: '1', SEK: '0.0862' })).toEqual([])
    expect(currency({})).toEqual(["rates: must hold a rate, such as EUR: '1'"])
    expect(currency({ SEK: '0.000' })).toEqual(['rates.SEK: must be above 0'])
    expect(currency({ SEK: '-1' })).toEqual(['rates.SEK: must be above 0'])
    expect(currency({ SEK: '0,08' })).toEqual([expect.stringContaining("rates.SEK: '0,08' is no decimal")])
    expect(currency({ SEK: 0.0862 })).not.toEqual([])
  })
})

test('a number form has two signs that differ', () => {
  expect(numberFormFault({})).toBeUndefined()
  expect(numberFormFault({ decimal: ',', thousands: '.' })).toBeUndefined()
  expect(numberFormFault({ thousands: ' ' })).toBeUndefined()
  expect(numberFormFault({ decimal: ',', thousands: ',' })).toContain("write decimal: '.'")
})

test('keys for numbers are for columns of numbers', () => {
  const mapping: CellMapping = { column: 'A', decimal: ',', scale: '0.01', lower: true }
  expect(mappingFaults('total_price', 'money', mapping)).toEqual([])
  expect(mappingFaults('total_items', 'integer', mapping)).toEqual([])
  expect(mappingFaults('path', 'text', 'Page')).toEqual([])
  const message =
    'is for numbers (money, quantity, integer and percent), but time is of kind timestamp; leave it out'
  expect(mappingFaults('time', 'timestamp', mapping)).toEqual([
    { key: 'decimal', message },
    { key: 'scale', message },
  ])
})

test('the schemas can be written as JSON Schema', () => {
  expect(z.toJSONSchema(cellMappingSchema, { io: 'input' })).toHaveProperty('anyOf')
})

test('a template may ask for the place of its row', () => {
  expect(asksForPlace({ template: '{Name}#{row}' })).toBe(true)
  expect(asksForPlace({ column: 'A', otherwise: '{ row }' })).toBe(true)
  expect(asksForPlace({ template: '{rows}' })).toBe(false)
  expect(asksForPlace('row')).toBe(false)
})
