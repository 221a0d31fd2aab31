import * as z from 'zod'
import { aggregateTables } from '../aggregators/index.ts'
import type { RawColumns } from '../raw/define.ts'
import { allRawTables, type RawTableName } from '../raw/index.ts'
import type { Rules } from '../rules/rules.ts'
import type { Extensions } from './extensions.ts'
import {
  type DeclaredMetric,
  type DeclaredTable,
  extraColumnsSchema,
  metricSchema,
  tableSchema,
} from './schemas.ts'
import type { ExtraByTable, SettingProblem } from './setting-problem.ts'
import { sourceFaults } from './source-faults.ts'
import { VIEW_NAMES } from './views.ts'

/** What a settings file and the modules it names declare; anything, until it has been checked. */
export interface GivenExtensions {
  readonly extraColumns?: unknown
  readonly metrics?: unknown
  readonly tables?: unknown
}

type Path = readonly PropertyKey[]

/**
 * Checks what a shop adds; all problems at once.
 *
 * @returns what could be read; to be used only if there is no problem
 */
export function readExtensions(
  given: GivenExtensions,
  rules: Rules,
): { readonly extensions: Extensions; readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = []
  const parse = <T>(schema: z.ZodType<T>, value: unknown, path: Path): T | undefined => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues)
      problems.push({ path: [...path, ...issue.path], message: issue.message, issue })
    return undefined
  }
  const list = <S extends z.ZodObject>(schema: S, values: unknown, path: Path) =>
    (parse(z.array(z.unknown()), values ?? [], path) ?? []).map((value, i) => {
      const whole = parse(schema, value, [...path, i]) as z.infer<S> | undefined
      return { whole, parts: whole ?? soundParts(schema, value) }
    })

  const metrics = list(metricSchema, given.metrics, ['metrics'])
  const tables = list(tableSchema, given.tables, ['tables'])
  const extra: ExtraByTable = {}
  const declare = (columns: z.infer<typeof extraColumnsSchema> | undefined, path: Path) => {
    problems.push(...addExtraColumns(extra, columns ?? {}, path))
  }
  declare(parse(extraColumnsSchema, given.extraColumns ?? {}, ['extraColumns']), ['extraColumns'])
  for (const [i, metric] of metrics.entries())
    declare(metric.parts.extraColumns, ['metrics', i, 'extraColumns'])
  for (const [i, table] of tables.entries()) declare(table.parts.extraColumns, ['tables', i, 'extraColumns'])
  const partsOf = <T>(declared: readonly { readonly parts: T }[]) => declared.map(({ parts }) => parts)
  problems.push(...metricFaults(partsOf(metrics), rules, extra), ...tableFaults(partsOf(tables), extra))
  problems.push(...keyFaults(rules, extra), ...sourceFaults(rules, extra))
  return {
    extensions: {
      extraColumns: extra,
      metrics: metrics.flatMap(({ whole }) => whole ?? []),
      tables: tables.flatMap(({ whole }) => whole ?? []),
    },
    problems,
  }
}

/** What is right in a declaration that is wrong somewhere, so that further problems in it are found, too. */
function soundParts<S extends z.ZodObject>(schema: S, value: unknown): Partial<z.infer<S>> {
  if (typeof value !== 'object' || value === null) return {}
  const given = value as Readonly<Record<string, unknown>>
  const parts = Object.entries(schema.shape).flatMap(([name, part]) => {
    const parsed = z.safeParse(part, given[name])
    return parsed.success && parsed.data !== undefined ? [[name, parsed.data] as const] : []
  })
  return Object.fromEntries(parts) as Partial<z.infer<S>>
}

/** Adds columns to those declared so far; the same column may be declared again, if it is the same. */
function addExtraColumns(
  extra: ExtraByTable,
  given: z.infer<typeof extraColumnsSchema>,
  path: Path,
): SettingProblem[] {
  const problems: SettingProblem[] = []
  const reserved: readonly string[] = VIEW_NAMES
  const otherName = `any other name than ${reserved.join(', ')}`
  for (const [table, columns] of Object.entries(given) as [RawTableName, RawColumns | undefined][]) {
    for (const [name, column] of Object.entries(columns ?? {})) {
      const at = [...path, table, name]
      const declared = extra[table] ?? {}
      const known = Object.hasOwn(declared, name) ? declared[name] : undefined
      if (Object.hasOwn(allRawTables[table].columns, name)) {
        problems.push({ path: at, message: `${table} has this column already; remove it here` })
      } else if (known !== undefined && (known.kind !== column.kind || known.required !== column.required)) {
        const message = `it is declared twice: as ${nature(known)} and as ${nature(column)}`
        problems.push({ path: at, message })
      } else if (known === undefined) {
        extra[table] = { ...declared, [name]: column }
        if (!reserved.includes(name)) continue
        const message = `${table}.${name} is something else in own code; allowed is ${otherName}`
        problems.push({ path: at, message, allowed: otherName })
      }
    }
  }
  return problems
}

function nature({ kind, required }: RawColumns[string]): string {
  return `${required ? 'required' : 'optional'} ${kind}`
}

function metricFaults(
  metrics: readonly Partial<DeclaredMetric>[],
  rules: Rules,
  extra: ExtraByTable,
): SettingProblem[] {
  const problems: SettingProblem[] = []
  const taken = new Set(
    aggregateTables.flatMap(({ name, columns, columnsByRules }) =>
      Object.keys({ ...columns, ...columnsByRules?.(rules) }).map((column) => `${name}.${column}`),
    ),
  )
  metrics.forEach((metric, i) => {
    const { table, name } = metric
    const place = `${table}.${name}`
    if (table !== undefined && name !== undefined && taken.has(place))
      problems.push({
        path: ['metrics', i, 'name'],
        message: `${table} has a column ${name} already`,
      })
    taken.add(place)
    problems.push(...needFaults(metric.needs ?? {}, ['metrics', i, 'needs'], extra))
  })
  return problems
}

function tableFaults(tables: readonly Partial<DeclaredTable>[], extra: ExtraByTable): SettingProblem[] {
  const problems: SettingProblem[] = []
  const taken = new Set([...Object.keys(allRawTables), ...aggregateTables.map(({ name }) => name)])
  tables.forEach((table, i) => {
    const fail = (at: Path, message: string) => problems.push({ path: ['tables', i, ...at], message })
    if (table.name !== undefined && taken.has(table.name))
      fail(['name'], `there is a table ${table.name} already`)
    taken.add(table.name ?? '')
    problems.push(...needFaults(table.needs ?? {}, ['tables', i, 'needs'], extra))
    const { key = [], order, columns: declared } = table
    if (declared === undefined) return
    const columns = Object.keys(declared).join(', ')
    key.forEach((name, at) => {
      const column = Object.hasOwn(declared, name) ? declared[name] : undefined
      if (column === undefined) fail(['key', at], `there is no column ${name}; its columns are ${columns}`)
      else if (['money', 'quantity', 'ratio'].includes(column.kind))
        fail(['key', at], `${name} is of kind ${column.kind}, which can be no key`)
    })
    order?.forEach(({ column }, at) => {
      if (!Object.hasOwn(declared, column))
        fail(['order', at, 'column'], `there is no column ${column}; its columns are ${columns}`)
    })
    const open =
      order === undefined
        ? []
        : key.filter((name) => Object.hasOwn(declared, name) && !order.some((one) => one.column === name))
    if (open.length > 0)
      fail(['order'], `must hold the whole key, or rows could change places; add ${open.join(', ')}`)
  })
  return problems
}

/** Columns of keys that the raw tables do not have. */
function keyFaults({ rawTables: settings }: Rules, extra: ExtraByTable): SettingProblem[] {
  return Object.entries(settings).flatMap(([table, { key = [] }]) =>
    unknownColumns(table as RawTableName, key, ['rawTables', table, 'key'], extra),
  )
}

function needFaults(needs: DeclaredTable['needs'], path: Path, extra: ExtraByTable): SettingProblem[] {
  return Object.entries(needs).flatMap(([table, columns = []]) =>
    unknownColumns(table as RawTableName, columns, [...path, table], extra),
  )
}

function unknownColumns(
  table: RawTableName,
  columns: readonly string[],
  path: Path,
  extra: ExtraByTable,
): SettingProblem[] {
  const known = { ...allRawTables[table].columns, ...extra[table] }
  return columns.flatMap((column, i) => {
    if (Object.hasOwn(known, column)) return []
    const message = `${table} has no column ${column}; if the export has it, declare it in extraColumns. Its columns are ${Object.keys(known).join(', ')}`
    return [{ path: [...path, i], message }]
  })
}
