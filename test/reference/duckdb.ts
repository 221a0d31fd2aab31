import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type RawColumns, rawTables } from './raw-columns.ts'

/**
 * The second source of the seven aggregate tables: plain DuckDB SQL written from SPEC.md alone.
 * It validates nothing: every input row must be acceptable, timestamps ISO, the shop's timezone UTC.
 */
export interface ReferenceOptions {
  rawFolder: string
  outputFolder: string
  /** `YYYY-MM-DD`; by default the latest date among sessions and orders. */
  asOf?: string
  /** Inclusive dates; users are not filtered. */
  since?: string
  until?: string
  /** What an order row below 0 is; a refund by default. */
  negativeOrders?: 'refund' | 'order'
  threads?: number
  /** As DuckDB writes it, for example `2GB`. */
  memoryLimit?: string
}

export const referenceTables = [
  'daily_business_metrics',
  'session_attribution',
  'session_funnel',
  'product_performance_daily',
  'user_lifetime_metrics',
  'page_engagement_metrics',
  'coupon_performance',
] as const

export async function computeReference(options: ReferenceOptions): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await limit(connection, options)
    await connection.run(`SET VARIABLE negative_orders = ${quote(options.negativeOrders ?? 'refund')}`)
    await connection.run(await sqlFile('macros'))
    for (const raw of rawTables) await viewRawTable(connection, options.rawFolder, raw)
    await connection.run(await sqlFile('load'))
    for (const raw of rawTables) await keepAcceptedRows(connection, raw, options)
    await connection.run(await sqlFile('shared'))
    await connection.run(`SET VARIABLE as_of = ${options.asOf === undefined ? 'NULL' : quote(options.asOf)}`)
    await mkdir(options.outputFolder, { recursive: true })
    for (const table of referenceTables) await writeTable(connection, table, options.outputFolder)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function limit(connection: DuckDBConnection, options: ReferenceOptions): Promise<void> {
  // An in-memory DuckDB would otherwise spill into a folder of the working directory.
  await connection.run(`SET temp_directory = ${quote(join(tmpdir(), `reference-${randomUUID()}`))}`)
  if (options.threads !== undefined) await connection.run(`SET threads = ${options.threads}`)
  if (options.memoryLimit !== undefined)
    await connection.run(`SET memory_limit = ${quote(options.memoryLimit)}`)
}

/** A view of every declared column as trimmed text, whichever of them the file holds. */
async function viewRawTable(connection: DuckDBConnection, rawFolder: string, raw: RawColumns): Promise<void> {
  const plain = join(rawFolder, `${raw.name}.csv`)
  const path = existsSync(plain) ? plain : `${plain}.gz`
  const source =
    `read_csv(${quote(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', ` +
    `comment = '', skip = 0, null_padding = false, strict_mode = true, sample_size = 100)`
  const described = await connection.runAndReadAll(`DESCRIBE FROM ${source}`)
  const inFile = new Map(described.getRows().map(([name]) => [trimmed(String(name)), String(name)]))
  const columns = raw.columns.map((name) => {
    const found = inFile.get(name)
    const value = found === undefined ? 'CAST(NULL AS VARCHAR)' : `cell(${identifier(found)})`
    return `${value} AS ${identifier(name)}`
  })
  await connection.run(`CREATE VIEW raw_${raw.name} AS SELECT ${columns.join(', ')} FROM ${source}`)
}

/** The first row of each key in file order, then the date range. */
async function keepAcceptedRows(
  connection: DuckDBConnection,
  raw: RawColumns,
  options: ReferenceOptions,
): Promise<void> {
  await connection.run(`
    DELETE FROM ${raw.table} WHERE rowid IN (
      SELECT later.rowid
      FROM ${raw.table} AS later
      JOIN (
        SELECT ${raw.key} AS key, min(rowid) AS first_row FROM ${raw.table} GROUP BY ALL HAVING count(*) > 1
      ) AS repeated ON repeated.key = later.${raw.key} AND later.rowid > repeated.first_row
    )`)
  if (raw.table === 'users') return
  if (options.since !== undefined)
    await connection.run(`DELETE FROM ${raw.table} WHERE CAST(time AS DATE) < DATE ${quote(options.since)}`)
  if (options.until !== undefined)
    await connection.run(`DELETE FROM ${raw.table} WHERE CAST(time AS DATE) > DATE ${quote(options.until)}`)
}

/** Each query holds its own ORDER BY; a table keeps insertion order, so COPY writes it as it stands. */
async function writeTable(connection: DuckDBConnection, table: string, outputFolder: string): Promise<void> {
  await connection.run(`CREATE TEMP TABLE result AS ${await sqlFile(table)}`)
  const described = await connection.runAndReadAll('DESCRIBE result')
  const names = described.getRows().map(([name]) => String(name))
  const cells = described.getRows().map(([name, type]) => {
    const column = identifier(String(name))
    return type === 'VARCHAR' ? `csv_cell(${column})` : `coalesce(CAST(${column} AS VARCHAR), '')`
  })
  await connection.run(`
    COPY (SELECT ${cells.join(` || ',' || `)} AS ${identifier(names.join(','))} FROM result)
    TO ${quote(join(outputFolder, `${table}.csv`))}
    (FORMAT csv, HEADER true, QUOTE '', ESCAPE '', DELIMITER E'\\x01')`)
  await connection.run('DROP TABLE result')
}

function sqlFile(name: string): Promise<string> {
  return readFile(new URL(`./${name}.sql`, import.meta.url), 'utf8')
}

function trimmed(name: string): string {
  return name.replace(/^[ \t]+|[ \t]+$/g, '')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
