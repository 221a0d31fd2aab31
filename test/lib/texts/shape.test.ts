import { expect, test } from 'vitest'
import { shapeOf } from '../../../src/lib/texts/shape.ts'

test.each([
  ['23-01-2025 10:00', '99-99-9999 99:99'],
  ['$5,00', '$9,99'],
  ['Order/42_x', 'Aaaaa/99_a'],
  ['\u00C4\u00E4\u4E2D', 'Aaa'],
  ['e\u0301', 'aa'],
  // Digits and numbers of all scripts.
  ['\u0667\u2460\u2167\u00BD', '9999'],
  // What cannot be seen, and pictures.
  ['a\u0000\n\u200B\u{1F600}', 'a????'],
  ['', ''],
])('%j has the shape %j', (cell, shape) => {
  expect(shapeOf(cell)).toBe(shape)
})

test('of a long cell only the beginning is told', () => {
  expect(shapeOf('a'.repeat(60))).toBe('a'.repeat(60))
  expect(shapeOf('1'.repeat(61))).toBe(`${'9'.repeat(60)}…`)
  // Cut in the middle of a character.
  expect(shapeOf(`${'a'.repeat(59)}\u{1F600}`)).toBe(`${'a'.repeat(59)}?…`)
})
