import { allRawTables, type RawTableName, rawTables } from '../../raw/index.ts'
import type { Preset } from '../../sources/presets/preset.ts'
import { JSON_SCHEMA_NAME } from './json-schema.ts'
import type { Config } from './settings.ts'
import { inlineText, LANGUAGES, type Language, type StarterFormat } from './starter-languages.ts'

/** Which preset fills a raw table; of several it is the one that was named first. */
export interface FilledTable {
  readonly table: RawTableName
  readonly preset: Preset
}

/** The raw tables that presets fill, in the order of the tables. */
export function filledTables(presets: readonly Preset[]): readonly FilledTable[] {
  return Object.keys(allRawTables).flatMap((name) => {
    const table = name as RawTableName
    const preset = presets.find(({ tables }) => tables[table] !== undefined)
    return preset === undefined ? [] : [{ table, preset }]
  })
}

/** A setting of the file, with what is said above it. */
interface Block {
  readonly about: string
  /** As it is written in a language. */
  readonly lines: (language: Language) => readonly string[]
  readonly values: Config
}

/** A settings file for exports of these systems, in which all that they need is switched on. */
export function presetStarterText(format: StarterFormat, presets: readonly Preset[]): string {
  const blocks = blocksFor(presets)
  if (format === 'json') {
    const values = Object.assign({}, ...blocks.map((block) => block.values)) as Config
    return `${JSON.stringify({ $schema: `./${JSON_SCHEMA_NAME}`, ...values }, null, 2)}\n`
  }
  const language = LANGUAGES[format]
  const names = presets.map(({ name }) => name)
  const pages = names.map((name) => `docs/sources/${name}.md`)
  const lines = blocks.flatMap(({ about, lines: written }) => [
    '',
    language.comment(about),
    ...written(language),
  ])
  const head = language.head([
    `Settings of ecomagg for exports of ${names.join(', ')}; explained in ${pages.join(', ')}.`,
    'ecomagg config prints what is in effect, with all that a preset says. What you write here wins over it.',
  ])
  const body = lines.map((line) => (line === '' ? '' : `${language.indent}${line}`))
  return `${[...head, ...(head.at(-1)?.endsWith('{') ? body.slice(1) : body), ...language.foot].join('\n')}\n`
}

function blocksFor(presets: readonly Preset[]): readonly Block[] {
  const filled = filledTables(presets)
  const isWhole = Object.keys(rawTables).every((name) => filled.some(({ table }) => table === name))
  const filters = presets.flatMap((preset) =>
    (preset.filters ?? []).filter(({ filter }) =>
      filled.some((one) => one.table === filter.table && one.preset === preset),
    ),
  )
  return [
    plainBlock("The shop's time zone. Write yours, or days begin at the wrong hour.", { timezone: 'UTC' }),
    ...(isWhole
      ? []
      : [
          plainBlock('There are no exports for the other raw tables: they are empty.', {
            allowMissing: true,
          }),
        ]),
    {
      about: 'Where the rows of each raw table come from.',
      lines: (language) =>
        group(
          'rawTables',
          filled.map(
            ({ table, preset }) =>
              `${table}: ${inlineText({ preset: preset.name }, language)}${language.comma}`,
          ),
          language,
        ),
      values: {
        rawTables: Object.fromEntries(filled.map(({ table, preset }) => [table, { preset: preset.name }])),
      },
    },
    ...(filters.length === 0
      ? []
      : [
          {
            about: 'Rows that do not count, with all that belongs to them. See whether these are yours.',
            lines: (language: Language) => {
              const items = filters.flatMap(({ about, filter }) => [
                `  ${language.remark(about)}`,
                `  ${inlineText(filter, language)},`,
              ])
              return group('filters', ['columns: [', ...items, `]${language.comma}`], language)
            },
            values: { filters: { columns: filters.map(({ filter }) => filter) } },
          },
        ]),
  ]
}

function plainBlock(about: string, values: Config): Block {
  const lines = (language: Language) =>
    Object.entries(values).map(([name, value]) => `${name}: ${inlineText(value, language)}${language.comma}`)
  return { about, lines, values }
}

function group(name: string, lines: readonly string[], { open, close }: Language): string[] {
  return [`${name}:${open}`, ...lines.map((line) => `  ${line}`), ...(close === '' ? [] : [close])]
}
