import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pathText } from '../../../src/config/problems/problem.ts'
import { problemsOf } from '../../../src/config/problems/problem-texts.ts'
import { settingsSchema } from '../../../src/config/schema/settings.ts'
import { SettingsFolder } from '../../support/settings-folder.ts'

let shop: SettingsFolder
beforeEach(() => {
  shop = new SettingsFolder()
})
afterEach(() => shop.dispose())

/** The problems of settings, a line each. */
function problems(given: object): string[] {
  const { error } = settingsSchema.safeParse(given)
  return problemsOf(error?.issues ?? [], given, settingsSchema).map(
    ({ path, message }) => `${pathText(path)}: ${message}`,
  )
}

test.each<[object, string]>([
  [{ timezome: 'UTC' }, 'timezome: unknown setting; did you mean timezone?'],
  [{ time_zone: 'UTC' }, 'time_zone: unknown setting; did you mean timezone?'],
  [{ productView: [] }, 'productView: unknown setting; productView belongs to funnel'],
  [
    { funnel: { timezone: 'UTC' } },
    'funnel.timezone: unknown setting; timezone belongs to the top level, rawTables.user_table and others',
  ],
  [
    { funnel: { testUser: [] } },
    'funnel.testUser: unknown setting; did you mean testUsers, which belongs to filters?',
  ],
  [{ xyzzy: 1 }, 'xyzzy: unknown setting'],
  [
    { funnel: { productView: [{ regexp: 'x' }] } },
    'funnel.productView[0].regexp: unknown setting; did you mean regex?',
  ],
  [{ maxRejectRate: 5 }, 'maxRejectRate: must be at most 1, not 5'],
  [{ maxRejectRate: '5%' }, 'maxRejectRate: must be a number, not the text "5%"'],
  [{ keepRuns: 1.5 }, 'keepRuns: must be a whole number, not 1.5'],
  [{ keepRuns: 0 }, 'keepRuns: must be at least 1, not 0'],
  [{ keepRuns: 2_000_000 }, 'keepRuns: must be at most 1,000,000, not 2000000'],
  [{ strict: 'yes' }, 'strict: must be true or false, not the text "yes"'],
  [{ timezone: null }, 'timezone: must be a text, not null'],
  [{ timeFormats: 'dd-MM-yyyy' }, 'timeFormats: must be a list, not the text "dd-MM-yyyy"'],
  [{ funnel: ['/p/'] }, 'funnel: must be an object, not a list'],
  [{ funnel: { productView: [] } }, 'funnel.productView: must have at least 1 value, not 0'],
  [{ funnel: { productView: [''] } }, 'funnel.productView[0]: must not be empty'],
  [{ funnel: { productView: [7] } }, 'funnel.productView[0]: must be a text or an object, not 7'],
  [
    { funnel: { steps: { 'My Step': ['/x'] } } },
    'funnel.steps["My Step"]: a step is named in lower case, with letters, digits and _',
  ],
  [{ totalPrice: 'payd' }, 'totalPrice: must be "paid" or "gross", not the text "payd"; did you mean paid?'],
  [{ rfm: { recency: [1, 2, 3] } }, 'rfm.recency: must have at least 4 values, not 3'],
  [
    { rfm: { recency: [1, 2, 3, 3] } },
    'rfm.recency: must be rising: the limits for the scores 5, 4, 3 and 2',
  ],
  [{ rfm: { segments: [{ recency: [1] }] } }, 'rfm.segments[0].name: is missing; it must be a text'],
  [{ coupons: { 'A 1': { percent: 101 } } }, 'coupons["A 1"].percent: must be at most 100, not 101'],
  [{ since: '2025-02-30' }, "since: '2025-02-30' is not a date such as 2025-01-31"],
  [{ asOf: 'yesterday' }, "asOf: 'yesterday' is neither a date such as 2025-01-31 nor today"],
])('%j', (given, expected) => {
  expect(problems(given)).toEqual([expected])
})

describe('ten mistakes are told at once', () => {
  const TEN = {
    timezome: 'UTC',
    timezone: 'Berlin',
    maxRejectRate: 5,
    since: '2025-02-01',
    until: '2025-01-01',
    keepRuns: '90',
    funnel: { productViews: ['/p/'], productView: ['/p/', { regex: '((' }] },
    coupons: { SAVE: { percent: 10, amount: 2 } },
    rawTables: { user_table: { dedupe: false } },
    filters: { ips: ['10.0.0.300'] },
  }
  const WHERE = [
    'timezome',
    'timezone',
    'maxRejectRate',
    'since',
    'keepRuns',
    'funnel.productViews',
    'funnel.productView[1].regex',
    'coupons.SAVE',
    'rawTables.user_table.dedupe',
    'filters.ips[0]',
  ]
  const found = async () =>
    (await shop.problems()).map(({ failure, code, message, details }) => {
      expect([failure, code]).toEqual(['config', 'config_invalid'])
      const [, path] = /: ([^ ]+): /.exec(message)!
      return { path, line: details.line }
    })

  test('in TypeScript, without lines', async () => {
    shop.write('ecomagg.config.ts', `export default ${JSON.stringify(TEN)}`)
    const all = await found()
    expect(all.map(({ path }) => path).sort()).toEqual([...WHERE].sort())
    expect(new Set(all.map(({ line }) => line))).toEqual(new Set([undefined]))
  })

  test('in JSON, by their lines', async () => {
    const text = JSON.stringify(TEN, null, 2)
    shop.write('ecomagg.config.json', text)
    const lines = text.split('\n')
    const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1
    expect(await found()).toEqual(
      [
        ['timezome', '"timezome"'],
        ['timezone', '"timezone"'],
        ['maxRejectRate', '"maxRejectRate"'],
        ['since', '"since"'],
        ['keepRuns', '"keepRuns"'],
        ['funnel.productViews', '"productViews"'],
        ['funnel.productView[1].regex', '"regex"'],
        ['coupons.SAVE', '"SAVE"'],
        ['rawTables.user_table.dedupe', '"dedupe"'],
        ['filters.ips[0]', '10.0.0.300'],
      ].map(([path, part]) => ({ path, line: lineOf(part!) })),
    )
  })

  test('in YAML, by their lines', async () => {
    shop.write(
      'ecomagg.config.yaml',
      `# a comment
timezome: UTC
timezone: Berlin
maxRejectRate: 5
since: 2025-02-01
until: 2025-01-01
keepRuns: '90'

funnel:
  productViews: [/p/]
  productView:
    - /p/
    - regex: "(("
coupons: {SAVE: {percent: 10, amount: 2}}
rawTables:
  user_table:
    dedupe: no
filters:
  ips:
    - 10.0.0.300
`,
    )
    expect(await found()).toEqual(
      [2, 3, 4, 5, 7, 10, 13, 14, 17, 20].map((line, i) => ({ path: WHERE[i], line })),
    )
  })
})
