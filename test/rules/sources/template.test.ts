import { expect, test } from 'vitest'
import { parseTemplate } from '../../../src/rules/sources/template.ts'

test.each([
  ['order:{Name}', ['order:', ''], ['Name']],
  ['{Name}#{row}', ['', '#', ''], ['Name', 'row']],
  ['{ Order ID }', ['', ''], ['Order ID']],
  ['{a}{a}', ['', '', ''], ['a', 'a']],
  ['guest', ['guest'], []],
  ['', [''], []],
])('%s', (source, texts, names) => {
  expect(parseTemplate(source)).toEqual({ texts, names })
})

test.each([
  ['order:{Name', 'the { at place 7 is not closed; write {Name of a column}'],
  ['{a{b}', 'the { at place 1 is not closed'],
  ['{{a}}', 'the { at place 1 is not closed'],
  ['a{ }', 'the {} at place 2 names no column'],
  ['{a}}', 'the } at place 4 closes nothing'],
  ['}{a}', 'the } at place 1 closes nothing'],
])('%s is refused', (source, message) => {
  expect(() => parseTemplate(source)).toThrow(message)
})
