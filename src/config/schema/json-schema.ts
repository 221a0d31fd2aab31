import * as z from 'zod'
import { settingsSchema } from './settings.ts'

/** The name under which the schema lies beside a settings file. */
export const JSON_SCHEMA_NAME = 'ecomagg.config.schema.json'

/** The JSON Schema of a settings file, for editors; as text. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-7' })
  const { $schema, ...rest } = schema
  const whole = {
    $schema,
    title: 'ecomagg settings',
    description: 'The settings file of ecomagg: ecomagg.config.json or ecomagg.config.yaml.',
    ...rest,
  }
  return `${JSON.stringify(whole, null, 2)}\n`
}
