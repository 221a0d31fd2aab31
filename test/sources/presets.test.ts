import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { completeOptions } from '../../src/config/complete-options.ts'
import { settingsSchema } from '../../src/config/schema/settings.ts'
import { allRawTables } from '../../src/raw/index.ts'
import { PRESET_NAMES } from '../../src/rules/sources/preset-names.ts'
import { expandPresets } from '../../src/sources/presets/expand.ts'
import { presets, presetsFor } from '../../src/sources/presets/index.ts'
import { tablesOf } from '../../src/sources/presets/preset.ts'
import { SettingsFolder } from '../support/settings-folder.ts'
import { checkExport } from '../support/worked-exports.ts'
import { fixtures, root, takingTurns, Workspace } from '../support/workspace.ts'

/** What is read of a run record here. */
const recordSchema = z.object({
  options: z.object({
    rules: z.object({ rawTables: z.object({ order_table: z.object({ columns: z.unknown() }) }) }),
  }),
})

const cases = join(fixtures, 'sources')
const turn = takingTurns(2)

describe.concurrent('exports in the form of each system, by its preset', () => {
  for (const name of readdirSync(cases)) test(name, () => turn(() => checkExport(join(cases, name))))
})

test('a preset and its settings written out give the same bytes, and the record holds the mapping', async () => {
  const written = { ...presets[0]!.tables }
  const named = Object.fromEntries(
    tablesOf(presets[0]!).map((table) => [table, { preset: 'shopify_orders' }]),
  )
  const results = []
  for (const rawTables of [named, written]) {
    const shop = new Workspace({ inProcess: true })
    try {
      shop.copyFrom(join(cases, 'shopify_orders/raw_data'))
      writeFileSync(
        join(shop.folder, 'ecomagg.config.json'),
        JSON.stringify({ allowMissing: true, rawTables }),
      )
      const { exit, stdout } = await shop.ecomagg(['process', '--json'])
      expect(exit).toBe(0)
      const { options } = recordSchema.parse(JSON.parse(stdout))
      const tables = readdirSync(shop.output).filter((name) => name.endsWith('.csv'))
      results.push({
        mapping: options.rules.rawTables.order_table.columns,
        tables: tables.map((name) => readFileSync(join(shop.output, name), 'utf8')),
      })
    } finally {
      shop.dispose()
    }
  }
  expect(results[0]!.tables).toHaveLength(7)
  expect(results[0]!.mapping).toMatchObject({ order_id: 'Name' })
  expect(results[0]).toEqual(results[1])
})

describe('the list of presets', () => {
  test('is that of the settings, of the rooms, the fixtures and the pages', () => {
    const names = presets.map(({ name }) => name)
    expect(names).toEqual([...PRESET_NAMES])
    const stems = (folder: string, ending: string) =>
      readdirSync(join(root, folder))
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, file.length - ending.length))
    expect(stems('fixtures/sources', '')).toEqual([...names].sort())
    expect(stems('docs/sources', '.md')).toEqual([...names].sort())
    for (const name of names)
      expect(existsSync(join(root, `src/sources/presets/${name}.ts`)), name).toBe(true)
  })

  test('each page names its preset and the tables that it fills', () => {
    for (const preset of presets) {
      const page = readFileSync(join(root, `docs/sources/${preset.name}.md`), 'utf8')
      expect(page).toContain(`preset: ${preset.name}`)
      for (const table of tablesOf(preset)) expect(page, preset.name).toContain(table)
    }
  })
})

describe.each(presets)('the preset $name', (preset) => {
  const by = (settings: (table: string) => unknown) =>
    Object.fromEntries(tablesOf(preset).map((table) => [table, settings(table)]))

  test('says the same as its settings written out by hand', () => {
    const written = { rawTables: JSON.parse(JSON.stringify(preset.tables)) }
    const { given, problems } = expandPresets({ rawTables: by(() => ({ preset: preset.name })) })
    expect(problems).toEqual([])
    const named = settingsSchema.parse(given).rawTables
    const full = settingsSchema.parse(written).rawTables
    for (const table of tablesOf(preset)) {
      const { preset: name, ...settings } = named[table]
      expect(name).toBe(preset.name)
      expect(settings).toEqual(full[table])
    }
  })

  test('maps only columns that its tables have', () => {
    for (const table of tablesOf(preset)) {
      const columns = Object.keys(preset.tables[table]?.columns ?? {})
      expect(Object.keys(allRawTables[table].columns)).toEqual(expect.arrayContaining(columns))
    }
  })

  test('and the filters that init writes are accepted', () => {
    const columns = (preset.filters ?? []).map(({ filter }) => filter)
    expect(settingsSchema.safeParse({ filters: { columns } }).success).toBe(true)
  })
})

describe('what the shop writes beside a preset', () => {
  const order_table = (own: object) => {
    const { given } = expandPresets({ rawTables: { order_table: { preset: 'shopify_orders', ...own } } })
    return settingsSchema.parse(given).rawTables.order_table
  }

  test('wins, key by key', () => {
    const { files, where, keep } = order_table({ files: 'o.csv', keep: 'first' })
    expect([files, where, keep]).toEqual(['o.csv', [{ column: 'Total', not: '' }], 'first'])
  })

  test('wins within columns target by target', () => {
    const { columns } = order_table({ columns: { order_id: 'Id', user_id: { constant: '' } } })
    expect(columns).toMatchObject({ order_id: 'Id', user_id: { constant: '' }, time: 'Created at' })
  })

  test('is not there if it is undefined', () => {
    const { files, columns } = order_table({ files: undefined, columns: { time: undefined } })
    expect([files, columns?.time]).toEqual([['orders_export*.csv', 'orders_export*.csv.gz'], 'Created at'])
  })
})

describe('a preset that cannot be used', () => {
  test('fills other tables: the message says which, and which presets fill this one', () => {
    const { problems } = expandPresets({ rawTables: { pageview_table: { preset: 'shopify_orders' } } })
    expect(problems).toEqual([
      {
        path: ['rawTables', 'pageview_table', 'preset'],
        message:
          'shopify_orders does not fill pageview_table, but user_table, order_table, order_line_item_table; those that do: matomo, ga4_bigquery',
        found: 'shopify_orders',
        allowed: 'matomo, ga4_bigquery',
      },
    ])
    expect(presetsFor('refund_table')).toEqual([])
    const none = expandPresets({ rawTables: { refund_table: { preset: 'matomo' } } }).problems
    expect(none[0]?.message).toContain('no preset does')
  })

  test('is told with its line in the settings file', async () => {
    const shop = new SettingsFolder()
    try {
      shop.write(
        'ecomagg.config.yaml',
        'rawTables:\n  click_table:\n    preset: google_ads\n  order_table: { preset: shopify }\n',
      )
      const messages = (await shop.problems()).map(({ message }) => message)
      expect(messages[0]).toContain(
        'ecomagg.config.yaml, line 3: rawTables.click_table.preset: google_ads does not fill',
      )
      expect(messages[1]).toContain('ecomagg.config.yaml, line 4: rawTables.order_table.preset: must be')
    } finally {
      shop.dispose()
    }
  })

  test('is refused where a script gives it, too', async () => {
    const settings = { rawTables: { click_table: { preset: 'google_ads' } } } as const
    await expect(completeOptions({ settings })).rejects.toThrow(
      'rawTables.click_table.preset: google_ads does not fill click_table',
    )
  })

  test('is left to the schema if it is none', () => {
    for (const given of [{ rawTables: 5 }, { rawTables: { order_table: { preset: 'magento' } } }, {}])
      expect(expandPresets(given)).toEqual({ given, problems: [] })
  })
})
