import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Workspace } from '../support/workspace.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** Sample data, the same for every test. */
const sample = new Workspace()
beforeAll(async () => {
  expect((await sample.ecomagg(['sample', '--sessions', '60', '--traps', '--quiet'])).exit).toBe(0)
})
afterAll(() => sample.dispose())

let shop: Workspace
beforeEach(() => {
  shop = new Workspace()
  shop.copyFrom(sample.input)
})
afterEach(() => shop.dispose())

const put = (name: string, text: string) => {
  const path = join(shop.folder, name)
  writeFileSync(path, text)
  return path
}

const TEN_MISTAKES = {
  timezome: 'UTC',
  timezone: 'Berlin',
  timeFormats: ['dd'],
  maxRejectRate: '1%',
  keepRuns: 0,
  strict: 'yes',
  timeOnPageCap: 1.5,
  totalPrice: 'net',
  since: 'tomorrow',
  productView: ['/p/'],
}

/** The bytes of the CSVs in a folder, by name. */
function csvs(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'))
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

function lastRecord(logs: string): { options: Record<string, unknown> } {
  const name = readdirSync(logs)
    .filter((one) => /^\d{6}-.*\d\.json$|^\d{6}-[^.]*\.json$/.test(one))
    .sort()
    .at(-1)!
  return JSON.parse(readFileSync(join(logs, name), 'utf8'))
}

describe('a run by a settings file', () => {
  test('publishes the same bytes as one by options, for every option that is a setting', async () => {
    const options = [
      ...['--since', '2025-03-05', '--until', '2025-03-28', '--as-of', '2025-04-01'],
      ...['--time-format', 'dd-MM-yyyy HH:mm', '--timezone', 'Europe/Berlin', '--product-view', '/products/'],
      ...['--checkout-view', '/checkout', '--max-reject-rate', '0.5', '--allow-missing'],
      ...['--no-escape-formulas', '--bom', '--show-values', '--keep-runs', '7'],
    ]
    shop.remove('click_table.csv')
    const byOptions = await shop.ecomagg(['process', ...options, '--output', 'by-options', '--log-dir', 'l1'])
    expect(byOptions.stderr).toBe('')
    const path = put(
      'ecomagg.config.yaml',
      `paths: {output: by-file, logs: l2}
since: 2025-03-05
until: 2025-03-28
asOf: 2025-04-01
timeFormats: [dd-MM-yyyy HH:mm]
timezone: Europe/Berlin
funnel: {productView: [/products/], checkoutView: [/checkout]}
maxRejectRate: 0.5
allowMissing: true
escapeFormulas: false
bom: true
showValues: true
keepRuns: 7
`,
    )
    const byFile = await shop.ecomagg(['process'])
    expect([byFile.exit, byFile.stderr]).toEqual([0, ''])
    const tables = csvs(join(shop.folder, 'by-options'))
    expect(Object.keys(tables)).toHaveLength(7)
    expect(csvs(join(shop.folder, 'by-file'))).toEqual(tables)
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
    const [first, second] = ['l1', 'l2'].map((logs) => lastRecord(join(shop.folder, logs)).options)
    expect(first!.settings_file).toBeNull()
    const real = { path: join(realpathSync(shop.folder), 'ecomagg.config.yaml'), sha256 }
    expect(second!.settings_file).toEqual(real)
    expect(second!.rules).toEqual(first!.rules)
    const manifest = JSON.parse(readFileSync(join(shop.folder, 'by-file/manifest.json'), 'utf8'))
    expect(manifest.settings_file).toEqual(real)
    expect((await shop.ecomagg(['verify'])).exit).toBe(0)
    expect((await shop.ecomagg(['logs'])).stdout).toContain('published')
  })

  test('options win over it', async () => {
    put(
      'ecomagg.config.ts',
      "export default { since: '2025-03-05', until: '2025-03-10', timezone: 'Asia/Tokyo' }",
    )
    const { exit, stdout } = await shop.ecomagg([
      'process',
      '--json',
      '--until',
      '2025-03-20',
      '--timezone',
      'UTC',
      '--max-reject-rate',
      '1',
    ])
    expect(exit).toBe(0)
    expect(JSON.parse(stdout).options).toMatchObject({
      since: '2025-03-05',
      until: '2025-03-20',
      rules: { timezone: 'UTC' },
    })
  })

  test('problems of options and of the file are told together, and end with 64', async () => {
    put('ecomagg.config.yaml', 'strict: true\nfunnel: {productViews: []}\nkeepRuns: 0\n')
    const { exit, stderr } = await shop.ecomagg(['process', '--since', 'x'])
    expect(exit).toBe(64)
    expect(stderr.split('\n').filter((line) => line.startsWith('error'))).toEqual([
      "error (bad_option): --since: 'x' is not a date such as 2025-01-31",
      'error (config_invalid): ecomagg.config.yaml, line 2: funnel.productViews: unknown setting; did you mean productView?',
      'error (config_invalid): ecomagg.config.yaml, line 3: keepRuns: must be at least 1, not 0',
    ])
    expect(readdirSync(shop.logs)).toEqual([])
    expect(readdirSync(shop.output)).toEqual([])
  })

  test('a broken file ends every command that needs it with 78, without a stack', async () => {
    put('ecomagg.config.ts', 'interface A {}\n\nexport default {\n  strict: (,\n}\n')
    for (const args of [
      ['process'],
      ['check'],
      ['config'],
      ['logs'],
      ['verify'],
      ['sample', '--if-empty'],
      ['schedule'],
      ['describe'],
    ]) {
      const { exit, stdout, stderr } = await shop.ecomagg(args)
      expect([exit, stdout], args.join(' ')).toEqual([78, ''])
      expect(stderr).toContain('error (config_broken): ecomagg.config.ts, line 4: it cannot be loaded')
      expect(stderr).not.toMatch(/\n {4}at /)
    }
    for (const args of [
      ['logs', '--log-dir', 'logs'],
      ['logs', 'show', '--failed', '--log-dir', 'logs'],
      ['sample', '--if-empty', '--output', 'raw_data'],
      ['schedule', '-i', 'a', '-o', 'b', '-l', 'c'],
      ['config', '--json-schema'],
    ]) {
      const { exit, stderr } = await shop.ecomagg(args)
      expect([exit, stderr], args.join(' ')).toEqual([0, ''])
    }
  })

  test.each(['ts', 'js', 'mjs', 'json', 'yaml'])(
    'as ecomagg.config.%s: ten mistakes are ten lines',
    async (ending) => {
      const text = JSON.stringify(TEN_MISTAKES, null, 2)
      put(`ecomagg.config.${ending}`, /^[tjm]+s$/.test(ending) ? `export default ${text}` : text)
      const { exit, stdout, stderr } = await shop.ecomagg(['process'])
      expect([exit, stdout]).toEqual([78, ''])
      const lines = stderr.split('\n').filter((line) => line.startsWith('error (config_invalid): '))
      expect(lines, stderr).toHaveLength(10)
      const place = ending === 'json' || ending === 'yaml' ? /, line \d+: / : /: /
      for (const line of lines) expect(line).toMatch(place)
      for (const name of Object.keys(TEN_MISTAKES)) expect(stderr).toContain(`: ${name}`)
    },
  )

  test('two settings files end a run with 78, unless one is named', async () => {
    put('ecomagg.config.yaml', 'maxRejectRate: 1')
    put('ecomagg.config.json', '{}')
    const { exit, stderr } = await shop.ecomagg(['process'])
    expect(exit).toBe(78)
    expect(stderr).toContain('several_config_files')
    expect((await shop.ecomagg(['process', '--config', 'ecomagg.config.yaml'])).exit).toBe(0)
  })
})

describe('far from the shop', () => {
  /** Runs the program in a folder with nothing in the environment but a private place for temporary files. */
  const from = (cwd: string, args: readonly string[], temporary: string) =>
    new Promise<{ exit: number | null; stdout: string; stderr: string }>((done) => {
      const env = { TMPDIR: temporary }
      const child = execFile(process.execPath, [main, ...args], { cwd, env }, (_, stdout, stderr) =>
        done({ exit: child.exitCode, stdout, stderr }),
      )
    })

  test.each([
    [
      'ecomagg.config.ts',
      (text: string) =>
        `import { defineConfig } from 'ecomagg'\nimport { zone } from './zone.ts'\nexport default defineConfig({ timezone: zone, ${text} })`,
    ],
    [
      'ecomagg.config.mjs',
      (text: string) =>
        `import { defineConfig } from 'ecomagg'\nexport default defineConfig({ timezone: 'Europe/Berlin', ${text} })`,
    ],
    ['ecomagg.config.yaml', (text: string) => `{timezone: Europe/Berlin, ${text}}`],
  ] as const)(
    '%s works from / with an empty environment, and leaves nothing behind',
    async (name, textOf) => {
      const temporary = mkdtempSync(join(tmpdir(), 'ecomagg-tmp-'))
      try {
        put('zone.ts', "export const zone: string = 'Europe/Berlin'")
        const file = put(
          name,
          textOf('maxRejectRate: 1, paths: {input: "raw_data", output: "out/tables", logs: "out/logs"}'),
        )
        const before = readdirSync(shop.folder)
        const cache = resolve(main, '../../../node_modules/.cache')
        const cached = () => (existsSync(cache) ? readdirSync(cache, { recursive: true }) : [])
        const cachedBefore = cached()
        const { exit, stdout, stderr } = await from('/', ['process', '--config', file], temporary)
        expect([exit, stderr]).toEqual([0, ''])
        expect(stdout).toContain('published 7 tables')
        expect(readdirSync(shop.folder)).toEqual([...before, 'out'].sort())
        expect(Object.keys(csvs(join(shop.folder, 'out/tables')))).toHaveLength(7)
        expect(readdirSync(temporary)).toEqual([])
        expect(cached()).toEqual(cachedBefore)
        expect(lastRecord(join(shop.folder, 'out/logs')).options.rules).toMatchObject({
          timezone: 'Europe/Berlin',
        })
      } finally {
        rmSync(temporary, { recursive: true })
      }
    },
  )

  test('the entry of a scheduler names the settings file', async () => {
    put('ecomagg.config.yaml', 'paths: {logs: elsewhere}')
    const folder = realpathSync(shop.folder)
    const config = `--config ${join(folder, 'ecomagg.config.yaml')} --input ${join(folder, 'raw_data')}`
    const { stdout } = await shop.ecomagg(['schedule', '--cron'])
    expect(stdout).toContain(config)
    expect(stdout).toContain(`--log-dir ${join(folder, 'elsewhere')}`)
    expect(
      (await shop.ecomagg(['schedule', '--cron', '-i', 'raw_data', '-o', 'o', '-l', 'l'])).stdout,
    ).toContain(config)
    rmSync(join(shop.folder, 'ecomagg.config.yaml'))
    expect((await shop.ecomagg(['schedule', '--cron'])).stdout).not.toContain('--config')
  })
})

describe('ecomagg config', () => {
  test('says of every setting what it is and where it comes from', async () => {
    put(
      'ecomagg.config.yaml',
      '# a comment\ntimezone: Europe/Berlin\nfunnel:\n  productView: [/p/]\nkeepRuns: 5\n',
    )
    const { exit, stdout, stderr } = await shop.ecomagg([
      'config',
      '--keep-runs',
      '7',
      '--since',
      '2025-01-01',
      '--quiet',
    ])
    expect([exit, stderr]).toEqual([0, ''])
    const lines = stdout.trim().split('\n')
    expect(lines[0]).toMatch(/^setting +value +from$/)
    const column = lines[0]!.indexOf('from')
    const saying = (name: string) => lines.find((line) => line.startsWith(`${name} `))!.split(/ {2,}/)
    expect(saying('timezone')).toEqual(['timezone', '"Europe/Berlin"', 'ecomagg.config.yaml, line 2'])
    expect(saying('funnel.productView')).toEqual([
      'funnel.productView',
      '["/p/"]',
      'ecomagg.config.yaml, line 4',
    ])
    expect(saying('keepRuns')).toEqual(['keepRuns', '7', 'option --keep-runs'])
    expect(saying('since')).toEqual(['since', '"2025-01-01"', 'option --since'])
    expect(saying('until')).toEqual(['until', 'not set', 'default'])
    expect(saying('timeOnPageCap')).toEqual(['timeOnPageCap', '1800', 'default'])
    for (const line of lines) expect(line.slice(column - 2, column)).toBe('  ')
  })

  test('as JSON, whole', async () => {
    const prices = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`Product ${i}`, i]))
    put('ecomagg.config.json', JSON.stringify({ listPrices: prices }))
    const { settings, sources } = JSON.parse((await shop.ecomagg(['config', '--json', '--strict'])).stdout)
    expect(settings.listPrices).toEqual(prices)
    expect(settings).toMatchObject({ strict: true, since: null, rfm: { recency: [30, 90, 180, 365] } })
    expect(sources).toMatchObject({
      listPrices: 'ecomagg.config.json, line 1',
      strict: 'option --strict',
      'rfm.recency': 'default',
    })
  })

  test('prints the JSON Schema that is kept in the docs', async () => {
    const page = readFileSync(
      fileURLToPath(new URL('../../docs/ecomagg.config.schema.json', import.meta.url)),
      'utf8',
    )
    expect((await shop.ecomagg(['config', '--json-schema'])).stdout).toBe(page)
  })

  test('writes nothing', async () => {
    const before = readdirSync(shop.folder, { recursive: true })
    await shop.ecomagg(['config'])
    expect(readdirSync(shop.folder, { recursive: true })).toEqual(before)
  })
})

describe('what a run loads', () => {
  /** The packages among the files that a command opens as modules. */
  async function loaded(args: readonly string[]): Promise<string[]> {
    const traces = join(shop.folder, 'traces')
    mkdirSync(traces, { recursive: true })
    const hook = put('hook.mjs', HOOK)
    const { stderr } = await new Promise<{ stderr: string }>((done) => {
      execFile(process.execPath, ['--import', hook, main, ...args], { cwd: shop.folder }, (_, __, stderr) =>
        done({ stderr }),
      )
    })
    return [...new Set([...stderr.matchAll(/^loads (\S+)$/gm)].map(([, name]) => name!))]
  }
  const RARE = ['jiti', 'yaml', 'fastest-levenshtein', 'picomatch']

  test('--help none of the packages for settings, a run without a settings file neither jiti nor yaml', async () => {
    expect((await loaded(['process', '--help'])).filter((name) => RARE.includes(name))).toEqual([])
    const run = await loaded(['check', '--max-reject-rate', '1'])
    expect(run).toContain('csv-parse')
    expect(run.filter((name) => RARE.includes(name))).toEqual(['picomatch'])
    put('ecomagg.config.yaml', 'maxRejectRate: 1')
    expect((await loaded(['check'])).filter((name) => RARE.includes(name)).sort()).toEqual([
      'picomatch',
      'yaml',
    ])
  })
})

/** Says on stderr which packages are imported. */
const HOOK = `
import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(\`
import { writeSync } from 'node:fs'
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  const name = /node_modules.((?:@[^/]+.)?[^/]+)/.exec(found.url)?.[1]
  if (name !== undefined) writeSync(2, 'loads ' + name + '\\\\n')
  return found
}
\`))
`
