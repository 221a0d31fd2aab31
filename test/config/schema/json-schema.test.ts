import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { jsonSchemaText } from '../../../src/config/schema/json-schema.ts'
import { settingsSchema } from '../../../src/config/schema/settings.ts'

test('the page of the docs is equal to it: ecomagg config --json-schema', () => {
  const page = resolve(import.meta.dirname, '../../../docs/ecomagg.config.schema.json')
  expect(readFileSync(page, 'utf8')).toBe(jsonSchemaText())
})

test('names every setting with its meaning, and refuses others', () => {
  const schema = JSON.parse(jsonSchemaText())
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(settingsSchema.shape).sort())
  for (const [name, { description }] of Object.entries<{ description?: string }>(schema.properties))
    expect(description, name).toMatch(/\.$/)
  expect(schema.additionalProperties).toBe(false)
  expect(schema.required).toBeUndefined()
})
