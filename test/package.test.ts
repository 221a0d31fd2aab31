import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fixtures } from './support/workspace.ts'

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'ecomagg-package-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  type: z.literal('module'),
  types: z.string(),
  engines: z.object({ node: z.string() }),
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string(), default: z.string() })])),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  scripts: z.record(z.string(), z.string()),
})
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const lockSchema = z.object({
  name: z.string(),
  version: z.string(),
  lockfileVersion: z.number(),
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      devDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})

const packedSchema = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
)

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--no-audit', '--no-fund', '--no-update-notifier'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
}

describe('package.json', () => {
  test('leads to files that the build makes', () => {
    const entry = manifest.exports['.']
    if (typeof entry !== 'object') throw new Error('the entry has no types')
    const targets = [...Object.values(manifest.bin), manifest.types, entry.types, entry.default]
    for (const target of targets) {
      expect(target).toMatch(/^(\.\/)?dist\//)
      expect(existsSync(join(root, target)), target).toBe(true)
    }
    expect(entry.types).toBe(manifest.types)
    expect(manifest.exports['./package.json']).toBe('./package.json')
    expect(Object.keys(manifest.bin)).toEqual(['ecomagg'])
  })

  test('the command starts with a line that finds node', () => {
    expect(readFileSync(join(root, manifest.bin.ecomagg!), 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
  })

  test('names the Node it needs, and its licence', () => {
    expect(manifest.engines.node).toBe('>=20.19')
    expect(manifest.license).toBe('MIT')
  })

  test('what it needs to run is no development dependency, and the other way round', () => {
    const development = Object.keys(manifest.devDependencies)
    expect(Object.keys(manifest.dependencies).filter((name) => development.includes(name))).toEqual([])
    expect(manifest.dependencies).not.toHaveProperty('vitest')
    expect(manifest.dependencies).not.toHaveProperty('typescript')
  })

  test('scripts work without a shell of one kind', () => {
    for (const [name, script] of Object.entries(manifest.scripts))
      expect(script, name).not.toMatch(/[;$|<>*`']|\brm\b|\bcp\b/)
  })

  test('the built types name every public export', () => {
    const types = readFileSync(join(root, manifest.types), 'utf8')
    for (const name of [
      'runOnce',
      'GivenOptions',
      'RunOptions',
      'RunRecord',
      'recordSchema',
      'rulesSchema',
      'KnownError',
      'listRuns',
      'defineConfig',
      'Config',
    ]) {
      expect(types).toContain(name)
    }
  })
})

describe('the lockfile', () => {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const entries = Object.entries(lock.packages).filter(([path]) => path !== '')

  test('is in step with package.json', () => {
    const own = lock.packages['']!
    expect([lock.name, lock.version]).toEqual([manifest.name, manifest.version])
    expect(own.dependencies).toEqual(manifest.dependencies)
    expect(own.devDependencies).toEqual(manifest.devDependencies)
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBeDefined()
    }
  })

  test('names no registry host, so that any mirror serves it', () => {
    expect(entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
  })

  test('holds the hash of every package', () => {
    const without = entries.filter(
      ([, { integrity, link }]) => link !== true && !/^sha512-/.test(integrity ?? ''),
    )
    expect(without.map(([path]) => path)).toEqual([])
  })
})

describe('the packed package', () => {
  let files: string[]
  let tarball: string
  const shop = join(folder, 'shop')

  beforeAll(() => {
    // Not built again: other tests run the same build at this moment.
    const packed = packedSchema.parse(
      JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)),
    )
    files = packed[0]!.files.map(({ path }) => path)
    tarball = join(folder, packed[0]!.filename)
  })

  test('holds the build, the docs, README, LICENSE and CHANGELOG', () => {
    const wanted = [
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'docs/data-dictionary.md',
      'docs/ecomagg.config.schema.json',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
    ]
    expect(wanted.filter((file) => !files.includes(file))).toEqual([])
  })

  test('holds nothing else', () => {
    const known = /^(dist\/.+\.(js|d\.ts|js\.map)|docs\/.+|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/
    expect(files.filter((file) => !known.test(file))).toEqual([])
    expect(files.filter((file) => /^(test|fixtures|raw_data|aggregated_data|logs)\b\//.test(file))).toEqual(
      [],
    )
  })

  test('is some twenty files beside the docs: the program, the library and its types as one file each', () => {
    const built = files.filter((file) => file.startsWith('dist/'))
    expect(built.length).toBeLessThan(32)
    expect(built.filter((file) => file.endsWith('.d.ts'))).toEqual(['dist/index.d.ts'])
    // The bundler names the parts of the program by a hash; each build removes those of the one before.
    const isPart = (file: string) => /^dist\/[a-z-]+-[A-Z0-9]{8}\.js$/.test(file)
    const entries = [
      'cli/main.js',
      'cli/start.js',
      'index.d.ts',
      'index.js',
      'load-worker.js',
      'write-worker.js',
    ]
    expect(built.filter((file) => !isPart(file)).sort()).toEqual(entries.map((file) => `dist/${file}`))
  })

  test('installs elsewhere, and works as a command and as a library', () => {
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'shop', private: true, type: 'module' }),
    )
    npm(['install', '--prefer-offline', '--omit=dev', tarball], folder)
    const version = npm(['exec', '--no', '--', 'ecomagg', '--version'], folder)
    expect(version.trim().split('\n').at(-1)).toBe(manifest.version)
    writeFileSync(join(folder, 'use.js'), USE)
    const input = join(fixtures, 'cases/one_day_one_order/raw_data')
    const said = execFileSync(process.execPath, ['use.js', input, shop], { cwd: folder, encoding: 'utf8' })
    expect(JSON.parse(said)).toEqual({ status: 'published', orders: '1', tables: 7, code: 'missing_folder' })
    expect(existsSync(join(shop, 'aggregated_data/daily_business_metrics.csv'))).toBe(true)
    const settings = "import { defineConfig } from 'ecomagg'\nexport default defineConfig({ keepRuns: 7 })\n"
    writeFileSync(join(folder, 'ecomagg.config.ts'), settings)
    const config = execFileSync(process.execPath, ['node_modules/ecomagg/dist/cli/main.js', 'config'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(config).toMatch(/^keepRuns +7 +ecomagg\.config\.ts$/m)
    // Its types are whole where nothing but the package and its dependencies is installed.
    writeFileSync(join(folder, 'use.ts'), TYPED_USE)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2023,dom',
      '--types',
      '',
    ]
    execFileSync(process.execPath, [tsc, ...options, 'use.ts'], { cwd: folder, stdio: 'pipe' })
  })
})

const TYPED_USE = `
import {
  column, dateOf, defineConfig, defineMetric, defineTable, groupBy, percentOf, rawColumn, sum,
  type Config, type Rules, type RunOptions, type RunRecord, runOnce, rulesSchema,
} from 'ecomagg'
export const config: Config = defineConfig({ timezone: 'Europe/Berlin', funnel: { productView: [{ glob: '/p/*' }] } })
// @ts-expect-error: an unknown setting
defineConfig({ timezome: 'UTC' })
// @ts-expect-error: an unknown value
defineConfig({ totalPrice: 'payd' })
const rules: Rules = rulesSchema.parse({ timezone: 'Europe/Berlin' })
export async function revenue(options: RunOptions): Promise<string | undefined> {
  const record: RunRecord = (await runOnce({ ...options, rules })).record
  return record.totals?.revenue
}
export const hourly = defineTable({
  name: 'costs_daily',
  grain: 'one row per day',
  key: ['date'],
  order: [{ column: 'date' }],
  extraColumns: { order_line_item_table: { product_cost: rawColumn.optional('money', 'cost') } },
  needs: { order_line_item_table: ['time', 'product_cost'], session_table: ['session_id', 'device_type'] },
  columns: { date: column.date('day'), cost: column.money('cost') },
  aggregate({ order_line_item_table, session_table }) {
    const device: string | null | undefined = session_table.find('s')?.device_type
    if (device === 'x') return []
    return groupBy(order_line_item_table.rows(), (line) => ({ date: dateOf(line.time) }), {
      cost: sum((line) => line.product_cost),
    })
  },
})
export const share = defineMetric({
  table: 'daily_business_metrics',
  name: 'share',
  column: column.ratio('%', 'share'),
  needs: {},
  compute: () => (row) => percentOf(row.total_discount, row.gross_sales),
})
export default defineConfig({ timezone: 'Europe/Berlin', tables: [hourly], metrics: [share] })
// @ts-expect-error: a setting that does not exist
export const misspelt = defineConfig({ timezome: 'UTC' })
export const unneeded = defineMetric({
  table: 'session_funnel',
  name: 'x',
  column: column.count('x'),
  needs: { session_table: ['time'] },
  compute({ session_table }) {
    // @ts-expect-error: a column that is not among the needs
    for (const session of session_table.rows()) session.country
    return () => 1
  },
})
// @ts-expect-error: an unknown field
export const wrong = (record: RunRecord) => record.revenues
`

/** A script as a user would write it, with nothing but the public names. */
const USE = `
import { aggregateTables, defaultRules, KnownError, recordSchema, runOnce } from 'ecomagg'
import manifest from 'ecomagg/package.json' with { type: 'json' }
const [inputFolder, shop] = process.argv.slice(2)
const options = {
  settings: { paths: { input: inputFolder, output: shop + '/aggregated_data', logs: shop + '/logs' } },
  rules: defaultRules,
}
const { record } = await runOnce(options)
recordSchema.parse(record)
if (record.version !== manifest.version) throw new Error('another version')
const { error } = await runOnce({ ...options, inputFolder: shop + '/nowhere' })
if (!(error instanceof KnownError)) throw error
const { status, totals } = record
console.log(JSON.stringify({ status, orders: totals.orders, tables: aggregateTables.length, code: error.code }))
`
