import { JSON_SCHEMA_NAME } from './json-schema.ts'
import { childSchema, meaningOf } from './schema-keys.ts'
import { settingsSchema } from './settings.ts'
import { inlineText, keyText, LANGUAGES, type Language, type StarterFormat } from './starter-languages.ts'
import { STARTER_VALUES } from './starter-values.ts'
import { isPlainObject } from './values.ts'

const HOW = [
  'Settings of ecomagg. Every setting is here, switched off; without it the default holds.',
  'Take the comment marks of a block away to use it. ecomagg config prints what is in effect.',
]

/** A settings file with every setting explained and switched off. */
export function starterText(format: StarterFormat): string {
  if (format === 'json') return `${JSON.stringify({ $schema: `./${JSON_SCHEMA_NAME}` }, null, 2)}\n`
  const language = LANGUAGES[format]
  const lines = [...language.head(HOW)]
  for (const { title, values } of STARTER_VALUES) {
    lines.push(...(lines.at(-1)!.endsWith('{') ? [] : ['']), `${language.indent}${language.title(title)}`)
    for (const [name, value] of Object.entries(values)) {
      const block = settingLines([name], value, language).map(
        (line) => `${language.indent}${language.off}${line}`,
      )
      lines.push('', `${language.indent}${language.comment(meaningAt([name]))}`, ...block)
    }
  }
  return `${[...lines, ...language.foot].join('\n')}\n`
}

/** A list that is longer is written item by item. */
const WIDEST = 100

/** One setting as code; the settings inside of it have their meaning above them. */
function settingLines(path: readonly string[], value: unknown, language: Language): string[] {
  const name = keyText(path.at(-1)!, language)
  const inner = isPlainObject(value)
    ? Object.entries(value).filter(([key]) => meaningAt([...path, key]) !== '')
    : []
  if (inner.length === 0) {
    const line = `${name}: ${inlineText(value, language)}${language.comma}`
    if (line.length <= WIDEST || !Array.isArray(value)) return [line]
    const items = value.map((one) => `  ${inlineText(one, language)},`)
    return [`${name}: [`, ...items, `]${language.comma}`]
  }
  const lines = inner.flatMap(([key, one]) => [
    language.innerComment(meaningAt([...path, key])),
    ...settingLines([...path, key], one, language),
  ])
  return [
    `${name}:${language.open}`,
    ...lines.map((line) => `  ${line}`),
    ...(language.close === '' ? [] : [language.close]),
  ]
}

function meaningAt(path: readonly string[]): string {
  const schema = childSchema(settingsSchema, path)
  return schema === undefined ? '' : (meaningOf(schema) ?? '')
}
