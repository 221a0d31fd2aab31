import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { settingsYaml } from '../../../src/sources/map/settings-text.ts'

test('a tab is printed so that it can be pasted', () => {
  const settings = { rawTables: { user_table: { delimiter: '\t' as const, files: "o'b.tsv" } } }
  const yaml = settingsYaml({ settings })
  expect(yaml).toContain(String.raw`delimiter: "\t"`)
  expect(parse(yaml)).toEqual(settings)
})

test('nothing to declare is nothing', () => {
  expect(settingsYaml({ settings: {} })).toBe('')
})
