import { JSON_SCHEMA_NAME } from './json-schema.ts'
import { isPlainObject } from './values.ts'

export const STARTER_FORMATS = ['ts', 'js', 'json', 'yaml'] as const
export type StarterFormat = (typeof STARTER_FORMATS)[number]

/** How a language writes what the starter needs. */
export interface Language {
  /** How the file begins, with these lines as a comment. */
  readonly head: (comment: readonly string[]) => readonly string[]
  readonly foot: readonly string[]
  /** Before each setting. */
  readonly indent: string
  /** Makes code a comment. */
  readonly off: string
  readonly comment: (text: string) => string
  readonly title: (text: string) => string
  /** Of a comment inside of what is switched off. */
  readonly innerComment: (text: string) => string
  /** Of a comment within a list. */
  readonly remark: (text: string) => string
  readonly quote: (text: string) => string
  /** Around the settings of a group, and after each. */
  readonly open: string
  readonly close: string
  readonly comma: string
}

/** What a settings file imports from. */
const PACKAGE = 'ecomagg'

const SCRIPT: Omit<Language, 'head'> = {
  foot: ['}'],
  indent: '  ',
  off: '// ',
  comment: (text) => `/** ${text} */`,
  title: (text) => `/* ----- ${text} ----- */`,
  innerComment: (text) => `/** ${text} */`,
  remark: (text) => `// ${text}`,
  quote: (text) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`,
  open: ' {',
  close: '},',
  comma: ',',
}

export const LANGUAGES: Readonly<Record<Exclude<StarterFormat, 'json'>, Language>> = {
  ts: {
    ...SCRIPT,
    head: (comment) => [
      `import { defineConfig } from ${SCRIPT.quote(PACKAGE)}`,
      '',
      ...comment.map((line) => `// ${line}`),
      'export default defineConfig({',
    ],
    foot: ['})'],
  },
  js: {
    ...SCRIPT,
    head: (comment) => [
      ...comment.map((line) => `// ${line}`),
      '',
      `/** @type {import(${SCRIPT.quote(PACKAGE)}).Config} */`,
      'export default {',
    ],
  },
  yaml: {
    head: (comment) => [
      `# yaml-language-server: $schema=./${JSON_SCHEMA_NAME}`,
      '',
      ...comment.map((line) => `## ${line}`),
    ],
    foot: [],
    indent: '',
    off: '# ',
    comment: (text) => `## ${text}`,
    title: (text) => `## ----- ${text} -----`,
    innerComment: (text) => `# ${text}`,
    remark: (text) => `# ${text}`,
    quote: (text) => (isPlainInYaml(text) ? text : JSON.stringify(text)),
    open: '',
    close: '',
    comma: '',
  },
}

function isPlainInYaml(text: string): boolean {
  return /^[\p{L}/][\p{L}\p{N} ./_-]*$/u.test(text) && !/^(null|true|false)$/i.test(text)
}

/** A value on one line. */
export function inlineText(value: unknown, language: Language): string {
  if (typeof value === 'string') return language.quote(value)
  if (Array.isArray(value)) return `[${value.map((one) => inlineText(one, language)).join(', ')}]`
  if (!isPlainObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(
    ([key, one]) => `${keyText(key, language)}: ${inlineText(one, language)}`,
  )
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** The name of a setting. */
export function keyText(key: string, language: Language): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : language.quote(key)
}
