import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { takingTurns, Workspace } from './workspace.ts'

/** A small shop in which every setting makes a difference that can be worked out by hand. */
export const SHOP: Readonly<Record<string, string>> = {
  user_table: `user_id,has_purchase_last_year
u1,1
u2,0
test-9,0
`,
  session_table: `session_id,user_id,time,IP,country,utm_source,utm_medium,utm_campaign
s1,u1,2025-01-01 10:00,10.1.2.3,NA,qwant,,
s2,u2,2025-01-02 10:00,203.0.113.7,DE,tiktok_star,creator,
s3,test-9,2025-01-02 12:00,192.168.0.9,DE,google,cpc,
s4,u1,2025-01-03 09:00,203.0.113.8,DE,,,
`,
  order_table: `order_id,user_id,session_id,time,total_price,shipping_price,discount,discount_coupon_code
o1,u1,s1,2025-01-01 10:30,100,5,10,TEN
o2,u2,s2,2025-01-02 10:40,0.50,0,0,
o3,test-9,s3,2025-01-02 12:30,40,0,0,
o4,u1,s4,2025-01-03 09:30,60,0,0,
`,
  order_line_item_table: `event_id,order_id,session_id,time,product_name,product_price,product_qty
l1,o1,s1,2025-01-01 10:30,Mug,52.50,2
l2,o2,s2,2025-01-02 10:40,Pen,0.50,1
l3,o3,s3,2025-01-02 12:30,Mug,40,1
l4,o4,s4,2025-01-03 09:30,Mug,60,1
`,
  add_to_cart_table: `event_id,session_id,user_id,time,product_name
a1,s1,u1,2025-01-01 10:20,Mug
a1,s1,u1,2025-01-01 10:21,Mug
`,
  pageview_table: `event_id,user_id,session_id,time,path
v1,u1,s1,2025-01-01 10:01,/artikel/7
v2,u1,s1,2025-01-01 11:01,/kasse/1
v3,u2,s2,2025-01-02 10:01,/admin/users
v4,u2,s2,2025-01-02 10:02,/p/9/reviews
v5,test-9,s3,2025-01-02 12:01,/wishlist
`,
  scroll_table: `event_id,session_id,time,scroll_percent,path
r1,s1,2025-01-01 10:02,50,/artikel/7
`,
  click_table: `event_id,session_id,time,path
k1,s2,2025-01-02 10:03,/admin/users
`,
}

/** How a run of the shop with some settings ended, and what it wrote. */
export interface SettingsRun {
  readonly exit: number | string
  readonly stderr: string
  readonly folder: string
  readonly record: Readonly<Record<string, unknown>>
  /** One row of a table, the first whose cells are these, or of the whole table the first. */
  row(table: string, cells?: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  rows(table: string): readonly Readonly<Record<string, string>>[]
  text(file: string): string
  accounting(table: string): Readonly<Record<string, number>>
  finding(code: string): Readonly<Record<string, unknown>> | undefined
}

/** Lets two commands run at a time. */
export const turn = takingTurns(2)

/** Runs the built command with these settings in a file of the working folder, and looks at what came out. */
export async function runWith(
  settings: object,
  check: (run: SettingsRun) => void,
  changes: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<void> {
  const shop = new Workspace({ inProcess: true })
  try {
    for (const [name, text] of Object.entries({ ...SHOP, ...changes })) {
      if (text !== '') shop.write(`${name}.csv`, text)
    }
    writeFileSync(join(shop.folder, 'ecomagg.config.json'), JSON.stringify(settings))
    const { exit, stderr, stdout } = await turn(() => shop.ecomagg(['process', '--json', ...args]))
    const record = stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>)
    const text = (file: string) => readFileSync(join(shop.output, file), 'utf8')
    const rows = (table: string) =>
      parse(text(`${table}.csv`), { columns: true, bom: true }) as Record<string, string>[]
    check({
      exit,
      stderr,
      folder: shop.folder,
      record,
      rows,
      text,
      row: (table, cells = {}) =>
        rows(table).find((row) => Object.entries(cells).every(([name, cell]) => row[name] === cell))!,
      accounting: (table) =>
        (record.inputs as { table: string; accounting: Record<string, number> }[]).find(
          (input) => input.table === table,
        )!.accounting,
      finding: (code) => (record.findings as { code: string }[]).find((finding) => finding.code === code),
    })
  } finally {
    shop.dispose()
  }
}

/** The cells by which the row of a session is found. */
export function ofSession(session_id: string): Readonly<Record<string, string>> {
  return { session_id }
}
