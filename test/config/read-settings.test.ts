import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LoadedSettings, readSettings } from '../../src/config/read-settings.ts'
import { settingsSchema } from '../../src/config/schema/settings.ts'
import { SettingsFolder } from '../support/settings-folder.ts'

let shop: SettingsFolder
beforeEach(() => {
  shop = new SettingsFolder()
})
afterEach(() => shop.dispose())

const AS_DATA = { timezone: 'Europe/Berlin', since: '2025-01-01', funnel: { productView: ['/p/'] } }
const PLACES: readonly (readonly [string, string])[] = [
  [
    'ecomagg.config.ts',
    `import { defineConfig, type Config } from 'ecomagg'
const zone: string = 'Europe/Berlin'
export default defineConfig({ timezone: zone, since: '2025-01-01', funnel: { productView: ['/p/'] } } satisfies Config)`,
  ],
  [
    'ecomagg.config.js',
    `import { defineConfig } from 'ecomagg'
export default defineConfig(${JSON.stringify(AS_DATA)})`,
  ],
  [
    'ecomagg.config.mjs',
    `const zone = await Promise.resolve('Europe/Berlin')
export default { ...${JSON.stringify(AS_DATA)}, timezone: zone }`,
  ],
  ['ecomagg.config.json', JSON.stringify(AS_DATA)],
  ['ecomagg.config.yaml', 'timezone: Europe/Berlin\nsince: 2025-01-01\nfunnel:\n  productView: [/p/]\n'],
]

describe('every place and language gives the same settings', () => {
  test.each(PLACES)('%s', async (name, text) => {
    const path = shop.write(name, text)
    const { settings, file } = await shop.settings()
    const { paths, ...others } = settings
    const { paths: _none, ...expected } = settingsSchema.parse(AS_DATA)
    expect(others).toEqual(expected)
    expect(paths).toEqual({
      input: join(shop.folder, 'raw_data'),
      output: join(shop.folder, 'aggregated_data'),
      logs: join(shop.folder, 'logs'),
    })
    expect(file).toEqual({ path, sha256: createHash('sha256').update(text).digest('hex') })
  })

  test.each([
    ['other.cjs', `module.exports = ${JSON.stringify(AS_DATA)}`],
    ['other.mts', `export default ${JSON.stringify(AS_DATA)}`],
    ['other.yml', JSON.stringify(AS_DATA)],
    ['other.json', `\uFEFF${JSON.stringify(AS_DATA, null, '\t')}`],
  ])('%s, named', async (name, text) => {
    shop.write(name, text)
    expect((await shop.settings(name)).settings).toMatchObject(AS_DATA)
  })

  test('none: the defaults', async () => {
    const { settings, file, given } = await shop.settings()
    expect({ ...settings, paths: {} }).toEqual(settingsSchema.parse({}))
    expect([file, given]).toEqual([undefined, {}])
  })

  test.each(['', '# nothing\n', '---\n'])('an empty YAML file (%j) holds no setting', async (text) => {
    shop.write('ecomagg.config.yaml', text)
    expect((await shop.settings()).given).toEqual({})
  })
})

describe('paths', () => {
  test('start from the folder of the settings file, wherever the run is started', async () => {
    shop.write('ecomagg.config.yaml', 'paths: {input: in, logs: ../logs}\nprivacy: {keyFile: key}')
    const file = join(shop.folder, 'ecomagg.config.yaml')
    const { loaded } = await readSettings({ workingFolder: '/', file })
    expect(loaded?.settings.paths).toEqual({
      input: join(shop.folder, 'in'),
      output: '/aggregated_data',
      logs: join(shop.folder, '../logs'),
    })
    expect(loaded?.settings.privacy.keyFile).toBe(join(shop.folder, 'key'))
  })
})

describe('options', () => {
  test('win over the file, each alone', async () => {
    shop.write('ecomagg.config.json', JSON.stringify({ ...AS_DATA, funnel: { checkoutView: ['/c'] } }))
    const { loaded } = await readSettings({ workingFolder: shop.folder, file: undefined }, [
      { path: ['timezone'], value: 'Asia/Tokyo', option: '--timezone' },
      { path: ['funnel', 'productView'], value: ['/x/'], option: '--product-view' },
    ])
    expect(loaded?.settings).toMatchObject({
      timezone: 'Asia/Tokyo',
      since: '2025-01-01',
      funnel: { productView: ['/x/'], checkoutView: ['/c'] },
    })
  })

  test('an option that does not go with the file is wrong itself', async () => {
    shop.write('ecomagg.config.yaml', 'since: 2025-02-01')
    const { problems } = await readSettings({ workingFolder: shop.folder, file: undefined }, [
      { path: ['until'], value: '2025-01-01', option: '--until' },
    ])
    expect(problems.map(({ failure, message }) => [failure, message])).toEqual([
      ['usage', 'since of ecomagg.config.yaml 2025-02-01 is after --until 2025-01-01'],
    ])
  })

  test('an option mends what does not go together in the file', async () => {
    shop.write('ecomagg.config.yaml', 'since: 2025-02-01\nuntil: 2025-01-01')
    const where = { workingFolder: shop.folder, file: undefined }
    expect((await readSettings(where)).problems.map(({ message }) => message)).toEqual([
      'ecomagg.config.yaml, line 1: since: 2025-02-01 is after until 2025-01-01',
    ])
    const until = { path: ['until'], value: '2025-03-01', option: '--until' }
    expect((await readSettings(where, [until])).problems).toEqual([])
  })

  test('the same folder for input and output, after both are absolute', async () => {
    shop.write('ecomagg.config.yaml', 'paths:\n  input: a\n  output: ./b/../a')
    expect((await shop.problems()).map(({ message }) => message)).toEqual([
      'ecomagg.config.yaml, line 3: paths.output: is the same folder as paths.input',
    ])
  })

  test('the same folder for input and output by another path, as Windows has them by another case', async () => {
    mkdirSync(join(shop.folder, 'a'))
    symlinkSync(join(shop.folder, 'a'), join(shop.folder, 'link'), 'junction')
    shop.write('ecomagg.config.yaml', 'paths:\n  input: a\n  output: link')
    expect((await shop.problems()).map(({ message }) => message)).toEqual([
      'ecomagg.config.yaml, line 3: paths.output: is the same folder as paths.input',
    ])
  })
})

describe('modules', () => {
  test('are read from beside the settings file, and count in its hash', async () => {
    shop.write('ecomagg.config.yaml', 'modules: [./a.ts, b.js]')
    const metric = (name: string) =>
      `{ table: 'session_funnel', name: '${name}', column: column.count('x'), needs: {}, compute: () => () => 1 }`
    const from = "import { column } from 'ecomagg'\n"
    shop.write('a.ts', `${from}export const metrics: object[] = [${metric('a')}]`)
    shop.write('b.js', `${from}export default { metrics: [${metric('b')}] }`)
    const names = ({ extensions }: LoadedSettings) => extensions.metrics.map(({ name }) => name)
    const before = await shop.settings()
    expect(names(before)).toEqual(['a', 'b'])
    shop.write('b.js', `${from}export default { metrics: [${metric('c')}] }`)
    const after = await shop.settings()
    expect(names(after)).toEqual(['a', 'c'])
    expect(after.file?.sha256).not.toBe(before.file?.sha256)
  })

  test('a name that objects cannot hold is told in modules, too', async () => {
    shop.write('ecomagg.config.yaml', 'modules: [./own.js]')
    const columns = `{ ['__proto__']: rawColumn.optional('text', 'x') }`
    shop.write(
      'own.js',
      `import { rawColumn } from 'ecomagg'\nexport const extraColumns = { order_table: ${columns} }`,
    )
    expect((await shop.problems()).map(({ code, message }) => [code, message])).toEqual([
      [
        'config_invalid',
        'own.js: extraColumns.order_table.__proto__: __proto__ cannot be a name in the settings; leave it out',
      ],
    ])
  })

  test('every module that cannot be used is named', async () => {
    shop.write(
      'ecomagg.config.json',
      JSON.stringify({ modules: ['./none.ts', './idle.ts', './bad.ts', '.'] }),
    )
    shop.write('idle.ts', 'export const other = 1')
    shop.write('bad.ts', 'export const metrics = [\n(,')
    expect((await shop.problems()).map(({ code, message }) => [code, message])).toEqual([
      ['config_missing', 'none.ts: there is no such module'],
      ['config_broken', 'idle.ts: it exports none of extraColumns, metrics and tables'],
      ['config_broken', expect.stringContaining('bad.ts, line 2: it cannot be loaded: Unexpected token')],
      ['config_missing', `${shop.folder}: there is no such module`],
    ])
  })
})
