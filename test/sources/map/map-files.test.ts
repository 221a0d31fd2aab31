import { describe, expect, test } from 'vitest'
import { allRawTables } from '../../../src/raw/index.ts'
import { asked, mapped } from './samples.ts'

const ORDERS = `Order ID,Customer ID,Session ID,Created At,Total
1001,k1,s1,2025-06-01 10:00:00,10.50
1002,k2,s2,2025-06-13 11:00:00,20.00
`

describe('files as Sources describes them', () => {
  test.each(Object.values(allRawTables))('$name: nothing to declare', ({ name, columns }) => {
    const result = mapped({ [`${name}.csv`]: `${Object.keys(columns).join(',')}\n` })
    expect(result.files[0]?.found.match?.table.name).toBe(name)
    expect([result.settings, asked(result)]).toEqual([{}, []])
  })

  test.each(Object.values(allRawTables))(
    '$name is told by its columns under any name of a file',
    ({ name, columns }) => {
      const { settings } = mapped({ 'export.csv': `${Object.keys(columns).reverse().join(',')}\n` })
      expect(settings).toEqual({ rawTables: { [name]: { files: 'export.csv' } } })
    },
  )
})

describe('columns under other names', () => {
  test('by what other systems call them', () => {
    const { settings } = mapped({ 'orders.csv': ORDERS })
    expect(settings.rawTables).toEqual({
      order_table: {
        files: 'orders.csv',
        columns: {
          order_id: 'Order ID',
          user_id: 'Customer ID',
          session_id: 'Session ID',
          time: 'Created At',
          total_price: 'Total',
        },
      },
    })
  })

  test('in German, with semicolons, decimal commas, Windows-1252, a title and days first', () => {
    const text = `Bestellungen M\xe4rz;;;;\nBestellnummer;Kundennummer;session_id;Bestelldatum;Gesamt (EUR)
1;k\xe4the;s1;31.03.2025 10:00;1.204,50 \x80
2;j\xfcrgen;s2;01.04.2025 11:00;12,50 \x80\n`
    const result = mapped({ 'order_table.csv': Buffer.from(text, 'latin1') })
    expect(result.settings.rawTables).toEqual({
      order_table: {
        delimiter: ';',
        encoding: 'windows-1252',
        skipLines: 1,
        timeFormats: ['dd.MM.yyyy HH:mm'],
        decimal: ',',
        thousands: '.',
        columns: {
          order_id: 'Bestellnummer',
          user_id: 'Kundennummer',
          time: 'Bestelldatum',
          total_price: { column: 'Gesamt (EUR)', currencySigns: ['€'] },
        },
      },
    })
    expect(result.files[0]?.found.proposal?.columns.map(({ cells, fits }) => [cells, fits])).toEqual(
      Array.from({ length: 5 }, () => [2, 2]),
    )
    expect(asked(result)).toEqual([expect.stringContaining('windows-1252 is likely')])
  })

  test('flags in words, per cent signs and whole URLs', () => {
    const users = mapped({ 'user_table.csv': 'user_id,has_purchase_last_year\nu1,yes\nu2,no\n' })
    expect(users.settings.rawTables?.user_table?.columns).toEqual({
      has_purchase_last_year: { column: 'has_purchase_last_year', values: { yes: '1', no: '0' } },
    })
    const scrolls = mapped({
      'scroll_table.csv': 'event_id,time,scroll_percent,path\ne1,2025-01-13,25%,https://a.example/b?c=d\n',
    })
    expect(scrolls.settings.rawTables?.scroll_table?.columns).toEqual({
      scroll_percent: { column: 'scroll_percent', trimSuffix: '%' },
      path: { column: 'path', url: 'path' },
    })
  })
})

describe('what cannot be known is left out and asked', () => {
  test('which of two ids', () => {
    const result = mapped({
      'orders.csv': ORDERS.replace('Order ID', 'Order Number,Order ID').replaceAll('\n100', '\n#1,100'),
    })
    expect(result.settings.rawTables?.order_table?.columns).not.toHaveProperty('order_id')
    expect(asked(result)).toEqual([
      'order_table: order_id: which of Order Number, Order ID is meant? Left out until you say rawTables: { order_table: { columns: { order_id: Order Number } } }',
    ])
  })

  test('two columns that hold the same are one', () => {
    const result = mapped({
      'orders.csv': ORDERS.replace('Order ID', 'Order Number,Order ID').replace(/^(\d+),/gm, '$1,$1,'),
    })
    expect(asked(result)).toEqual([])
    expect(result.settings.rawTables?.order_table?.columns).toMatchObject({ order_id: 'Order Number' })
  })

  test('the total with or without tax', () => {
    const result = mapped({
      'orders.csv': ORDERS.replace('Total', 'Total excl. tax,Total incl. tax')
        .replaceAll('.50', '.50,12.50')
        .replaceAll('.00\n', '.00,23.80\n'),
    })
    expect(result.settings.rawTables?.order_table?.columns).not.toHaveProperty('total_price')
    expect(asked(result)[0]).toContain('total_price: which of Total excl. tax, Total incl. tax is meant?')
  })

  test('a name that may mean many things', () => {
    const result = mapped({ 'orders.csv': ORDERS.replace('Customer ID', 'Email') })
    expect(result.settings.rawTables?.order_table?.columns).not.toHaveProperty('user_id')
    expect(asked(result)[0]).toContain('user_id: is it Email? The name alone does not say so')
  })

  test('the day or the month first', () => {
    const result = mapped({
      'orders.csv': ORDERS.replace('2025-06-01', '01/06/2025').replace('2025-06-13', '07/06/2025'),
    })
    expect(result.settings.rawTables?.order_table).not.toHaveProperty('timeFormats')
    expect(asked(result)[0]).toContain('All of these fit: dd/MM/yyyy HH:mm:ss, MM/dd/yyyy HH:mm:ss')
  })

  test('a point before three digits', () => {
    const result = mapped({ 'orders.csv': ORDERS.replace('10.50', '1.204').replace('20.00', '2.500') })
    expect(result.settings.rawTables?.order_table).not.toHaveProperty('thousands')
    expect(asked(result)[0]).toContain("total_price (Total): cells like '9.999' may be two numbers")
  })

  test('cents, several currencies, a column that the shop may not have', () => {
    const cents = ORDERS.replace('10.50', '1050')
      .replace('20.00', '2000')
      .replace(',Session ID', ',Currency')
      .replace('s1', 'EUR')
      .replace('s2', 'SEK')
    const texts = asked(mapped({ 'orders.csv': cents })).join('\n')
    expect(texts).toContain(
      "If they are cents: rawTables: { order_table: { columns: { total_price: { column: Total, scale: '0.01' } } } }",
    )
    expect(texts).toContain("currency: { column: Currency, rates: { EUR: '1', SEK: '…' } }")
    expect(texts).toContain("columns: { session_id: { constant: '' } }, optional: [session_id]")
  })

  test('the zone of times', () => {
    const zones = (time: string) =>
      mapped({ 'orders.csv': ORDERS.replace(/2025-06-\d+ \d+:00:00/g, time) }).questions.map(
        ({ text }) => text,
      )
    expect(zones('2025-06-01 10:00:00')).toEqual([
      expect.stringContaining('times without an offset (order_table)'),
    ])
    expect(zones('1748772000')).toEqual([expect.stringContaining('times of order_table are instants')])
  })

  test('lines without an id of their own', () => {
    const lines = 'Order ID,Date,Product,Price,Quantity\n1,2025-06-13,Tea,5.00,1\n1,2025-06-13,Cup,7.00,2\n'
    expect(asked(mapped({ 'lines.csv': lines }))[0]).toContain(
      'carryDown: { key: Order ID, columns: [] }, columns: { event_id: { template: "{Order ID}#{row}" } }',
    )
  })

  test('files of a shop database: the names of files and of their keys help', () => {
    const result = mapped({
      'orders.csv':
        'order_id,created_at,website_session_id,user_id,price_usd\n1,2012-03-19 10:42:46,20,20,49.99\n',
      'order_items.csv':
        'order_item_id,created_at,order_id,product_id,price_usd\n1,2012-03-19 10:42:46,1,1,49.99\n',
      'pageviews.csv':
        'website_pageview_id,created_at,website_session_id,pageview_url\n7,2012-03-19 08:04:16,1,/home\n',
    })
    expect(result.settings.rawTables).toEqual({
      order_table: { files: 'orders.csv', columns: { session_id: 'website_session_id', time: 'created_at' } },
      order_line_item_table: {
        files: 'order_items.csv',
        columns: { event_id: 'order_item_id', time: 'created_at', product_price: 'price_usd' },
      },
      pageview_table: {
        files: 'pageviews.csv',
        columns: {
          event_id: 'website_pageview_id',
          session_id: 'website_session_id',
          time: 'created_at',
          path: 'pageview_url',
        },
      },
    })
    const texts = asked(result).join('\n')
    expect(texts).toContain('total_price: is it price_usd?')
    expect(texts).toContain('product_name: is it product_id?')
    expect(texts).toContain("columns: { product_qty: { constant: '1' } }")
  })

  test('a file of orders and their lines', () => {
    const header =
      'Order ID,Customer ID,Session ID,Created At,Total,Shipping,Discount,Line ID,Item name,Item price,Item quantity'
    const result = mapped({
      'sales.csv': `${header}\n1,k,s,2025-06-13,12.00,0,0,a,Tea,5.00,1\n1,k,s,2025-06-13,12.00,0,0,b,Cup,7.00,1\n`,
    })
    expect(asked(result).join('\n')).toMatch(
      /order_(line_item_)?table: sales\.csv holds what it needs, beside order_(line_item_)?table/,
    )
  })
})

describe('several files', () => {
  const other = ORDERS.replaceAll('100', '200').replace('10.50', '11')

  test('of one table are a glob, and are looked at together', () => {
    const { settings } = mapped({
      'web/orders_2024.csv': other,
      'web/orders_2025.csv': ORDERS,
      'web/users.csv': 'user_id\n1\n',
    })
    expect(settings.rawTables?.order_table?.files).toBe('web/orders_*.csv')
  })

  test('whose names have nothing in common are a list, in which signs of globs stand for themselves', () => {
    const { settings } = mapped({ 'a [1].csv': other, 'b.csv': ORDERS })
    expect(settings.rawTables?.order_table?.files).toEqual(['a ?1?.csv', 'b.csv'])
  })

  test('that are not written alike are no table', () => {
    const result = mapped({ 'orders_1.csv': ORDERS, 'orders_2.csv': other.replaceAll(',', ';') })
    expect(result.settings).toEqual({})
    expect(asked(result)).toEqual([
      expect.stringContaining('orders_1.csv, orders_2.csv) are not written alike'),
    ])
  })
})

describe('files that are no tables', () => {
  test.each([
    ['empty', '', 'it is empty'],
    ['blank lines', '\n\n', 'it is empty'],
    ['binary', Buffer.of(1, 2, 0, 3, 0, 255), 'NUL bytes'],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004…'), 'a spreadsheet (.xlsx)'],
    ['UTF-16 without a mark', Buffer.from('order_id,time\n', 'utf16le'), 'iconv -f UTF-16LE'],
    ['rows without a header', '17,k1,2025-06-01,10.50\n18,k2,2025-06-02,11.50\n', 'no header'],
  ])('%s', (_, content, fault) => {
    const { files, settings } = mapped({ 'export.csv': content })
    expect(files[0]?.found.fault).toContain(fault)
    expect(settings).toEqual({})
  })

  test('one line, and a header that means nothing', () => {
    for (const text of ['hello', 'alpha,beta\n1,2\n'])
      expect(mapped({ 'export.csv': text }).files[0]?.found).toMatchObject({
        fault: undefined,
        match: undefined,
      })
  })
})

test('no cell is in what is found but in examples', () => {
  const { files: _, ...result } = mapped({ 'orders.csv': ORDERS.replace('k1', 'secret@shop.example') })
  expect(JSON.stringify(result)).not.toContain('secret')
})
