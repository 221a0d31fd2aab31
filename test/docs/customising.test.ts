import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'

const page = readFileSync(new URL('../../docs/customising.md', import.meta.url), 'utf8')

/** The files of the page's worked examples, by `<example>/<file>`. */
const examples = new Map(
  [...page.matchAll(/<!-- example: (\S+) -->\n```\w+\n([\s\S]*?)```/g)].map(([, name, text]) => [
    name!,
    text!,
  ]),
)

const sample = new Workspace()
beforeAll(async () => {
  await sample.ecomagg(['sample', '--sessions', '3000', '--seed', '5', '--force', '--quiet'])
  addCosts(join(sample.input, 'order_line_item_table.csv'))
})
afterAll(() => sample.dispose())

/** Each line item gets what it cost: two fifths of nothing known, three fifths some price of its own. */
function addCosts(path: string): void {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const costs = lines.map((line, i) => `${line},${i % 5 < 2 ? '' : `${(i * 7) % 50}.${(i * 13) % 10}5`}`)
  writeFileSync(path, `${[`${header},product_cost`, ...costs].join('\n')}\n`)
}

/** Runs one example literally, on the sample data, in a folder of its own. */
async function runExample(name: string): Promise<Workspace> {
  const shop = new Workspace()
  shop.copyFrom(sample.input)
  for (const [file, text] of examples) {
    if (!file.startsWith(`${name}/`)) continue
    const path = join(shop.folder, file.slice(name.length + 1))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const { exit, stderr } = await shop.ecomagg(['process'])
  expect([exit, stderr]).toEqual([0, ''])
  return shop
}

/** What plain SQL says, as lines of cells. */
async function sql(query: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const filled = query.replaceAll(
      /\$(\w+)/g,
      (_, table) =>
        `read_csv('${join(sample.input, `${table}.csv`)}', header = true, all_varchar = true, quote = '"', escape = '"')`,
    )
    const result = await connection.runAndReadAll(filled)
    return result.getRows().map((row) => row.map((cell) => (cell === null ? '' : String(cell))).join(','))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function columnsOf(shop: Workspace, table: string, ...columns: string[]): string[] {
  const [header, ...lines] = readFileSync(join(shop.output, `${table}.csv`), 'utf8')
    .trimEnd()
    .split('\n')
  const places = columns.map((column) => header!.split(',').indexOf(column))
  expect(places).not.toContain(-1)
  return lines.map((line) => places.map((place) => line.split(',')[place]).join(','))
}

test('the page has the three examples that these tests run', () => {
  expect([...new Set([...examples.keys()].map((name) => name.split('/')[0]))]).toEqual([
    'mobile-revenue',
    'traffic-hourly',
    'profit-margin',
  ])
})

describe.concurrent('worked examples', () => {
  test('mobile revenue per day', async () => {
    const shop = await runExample('mobile-revenue')
    try {
      const expected = await sql(`
        SELECT o.time[:10] AS date, CAST(sum(CAST(o.total_price AS DECIMAL(18, 2))) AS VARCHAR) AS revenue
        FROM $order_table AS o JOIN $session_table AS s USING (session_id)
        WHERE s.device_type = 'mobile' GROUP BY ALL ORDER BY date`)
      expect(expected.length).toBeGreaterThan(10)
      const written = columnsOf(shop, 'daily_business_metrics', 'date', 'mobile_revenue')
      expect(written.filter((line) => !line.endsWith(',0.00'))).toEqual(expected)
    } finally {
      shop.dispose()
    }
  })

  test('traffic by hour', async () => {
    const shop = await runExample('traffic-hourly')
    try {
      const expected = await sql(`
        SELECT time[:10] AS date, CAST(time[12:13] AS INTEGER) AS hour, count(*), count(DISTINCT session_id),
          count(DISTINCT user_id)
        FROM $pageview_table GROUP BY ALL ORDER BY date, hour`)
      expect(expected.length).toBeGreaterThan(100)
      expect(columnsOf(shop, 'traffic_hourly', 'date', 'hour', 'pageviews', 'sessions', 'users')).toEqual(
        expected,
      )
      const manifest = JSON.parse(readFileSync(join(shop.output, 'manifest.json'), 'utf8'))
      expect(manifest.files.at(-1)).toMatchObject({ table: 'traffic_hourly', rows: expected.length })
      const verified = await shop.ecomagg(['verify', '--quiet'])
      expect([verified.exit, verified.stderr]).toEqual([0, ''])
      const { stdout } = await shop.ecomagg(['describe', 'traffic_hourly'])
      expect(stdout).toContain('one row per date and hour with a pageview')
      expect(stdout).toContain('hour of the day, 0 to 23')
      const logs = await shop.ecomagg(['logs', 'show'])
      expect(logs.stdout).toContain('traffic_hourly')
    } finally {
      shop.dispose()
    }
  })

  test('profit margin per product', async () => {
    const shop = await runExample('profit-margin')
    try {
      const expected = await sql(`
        WITH sold AS (
          SELECT time[:10] AS date, product_name,
            CAST(product_price AS DECIMAL(18, 4)) * CAST(product_qty AS INTEGER) AS revenue,
            CAST(product_cost AS DECIMAL(18, 4)) * CAST(product_qty AS INTEGER) AS cost
          FROM $order_line_item_table WHERE product_cost <> ''
        ), totals AS (
          SELECT date, product_name, CAST(sum(revenue) * 10000 AS HUGEINT) AS revenue,
            CAST(sum(revenue - cost) * 10000 AS HUGEINT) AS profit
          FROM sold GROUP BY ALL
        )
        SELECT date, product_name, CAST(sign(profit) * ((abs(profit) * 20000 + revenue) // (2 * revenue)) AS BIGINT)
        FROM totals ORDER BY date, product_name`)
      const written = columnsOf(shop, 'product_performance_daily', 'date', 'product_name', 'profit_margin')
        .filter((line) => !line.endsWith(','))
        .map((line) =>
          line.replace(/(-?)(\d+)\.(\d\d)$/, (_, sign, units, cents) => `${sign}${Number(units + cents)}`),
        )
        .sort()
      expect(expected.length).toBeGreaterThan(10)
      expect(written).toEqual([...expected].sort())
      expect(written.some((line) => line.includes(',-'))).toBe(true)
    } finally {
      shop.dispose()
    }
  })
})
