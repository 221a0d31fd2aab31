import { describe, expect, test } from 'vitest'
import { column, rawColumn } from '../../src/custom/columns.ts'
import { type GivenExtensions, readExtensions } from '../../src/custom/declare.ts'
import { defaultRules, rulesSchema } from '../../src/rules/rules.ts'

const table = {
  name: 'orders_daily',
  grain: 'one row per day',
  key: ['date'],
  order: [{ column: 'date' }],
  needs: { order_table: ['time', 'total_price'] },
  columns: { date: column.date('day'), revenue: column.money('revenue') },
  aggregate: () => [],
}
const metric = {
  table: 'daily_business_metrics',
  name: 'tax',
  column: column.money('tax'),
  needs: { order_table: ['time'] },
  compute: () => () => 0,
}

const problemsOf = (given: GivenExtensions, rules = defaultRules) =>
  readExtensions(given, rules).problems.map(({ path, message }) => `${path.join('.')}: ${message}`)

test('what is right has no problems, and is handed on in its order', () => {
  const second = { ...table, name: 'orders_weekly' }
  const { extensions, problems } = readExtensions(
    {
      tables: [table, second],
      metrics: [metric],
      extraColumns: { user_table: { vip: rawColumn.optional('flag', 'vip') } },
    },
    defaultRules,
  )
  expect(problems).toEqual([])
  expect(extensions.tables.map(({ name }) => name)).toEqual(['orders_daily', 'orders_weekly'])
  expect(extensions.metrics.map(({ name }) => name)).toEqual(['tax'])
  expect(extensions.extraColumns).toEqual({
    user_table: { vip: { kind: 'flag', required: false, meaning: 'vip' } },
  })
})

test('nothing declared, nothing wrong', () => {
  expect(readExtensions({}, defaultRules)).toEqual({
    extensions: { extraColumns: {}, metrics: [], tables: [] },
    problems: [],
  })
})

describe('tables', () => {
  test.each([
    [
      'a name of the seven',
      { name: 'session_funnel' },
      'tables.0.name: there is a table session_funnel already',
    ],
    ['a name of a raw table', { name: 'order_table' }, 'tables.0.name: there is a table order_table already'],
    ['a name that is no file stem', { name: '../x' }, 'tables.0.name: must be in lower case'],
    [
      'a key without a column',
      { key: ['day'] },
      'tables.0.key.0: there is no column day; its columns are date, revenue',
    ],
    [
      'an order without a column',
      { order: [{ column: 'date' }, { column: 'x' }] },
      'tables.0.order.1.column: there is no column x',
    ],
    [
      'an order that leaves ties',
      { order: [{ column: 'revenue' }] },
      'tables.0.order: must hold the whole key, or rows could change places; add date',
    ],
    [
      'money as key',
      { key: ['date', 'revenue'], order: [{ column: 'date' }, { column: 'revenue' }] },
      'tables.0.key.1: revenue is of kind money, which can be no key',
    ],
    [
      'an unknown raw column',
      { needs: { order_table: ['cost'] } },
      'tables.0.needs.order_table.0: order_table has no column cost; if the export has it, declare it in extraColumns',
    ],
    ['an unknown raw table', { needs: { orders: ['x'] } }, 'tables.0.needs: Unrecognized key'],
    ['no columns', { columns: {} }, 'tables.0.columns: must have a column'],
    [
      'an unknown kind',
      { columns: { date: { kind: 'day', meaning: 'x' } } },
      'tables.0.columns.date.kind: Invalid option',
    ],
    ['no function', { aggregate: 'x' }, 'tables.0.aggregate: must be a function'],
    ['a misspelt field', { agregate: () => [] }, 'tables.0: Unrecognized key'],
  ])('%s', (_, change, expected) => {
    const found = problemsOf({ tables: [{ ...table, ...change }] })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })

  test('two of one name', () => {
    expect(problemsOf({ tables: [table, table] })).toEqual([
      'tables.1.name: there is a table orders_daily already',
    ])
  })

  test('what is wrong in one place does not hide what is wrong in another', () => {
    const found = problemsOf({
      tables: [{ ...table, name: 'X', key: ['day'], needs: { order_table: ['cost'] }, more: 1 }, 'no table'],
    })
    expect(found.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'tables.0',
      'tables.0.key.0',
      'tables.0.name',
      'tables.0.needs.order_table.0',
      'tables.1',
    ])
  })
})

describe('metrics', () => {
  test.each([
    ['an unknown table', { table: 'daily' }, 'metrics.0.table: Invalid option'],
    [
      'a column that is there',
      { name: 'total_revenue' },
      'metrics.0.name: daily_business_metrics has a column total_revenue already',
    ],
    ['no function', { compute: 5 }, 'metrics.0.compute: must be a function'],
    [
      'an unknown raw column',
      { needs: { user_table: ['age'] } },
      'metrics.0.needs.user_table.0: user_table has no column age',
    ],
  ])('%s', (_, change, expected) => {
    const found = problemsOf({ metrics: [{ ...metric, ...change }] })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })

  test('two of one name in one table, but not in two tables', () => {
    expect(problemsOf({ metrics: [metric, { ...metric, table: 'session_funnel' }, metric] })).toEqual([
      'metrics.2.name: daily_business_metrics has a column tax already',
    ])
  })

  test('a column that follows from the rules is there, too', () => {
    const rules = rulesSchema.parse({ funnel: { steps: { wishlist: ['/wish'] } } })
    const own = { ...metric, table: 'session_funnel', name: 'had_wishlist' }
    expect(problemsOf({ metrics: [own] }, rules)).toEqual([
      'metrics.0.name: session_funnel has a column had_wishlist already',
    ])
    expect(problemsOf({ metrics: [own] })).toEqual([])
  })
})

describe('extra columns', () => {
  const cost = { order_line_item_table: { product_cost: rawColumn.optional('money', 'cost') } }

  test('a table may need one that stands anywhere in the settings', () => {
    const needs = { order_line_item_table: ['product_cost'] }
    expect(problemsOf({ tables: [{ ...table, needs }], extraColumns: cost })).toEqual([])
    expect(problemsOf({ tables: [{ ...table, needs, extraColumns: cost }] })).toEqual([])
    expect(
      problemsOf({ tables: [{ ...table, needs }], metrics: [{ ...metric, extraColumns: cost }] }),
    ).toEqual([])
  })

  test('declared twice alike is fine, differently is not', () => {
    expect(problemsOf({ extraColumns: cost, metrics: [{ ...metric, extraColumns: cost }] })).toEqual([])
    const other = { order_line_item_table: { product_cost: rawColumn.required('money', 'cost') } }
    expect(problemsOf({ extraColumns: cost, metrics: [{ ...metric, extraColumns: other }] })).toEqual([
      'metrics.0.extraColumns.order_line_item_table.product_cost: it is declared twice: as optional money and as required money',
    ])
  })

  test('a column that the contract has, an unknown table, an unknown kind', () => {
    expect(problemsOf({ extraColumns: { order_table: { time: rawColumn.optional('text', 'x') } } })).toEqual([
      'extraColumns.order_table.time: order_table has this column already; remove it here',
    ])
    expect(problemsOf({ extraColumns: { orders: {} } })).toHaveLength(1)
    expect(
      problemsOf({ extraColumns: { order_table: { x: { kind: 'number', meaning: 'x' } } } }),
    ).toHaveLength(1)
  })

  test.each(['rowCount', 'columns', 'rows', 'find'])(
    '%s is what own code calls a raw table by, and so no name of a column',
    (name) => {
      const extraColumns = {
        order_table: { [name]: rawColumn.optional('text', 'x'), tax: rawColumn.optional('money', 'tax') },
      }
      const needs = { order_table: [name, 'tax'] }
      const inSettings = readExtensions(
        { extraColumns, tables: [{ ...table, needs }] },
        defaultRules,
      ).problems
      expect(inSettings).toMatchObject([
        { path: ['extraColumns', 'order_table', name], allowed: expect.stringContaining('any other name') },
      ])
      expect(inSettings[0]!.message).toContain('allowed is any other name than rowCount, columns, rows, find')
      expect(problemsOf({ metrics: [{ ...metric, extraColumns, needs }] })).toHaveLength(1)
      expect(problemsOf({ tables: [{ ...table, extraColumns, needs }] })).toHaveLength(1)
    },
  )

  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
    '%s, which every object knows, is a name like any other',
    (name) => {
      const one = rawColumn.optional('text', 'x')
      const extraColumns = { order_table: { tax: rawColumn.optional('money', 'tax'), [name]: one } }
      const needs = { order_table: [name] }
      expect(problemsOf({ extraColumns, tables: [{ ...table, needs }] })).toEqual([])
      expect(problemsOf({ tables: [{ ...table, needs }] })).toHaveLength(1)
    },
  )

  test('kind and meaning are enough, as in JSON or YAML', () => {
    const given = { extraColumns: { order_table: { tax: { kind: 'money', meaning: 'tax' } } } }
    expect(readExtensions(given, defaultRules).extensions.extraColumns).toEqual({
      order_table: { tax: { kind: 'money', meaning: 'tax', required: false } },
    })
  })
})

describe('keys of raw tables', () => {
  const keyed = (key: string[]) => rulesSchema.parse({ rawTables: { click_table: { key } } })

  test('may hold declared columns and extra ones', () => {
    const extraColumns = { click_table: { button: rawColumn.optional('text', 'which button') } }
    expect(problemsOf({ extraColumns }, keyed(['event_id', 'button']))).toEqual([])
  })

  test('hold no column that nobody declared', () => {
    const [problem, ...others] = problemsOf({}, keyed(['event_id', 'button']))
    expect(problem).toContain('rawTables.click_table.key.1: click_table has no column button')
    expect(problem).toContain('declare it in extraColumns')
    expect(others).toEqual([])
  })
})
