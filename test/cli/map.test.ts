import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allRawTables } from '../../src/raw/index.ts'
import { mapFiles } from '../../src/sources/map/map-files.ts'
import { asked, sampleOf } from '../sources/map/samples.ts'
import { fixtures, Workspace } from '../support/workspace.ts'

let shop: Workspace
beforeEach(() => {
  shop = new Workspace({ inProcess: true })
})
afterEach(() => shop.dispose())

const cases = join(fixtures, 'real-world')
const filesOf = (name: string) => readdirSync(join(cases, name, 'raw_data')).map((file) => `raw_data/${file}`)
const settings = () => readFileSync(join(shop.folder, 'ecomagg.config.yaml'), 'utf8')

/** What map proposes is taken as it is: the revenue and the orders of the seven tables that follow, worked by hand. */
const RIGHT: readonly (readonly [name: string, revenue: string, orders: string])[] = [
  ['column-names-of-the-shop', '50.00', '2'],
  // 1,234.56 + 20.00, and 1,234.56 + 12.50
  ['semicolons-and-decimal-commas', '1254.56', '2'],
  ['decimal-comma', '1247.06', '2'],
  ['windows-1252-names', '50.00', '2'],
  ['quotes-escaped-by-a-backslash', '50.00', '2'],
  ['microseconds-since-1970', '25.00', '1'],
  ['unpadded-month-first-dates', '75.00', '2'],
  ['null-as-text-from-a-database', '70.00', '2'],
  ['orders-without-a-customer', '1890.00', '100'],
  ['orders-without-a-session', '100.00', '3'],
  ['visitors-without-an-id', '50.00', '1'],
]

/** Nothing of the proposal can be right without an answer: what is asked. */
const ASKED: Readonly<Record<string, string>> = {
  'amounts-in-cents': 'If they are cents',
  'cancelled-and-test-orders': 'financial_status, cancelled_at, test: not all rows have the same there',
  'customer-ids-in-two-spellings': '3 ids seen are 2 if capitals do not count',
  'ids-with-a-dot-zero': 'all ids end in .0',
  'items-of-one-event-share-its-id': 'key: [event_id, product_name]',
  'order-row-per-line-item': "where: [{ column: time, not: '' }]",
  'order-row-written-again-on-each-change': 'keep: last',
  'orders-in-several-currencies': "rates: { EUR: '1', SEK: '…' }",
  'scroll-depth-as-a-fraction': "scale: '100'",
  'tax-on-top-of-the-lines': 'beside the column total_tax: does it hold the tax',
  'thank-you-page-reloaded': 'order_id repeats in 2 of 4 rows seen',
  'twelve-am-and-twelve-pm': 'All of these fit: dd/MM/yyyy hh:mm a, MM/dd/yyyy hh:mm a',
}

describe('real exports', () => {
  test.each(RIGHT)('%s: what is proposed gives %s', async (name, revenue, orders) => {
    shop.copyFrom(join(cases, name, 'raw_data'))
    const mapped = await shop.ecomagg(['map', ...filesOf(name), '--write'])
    expect([mapped.exit, mapped.stderr]).toEqual([0, ''])
    const { exit, stdout, stderr } = await shop.ecomagg(['process', '--json'])
    expect([exit, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).totals).toMatchObject({ revenue, orders })
  })

  test.each(readdirSync(cases).filter((name) => !RIGHT.some(([right]) => right === name)))(
    '%s: nothing to declare but what is asked',
    (name) => {
      const files = filesOf(name).map((file) => ({
        name: file.replace('raw_data/', ''),
        isInside: true,
        sample: sampleOf(readFileSync(join(cases, name, file))),
      }))
      const result = mapFiles(files, Object.values(allRawTables))
      const questions = asked(result).join('\n')
      expect(result.settings).toEqual({})
      if (ASKED[name] === undefined) expect(questions).toBe('')
      else expect(questions).toContain(ASKED[name])
    },
  )

  test('texts of Windows-1252 and with quotes after a backslash are whole', async () => {
    for (const [name, product] of [
      ['windows-1252-names', 'Müsli Schälchen – blau'],
      ['quotes-escaped-by-a-backslash', 'Poster "Sea" 24"'],
    ] as const) {
      shop.copyFrom(join(cases, name, 'raw_data'))
      await shop.ecomagg(['map', ...filesOf(name), '--write', '--force'])
      await shop.ecomagg(['process'])
      const names = shop.publishedRows('product_performance_daily.csv').map((row) => row.product_name)
      expect(names).toContain(product)
    }
  })
})

describe('hostile files', () => {
  test('each is said, none hides the others', async () => {
    shop.write('binary.csv', Buffer.of(0, 1, 2, 3))
    shop.write('empty.csv', '')
    shop.write('line.csv', 'hello')
    shop.write('header.csv', 'Order ID;Kundennummer;Bestelldatum;Gesamt\n')
    shop.makeFolder('folder.csv')
    shop.write('sparse.csv', 'order_id,time\n')
    truncateSync(join(shop.input, 'sparse.csv'), 2 ** 31)
    const names = [...readdirSync(shop.input), 'nowhere.csv'].map((name) => `raw_data/${name}`)
    const { exit, stdout, stderr } = await shop.ecomagg(['map', ...names])
    expect(exit).toBe(66)
    expect(stderr).toMatch(/\(not_regular_file\): .*folder\.csv is a folder/)
    expect(stderr).toMatch(/\(missing_file\): .*nowhere\.csv is missing/)
    expect(stdout).toMatch(/binary\.csv\n +it holds NUL bytes/)
    expect(stdout).toMatch(/sparse\.csv\n +it holds NUL bytes/)
    expect(stdout).toMatch(/empty\.csv\n +it is empty/)
    expect(stdout).toMatch(/line\.csv\n[^/]*holds +no raw table/)
    expect(stdout).toMatch(/header\.csv\n[^/]*holds +order_table/)
  })

  test('a FIFO is not waited for', async () => {
    execFileSync('mkfifo', [join(shop.input, 'fifo.csv')])
    expect((await shop.ecomagg(['map', 'raw_data/fifo.csv'])).stderr).toContain('not_regular_file')
  })

  test('a file that is no table: exit 65; no file: 64', async () => {
    shop.write('empty.csv', '')
    expect((await shop.ecomagg(['map', 'raw_data/empty.csv'])).exit).toBe(65)
    expect(await shop.ecomagg(['map'])).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining('bad_option'),
    })
  })

  test('names and cells cannot steer the terminal', async () => {
    shop.write(
      'orders.csv',
      'order_id,time,total_price,user_id,session_id,\u001b[31mred\n1,2025-06-13,\u001b[2J5,u,s,x\n',
    )
    const { stdout } = await shop.ecomagg(['map', 'raw_data/orders.csv', '--show-values'])
    expect(stdout).not.toContain('\u001b')
  })
})

describe('what is shown and written', () => {
  const ORDERS = 'order_id,user_id,session_id,time,Total\n1,ann@shop.example,s,13.06.2025,5.00\n'

  test('shapes, and cells only with --show-values, also as JSON', async () => {
    shop.write('orders.csv', ORDERS)
    for (const more of [[], ['--json']]) {
      const shapes = await shop.ecomagg(['map', 'raw_data/orders.csv', ...more])
      expect(shapes.stdout).toContain('aaa@aaaa.aaaaaaa')
      expect(shapes.stdout).not.toContain('ann@')
      expect((await shop.ecomagg(['map', 'raw_data/orders.csv', '--show-values', ...more])).stdout).toContain(
        'ann@',
      )
    }
  })

  test('--json gives programs all of it', async () => {
    shop.write('orders.csv', ORDERS)
    const found = JSON.parse(
      (await shop.ecomagg(['map', '--json', 'raw_data/orders.csv', 'raw_data/no.csv'])).stdout,
    )
    expect(found.files).toMatchObject([
      { file: 'raw_data/orders.csv', table: 'order_table', delimiter: ',', rows_seen: 1 },
    ])
    expect(found.problems).toMatchObject([{ code: 'missing_file' }])
    expect(found.settings.rawTables.order_table).toEqual({
      files: 'orders.csv',
      timeFormats: ['dd.MM.yyyy'],
      columns: { total_price: 'Total' },
    })
  })

  test('--write overwrites no settings, and makes no second file', async () => {
    shop.write('orders.csv', ORDERS)
    expect((await shop.ecomagg(['map', '--write', 'raw_data/orders.csv'])).exit).toBe(0)
    expect(settings()).toContain('total_price: Total')
    writeFileSync(join(shop.folder, 'ecomagg.config.yaml'), 'timezone: Europe/Berlin\n')
    const again = await shop.ecomagg(['map', 'raw_data/orders.csv', '--write'])
    expect(again).toMatchObject({ exit: 73, stdout: '', stderr: expect.stringContaining('config_exists') })
    expect(settings()).toBe('timezone: Europe/Berlin\n')
    expect((await shop.ecomagg(['map', '--write', 'other.yaml', 'raw_data/orders.csv'])).exit).toBe(0)
    expect((await shop.ecomagg(['map', '--write', '--force', 'raw_data/orders.csv'])).exit).toBe(0)
    expect(settings()).toContain('total_price: Total')
  })

  test('a file outside of the input folder is named, and where it belongs', async () => {
    mkdirSync(join(shop.folder, 'elsewhere'))
    writeFileSync(join(shop.folder, 'elsewhere/orders.csv'), ORDERS)
    expect((await shop.ecomagg(['map', 'elsewhere/orders.csv'])).stdout).toContain(
      'put orders.csv into the input folder',
    )
    const inside = await shop.ecomagg(['map', 'elsewhere/orders.csv', '--input', 'elsewhere'])
    expect(inside.stdout).not.toContain('into the input folder')
  })
})
