import { JSON_SCHEMA_NAME } from './json-schema.ts'
import { childSchema, meaningOf } from './schema-keys.ts'
import { settingsSchema } from './settings.ts'
import { STARTER_VALUES } from './starter-values.ts'
import { isPlainObject } from './values.ts'

export const STARTER_FORMATS = ['ts', 'js', 'json', 'yaml'] as const
export type StarterFormat = (typeof STARTER_FORMATS)[number]

/** How a language writes what the starter needs. */
interface Language {
  readonly head: readonly string[]
  readonly foot: readonly string[]
  /** Before each setting. */
  readonly indent: string
  /** Makes code a comment. */
  readonly off: string
  readonly comment: (text: string) => string
  readonly title: (text: string) => string
  /** Of a comment inside of what is switched off. */
  readonly innerComment: (text: string) => string
  readonly quote: (text: string) => string
  /** Around the settings of a group, and after each. */
  readonly open: string
  readonly close: string
  readonly comma: string
}

/** What a settings file imports from. */
const PACKAGE = 'ecomagg'

const HOW = [
  'Settings of ecomagg. Every setting is here, switched off; without it the default holds.',
  'Take the comment marks of a block away to use it. ecomagg config prints what is in effect.',
]

const SCRIPT: Omit<Language, 'head'> = {
  foot: ['}'],
  indent: '  ',
  off: '// ',
  comment: (text) => `/** ${text} */`,
  title: (text) => `/* ----- ${text} ----- */`,
  innerComment: (text) => `/** ${text} */`,
  quote: (text) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
  open: ' {',
  close: '},',
  comma: ',',
}

const LANGUAGES: Readonly<Record<Exclude<StarterFormat, 'json'>, Language>> = {
  ts: {
    ...SCRIPT,
    head: [
      `import { defineConfig } from ${SCRIPT.quote(PACKAGE)}`,
      '',
      ...HOW.map((line) => `// ${line}`),
      'export default defineConfig({',
    ],
    foot: ['})'],
  },
  js: {
    ...SCRIPT,
    head: [
      ...HOW.map((line) => `// ${line}`),
      '',
      `/** @type {import(${SCRIPT.quote(PACKAGE)}).Config} */`,
      'export default {',
    ],
  },
  yaml: {
    head: [`# yaml-language-server: $schema=./${JSON_SCHEMA_NAME}`, '', ...HOW.map((line) => `## ${line}`)],
    foot: [],
    indent: '',
    off: '# ',
    comment: (text) => `## ${text}`,
    title: (text) => `## ----- ${text} -----`,
    innerComment: (text) => `# ${text}`,
    quote: (text) => (isPlainInYaml(text) ? text : JSON.stringify(text)),
    open: '',
    close: '',
    comma: '',
  },
}

function isPlainInYaml(text: string): boolean {
  return /^[\p{L}/][\p{L}\p{N} ./_-]*$/u.test(text) && !/^(null|true|false)$/i.test(text)
}

/** A settings file with every setting explained and switched off. */
export function starterText(format: StarterFormat): string {
  if (format === 'json') return `${JSON.stringify({ $schema: `./${JSON_SCHEMA_NAME}` }, null, 2)}\n`
  const language = LANGUAGES[format]
  const lines = [...language.head]
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

function inlineText(value: unknown, language: Language): string {
  if (typeof value === 'string') return language.quote(value)
  if (Array.isArray(value)) return `[${value.map((one) => inlineText(one, language)).join(', ')}]`
  if (!isPlainObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(
    ([key, one]) => `${keyText(key, language)}: ${inlineText(one, language)}`,
  )
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function keyText(key: string, language: Language): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : language.quote(key)
}

function meaningAt(path: readonly string[]): string {
  const schema = childSchema(settingsSchema, path)
  return schema === undefined ? '' : (meaningOf(schema) ?? '')
}
