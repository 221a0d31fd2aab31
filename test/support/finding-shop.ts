import type { Finding } from '../../src/checks/finding.ts'
import type { UsualRawTableName } from '../../src/raw/index.ts'
import { type MemoryRunOptions, runInMemory } from './memory-run.ts'

const HEADERS: Readonly<Record<UsualRawTableName, string>> = {
  user_table: 'user_id',
  session_table: 'user_id,session_id,time,landing_page,country,utm_source,utm_medium,utm_campaign',
  order_table: 'user_id,session_id,order_id,time,total_price,discount_coupon_code',
  order_line_item_table: 'event_id,session_id,order_id,time,product_name,product_price,product_qty',
  add_to_cart_table: 'event_id,session_id,time,product_name',
  pageview_table: 'event_id,user_id,session_id,time,path',
  scroll_table: 'event_id,session_id,time,scroll_percent,path',
  click_table: 'event_id,session_id,time,path',
}

/** Rows of a shop as they stand below these headers; cells at the end may be left out. */
export type ShopRows = { readonly [T in UsualRawTableName]?: readonly string[] }

/** The findings of a code that a run over these rows has. */
export async function findingsIn(
  rows: ShopRows,
  code: string,
  options: MemoryRunOptions = {},
): Promise<Finding[]> {
  const files = Object.entries(HEADERS).map(([table, header]) => {
    const columns = header.split(',').length
    const lines = (rows[table as UsualRawTableName] ?? []).map(
      (line) => line + ','.repeat(columns - line.split(',').length),
    )
    return [`${table}.csv`, [header, ...lines, ''].join('\n')]
  })
  const { verdict, rejects } = await runInMemory(Object.fromEntries(files), options)
  if (rejects.length > 0) throw new Error(`rejected: ${JSON.stringify(rejects[0])}`)
  const broken = verdict.controlTotals.filter(({ holds }) => !holds)
  if (broken.length > 0) throw new Error(`control totals disagree: ${broken.map(({ name }) => name)}`)
  return verdict.findings.filter((finding) => finding.code === code)
}

/** So many rows. @example times(2, (i) => `u${i}`) → ['u0', 'u1'] */
export function times(count: number, row: (i: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => row(i))
}

/** The setting that an advice names, as YAML reads it. @throws Error if it names none of this name */
export function pasted(finding: Finding, name: string): string {
  const at = finding.advice.indexOf(`${name}: `)
  if (at < 0) throw new Error(`no ${name} in: ${finding.advice}`)
  const rest = finding.advice.slice(at)
  let depth = 0
  for (let i = 0; i < rest.length; i++) {
    if ('[{'.includes(rest[i]!)) depth++
    if (']}'.includes(rest[i]!) && --depth === 0) return rest.slice(0, i + 1)
  }
  throw new Error(`${name} does not end in: ${finding.advice}`)
}
