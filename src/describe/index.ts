import { type Contract, contractOf } from '../custom/contract.ts'
import { noExtensions } from '../custom/extensions.ts'
import { KnownError } from '../lib/errors.ts'
import type { RawTable } from '../raw/define.ts'
import { defaultRules } from '../rules/rules.ts'
import type { AnyAggregate } from '../tables/define.ts'
import { OUTPUT_KINDS, RAW_KINDS } from './kind-texts.ts'

/** The tables as they are without settings. */
const standard: Contract = contractOf(defaultRules, noExtensions)

/** A table in the words of the data dictionary, raw or aggregate. */
interface Description {
  readonly name: string
  readonly file: string
  readonly grain: string
  readonly facts: readonly (readonly [string, string])[]
  readonly columns: readonly { readonly name: string; readonly kind: string; readonly meaning: string }[]
}

function describeRaw(table: RawTable): Description {
  return {
    name: table.name,
    file: `${table.name}.csv or ${table.name}.csv.gz`,
    grain: table.grain,
    facts: [['key', keyText(table)], ...(table.isOptional === true ? [['read', OPTIONAL] as const] : [])],
    columns: Object.entries(table.columns).map(([name, { kind, required, meaning }]) => ({
      name,
      kind: required ? `${kind}, required` : kind,
      meaning,
    })),
  }
}

const OPTIONAL =
  'only if a table or metric needs it; then a missing file is an empty table, whatever allowMissing says'

function keyText({ key, keyColumns = [key], columns }: RawTable): string {
  return keyColumns
    .map((column) => (columns[column]?.tellsApart === 'day' ? `the day of ${column}` : column))
    .join(', ')
}

function describeAggregate(table: AnyAggregate): Description {
  return {
    name: table.name,
    file: `${table.name}.csv`,
    grain: table.grain,
    facts: [
      ['key', table.key.join(', ')],
      [
        'order',
        table.order
          .map(({ column, descending }) => (descending ? `${column} descending` : column))
          .join(', '),
      ],
      ['reads', Object.keys(table.needs).join(', ')],
    ],
    columns: Object.entries(table.columns).map(([name, { kind, unit, meaning }]) => ({
      name,
      kind: unit === undefined ? kind : `${kind}, ${unit}`,
      meaning,
    })),
  }
}

function allDescriptions({ rawTables, unreadTables, aggregates }: Contract): {
  raw: Description[]
  aggregate: Description[]
} {
  return {
    raw: [...rawTables, ...unreadTables].map(describeRaw),
    aggregate: aggregates.map(describeAggregate),
  }
}

/** All tables, a line each. @param contract the tables of a shop; those without settings if left out */
export function describeOverview(contract = standard): string[] {
  const { raw, aggregate } = allDescriptions(contract)
  const lines = (tables: readonly Description[]) =>
    tables.map(({ name, grain }) => `  ${name.padEnd(26)}${grain}`)
  return [
    'raw tables (input)',
    ...lines(raw),
    '',
    'aggregate tables (output)',
    ...lines(aggregate),
    '',
    'one of them in full: ecomagg describe <table>',
  ]
}

/**
 * One table in full.
 *
 * @throws KnownError no_such_table (usage)
 */
export function describeTable(name: string, contract = standard): string[] {
  const { file, grain, facts, columns } = find(name, contract)
  const nameWidth = Math.max(...columns.map((column) => column.name.length)) + 2
  const kindWidth = Math.max(...columns.map((column) => column.kind.length)) + 2
  return [
    name,
    `  file    ${file}`,
    `  grain   ${grain}`,
    ...facts.map(([fact, text]) => `  ${fact.padEnd(8)}${text}`),
    '',
    ...columns.map(
      (column) => `  ${column.name.padEnd(nameWidth)}${column.kind.padEnd(kindWidth)}${column.meaning}`,
    ),
  ]
}

function find(name: string, contract: Contract): Description {
  const { raw, aggregate } = allDescriptions(contract)
  const all = [...raw, ...aggregate]
  const found = all.find((table) => table.name === name)
  if (found !== undefined) return found
  throw new KnownError('usage', 'no_such_table', `there is no table ${name}`, {
    found: name,
    allowed: all.map((table) => table.name).join(', '),
    hint: 'see them all with: ecomagg describe',
  })
}

/**
 * The data dictionary as Markdown: the page kept as docs/data-dictionary.md, or one table of it.
 *
 * @throws KnownError no_such_table (usage)
 */
export function dataDictionary(name?: string, contract = standard): string {
  if (name !== undefined) return `${markdownTable(find(name, contract)).join('\n')}\n`
  const { raw, aggregate } = allDescriptions(contract)
  return `${[
    '# Data dictionary',
    '',
    'Printed by `ecomagg describe --markdown`; a test keeps this page equal to it.',
    '',
    '## Aggregate tables (output)',
    '',
    ...kindLines(OUTPUT_KINDS),
    '',
    ...aggregate.flatMap((table) => [...markdownTable(table), '']),
    '## Raw tables (input)',
    '',
    ...kindLines(RAW_KINDS),
    '',
    ...raw.flatMap((table) => [...markdownTable(table), '']),
  ]
    .join('\n')
    .trimEnd()}\n`
}

function kindLines(kinds: Readonly<Record<string, string>>): string[] {
  return [
    '| kind | what it is |',
    '|---|---|',
    ...Object.entries(kinds).map(([kind, text]) => `| ${kind} | ${text} |`),
  ]
}

function markdownTable({ name, file, grain, facts, columns }: Description): string[] {
  return [
    `### ${name}`,
    '',
    `${grain[0]!.toUpperCase()}${grain.slice(1)}. File: ${file}.`,
    '',
    ...facts.map(([fact, text]) => `- ${fact}: ${text}`),
    '',
    '| column | kind | meaning |',
    '|---|---|---|',
    ...columns.map((column) => `| ${column.name} | ${column.kind} | ${column.meaning} |`),
  ]
}
